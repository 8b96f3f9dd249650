"""Bodies of requests: JSON, forms, files."""

import json
import mimetypes
import os
from typing import Any, Iterable, Iterator, List, Mapping, Optional, Tuple
from urllib.parse import urlencode

Encoded = Tuple[bytes, Optional[str]]  # a body and its content type


def encode(content: Any, data: Any, files: Any, json_value: Any) -> Encoded:
    """The body for what a caller gave: bytes or text, fields, files, a JSON value."""
    if content is not None:
        return _as_bytes(content), None
    if files:
        return multipart(data or {}, files)
    if isinstance(data, (bytes, str)):
        return _as_bytes(data), None
    if data:
        pairs = [(name, _text(value)) for name, value in _pairs(data)]
        return urlencode(pairs).encode(), "application/x-www-form-urlencoded"
    if json_value is not None:
        text = json.dumps(json_value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
        return text.encode(), "application/json"
    return b"", None


def multipart(data: Mapping[str, Any], files: Any) -> Encoded:
    """A multipart form of fields and files. A file is its content, an open file, or a tuple of
    file name, content and content type."""
    boundary = os.urandom(16).hex()
    parts: List[bytes] = []
    for name, value in _pairs(data):
        parts.append(_part(boundary, name, _as_bytes(_text(value)), None, None))
    named: Iterable[Tuple[str, Any]] = files.items() if isinstance(files, Mapping) else files
    for name, file in named:
        filename, content, content_type = _file(file)
        parts.append(_part(boundary, name, content, filename, content_type))
    body = b"".join(parts) + f"--{boundary}--\r\n".encode()
    return body, f"multipart/form-data; boundary={boundary}"


def _file(file: Any) -> Tuple[Optional[str], bytes, Optional[str]]:
    if not isinstance(file, tuple):
        file = (os.path.basename(str(getattr(file, "name", "upload"))), file)
    filename, content = file[0], file[1]
    content_type = file[2] if len(file) > 2 else None
    if content_type is None and filename is not None:
        content_type = mimetypes.guess_type(filename)[0] or "application/octet-stream"
    return (
        filename,
        _as_bytes(content.read() if hasattr(content, "read") else content),
        content_type,
    )


def _part(
    boundary: str, name: str, content: bytes, filename: Optional[str], content_type: Optional[str]
) -> bytes:
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="{_quote(name)}"'
    if filename is not None:
        head += f'; filename="{_quote(filename)}"'
    if content_type is not None:
        head += f"\r\nContent-Type: {content_type}"
    return head.encode() + b"\r\n\r\n" + content + b"\r\n"


def _quote(text: str) -> str:
    # As browsers do (WHATWG, multipart/form-data encoding algorithm).
    return text.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")


def _pairs(data: Any) -> Iterator[Tuple[str, Any]]:
    for name, value in data.items() if isinstance(data, Mapping) else data:
        if isinstance(value, (list, tuple)):
            yield from ((name, each) for each in value)
        else:
            yield name, value


def _text(value: Any) -> Any:
    if isinstance(value, bytes):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def _as_bytes(content: Any) -> bytes:
    if isinstance(content, str):
        return content.encode()
    if isinstance(content, (bytes, bytearray, memoryview)):
        return bytes(content)
    return b"".join(_as_bytes(part) for part in content)


def query_of(params: Any) -> str:
    """Parameters as a query string."""
    if params is None or isinstance(params, str):
        return params or ""
    return urlencode([(name, _text(value)) for name, value in _pairs(params)])
