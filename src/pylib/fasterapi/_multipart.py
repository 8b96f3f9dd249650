"""multipart/form-data (RFC 7578, RFC 2046) of a body that is complete in memory."""

import re
from typing import Dict, List, NamedTuple, Optional, Tuple

from fasterapi._headers import Headers
from fasterapi._uploads import FormValue, spooled
from fasterapi.exceptions import HTTPException

_OPTION = re.compile(r';\s*([^=;\s]+)\s*=\s*("(?:[^"\\]|\\.)*"|[^;]*)')
_ESCAPED = re.compile(r'\\(["\\])')
_MAX_PART_HEADERS = 16 * 1024  # bytes
_BROKEN = "There was an error parsing the body"


class Limits(NamedTuple):
    """What a form may bring; beyond it the answer is a 400. ``max_part_size`` is that of a field
    which is no file, in bytes: the size of files is limited by that of the body."""

    max_files: int = 1000
    max_fields: int = 1000
    max_part_size: int = 1024 * 1024


def parse(body: bytes, content_type: str, limits: Limits) -> List[Tuple[str, FormValue]]:
    """The fields in order. HTTPException 400 where the body is malformed or over a limit."""
    _, options = parse_options(content_type)
    boundary = options.get("boundary", "").encode("latin-1", "replace")
    if not boundary:
        raise HTTPException(400, "Missing boundary in multipart.")
    charset = options.get("charset", "utf-8")
    found: List[Tuple[str, FormValue]] = []
    files = fields = 0
    try:
        for head, content in _parts(body, b"--" + boundary):
            name, filename, headers = _named(head, charset)
            if filename is None:
                fields += 1
                _check_count("fields", fields, limits.max_fields)
                if len(content) > limits.max_part_size:
                    kib = limits.max_part_size // 1024
                    raise HTTPException(400, f"Part exceeded maximum size of {kib}KB.")
                found.append((name, _decode(content, charset)))
            else:
                files += 1
                _check_count("files", files, limits.max_files)
                found.append((name, spooled(content, filename, headers)))
    except HTTPException:
        close(found)
        raise
    return found


def close(pairs: List[Tuple[str, FormValue]]) -> None:
    """Closes the files among the fields."""
    for _, value in pairs:
        if not isinstance(value, str):
            value.file.close()


def parse_options(field: str) -> Tuple[str, Dict[str, str]]:
    """``form-data; name="a"`` as ("form-data", {"name": "a"}); names in lower case. ``filename*``
    is not looked for (RFC 7578, section 4.2)."""
    options = {}
    for name, value in _OPTION.findall(field):
        name = name.lower()
        if value.startswith('"'):
            value = _ESCAPED.sub(r"\1", value[1:-1])
        else:
            value = value.strip()
        options[name] = value
    return field.partition(";")[0].strip().lower(), options


def _parts(body: bytes, delimiter: bytes) -> List[Tuple[bytes, bytes]]:
    """Head and content of each part."""
    parts = []
    place = 0 if body.startswith(delimiter) else body.find(b"\r\n" + delimiter) + 2
    if place == 1:
        raise HTTPException(400, _BROKEN)
    place += len(delimiter)
    while body[place : place + 2] != b"--":
        line_end = body.find(b"\r\n", place)
        if line_end < 0 or body[place:line_end].strip(b" \t"):
            raise HTTPException(400, _BROKEN)
        # The blank line may come at once: a part without fields.
        head_end = body.find(b"\r\n\r\n", line_end, line_end + _MAX_PART_HEADERS)
        end = body.find(b"\r\n" + delimiter, head_end + 2) if head_end >= 0 else -1
        if end < 0:
            raise HTTPException(400, _BROKEN)
        parts.append((body[line_end + 2 : head_end], body[head_end + 4 : end]))
        place = end + 2 + len(delimiter)
    return parts


def _named(head: bytes, charset: str) -> Tuple[str, Optional[str], Headers]:
    """Name and file name of a part, and its header fields."""
    pairs = []
    for line in _decode(head, charset).split("\r\n"):
        name, colon, value = line.partition(":")
        if not colon:
            raise HTTPException(400, _BROKEN)
        pairs.append((name.strip(), value.strip()))
    headers = Headers(pairs)
    _, options = parse_options(headers.get("content-disposition", ""))
    if "name" not in options:
        raise HTTPException(400, 'The Content-Disposition header field "name" must be provided.')
    return options["name"], options.get("filename"), headers


def _check_count(what: str, count: int, limit: int) -> None:
    if count > limit:
        raise HTTPException(400, f"Too many {what}. Maximum number of {what} is {limit}.")


def _decode(content: bytes, charset: str) -> str:
    try:
        return content.decode(charset)
    except (LookupError, UnicodeDecodeError):
        return content.decode("latin-1")
