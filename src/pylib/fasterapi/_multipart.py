"""multipart/form-data (RFC 7578), of a body that is complete in memory or comes in pieces, by
python-multipart."""

import tempfile
from typing import Any, AsyncIterator, Dict, List, Optional, Tuple

from fasterapi import _dependencies
from fasterapi._forms import Limits
from fasterapi._uploads import UploadFile
from fasterapi.exceptions import HTTPException

with _dependencies.needed_by("a multipart form"):
    from python_multipart.exceptions import FormParserError
    from python_multipart.multipart import MultipartParser, parse_options_header
    from starlette.datastructures import Headers

SPOOL_BYTES = 1024 * 1024  # a larger file goes to disk
_PIECE = 256 * 1024
_MAX_HEADER_BYTES = 16 * 1024  # of a part
_BROKEN = "There was an error parsing the body"
Fields = List[Tuple[str, Any]]  # str or UploadFile


def parse(body: bytes, content_type: str, limits: Limits) -> Fields:
    """The fields in order. HTTPException 400 where the body is malformed or over a limit."""
    parsing = _Parsing(content_type, limits)
    with parsing:
        for start in range(0, len(body), _PIECE):  # a whole file would be copied on its way
            parsing.write(body[start : start + _PIECE])
    return parsing.found


async def receive(pieces: AsyncIterator[bytes], content_type: str, limits: Limits) -> Fields:
    """The same of a body in pieces: no more of it is in memory than one of them, the fields, and
    the beginning of each file."""
    parsing = _Parsing(content_type, limits)
    with parsing:
        async for piece in pieces:
            parsing.write(piece)
    return parsing.found


class _Parsing:
    """One form. As a context it is complete behind its end, or its files are closed."""

    def __init__(self, content_type: str, limits: Limits) -> None:
        _, options = parse_options_header(content_type)
        boundary = options.get(b"boundary")
        if not boundary:
            raise HTTPException(400, "Missing boundary in multipart.")
        self._delimiter = b"--" + boundary
        self._form = _Form(limits, options.get(b"charset", b"utf-8").decode("latin-1"))
        self._parser = MultipartParser(boundary, self._form.callbacks())  # type: ignore[arg-type]
        self._beginning: Optional[bytes] = b""  # before the first delimiter; None behind it
        self._is_empty = True

    @property
    def found(self) -> Fields:
        """The fields in order."""
        return self._form.found

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: Any, error: Any, *_: Any) -> None:
        try:
            if error is None and not self._is_empty:  # empty as where no field was filled in
                self._finish()
        except FormParserError as broken:
            error = broken
        if error is not None:
            self._form.close()
        if isinstance(error, FormParserError):
            raise HTTPException(400, _BROKEN) from None

    def write(self, piece: bytes) -> None:
        """The next bytes of the body."""
        self._is_empty = self._is_empty and not piece
        if self._beginning is not None:
            piece = self._without_preamble(self._beginning + piece)
        if piece:
            self._parser.write(piece)

    def _without_preamble(self, body: bytes) -> bytes:
        # RFC 2046, section 5.1.1; the parser takes it for an error.
        delimiter = self._delimiter
        place = 0 if body.startswith(delimiter) else body.find(b"\r\n" + delimiter)
        if place >= 0:
            self._beginning = None
            return body[place + 2 :] if place else body
        is_beginning = delimiter.startswith(body)
        self._beginning = body if is_beginning else body[-len(delimiter) - 1 :]
        return b""

    def _finish(self) -> None:
        if self._beginning is not None:
            raise FormParserError("without a delimiter")
        self._parser.finalize()
        if not self._form.is_complete:
            raise FormParserError("without an end")


class _Form:
    """Takes what the parser finds, and keeps the limits."""

    def __init__(self, limits: Limits, charset: str) -> None:
        self.found: Fields = []
        self.is_complete = False
        self._limits = limits
        self._charset = charset
        self._files = 0
        self._begin()

    def callbacks(self) -> Dict[str, Any]:
        """What MultipartParser calls."""
        return {
            "on_part_begin": self._begin,
            "on_header_field": self._take_name,
            "on_header_value": self._take_value,
            "on_header_end": self._end_header,
            "on_headers_finished": self._open,
            "on_part_data": self._take_data,
            "on_part_end": self._end_part,
            "on_end": self._end,
        }

    def close(self) -> None:
        """Closes the files that were found."""
        files = [value for _, value in self.found if not isinstance(value, str)]
        for file in files if self._file is None else [*files, self._file]:
            file.file.close()

    def _begin(self) -> None:
        self._headers: List[Tuple[bytes, bytes]] = []
        self._field, self._value = b"", b""
        self._header_size = 0
        self._name = ""
        self._file: Optional[UploadFile] = None
        self._data = bytearray()

    def _take_name(self, data: bytes, start: int, end: int) -> None:
        self._field += data[start:end]
        self._count_header(end - start)

    def _take_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]
        self._count_header(end - start)

    def _count_header(self, size: int) -> None:
        # Older parsers have no limit of their own.
        self._header_size += size
        if self._header_size > _MAX_HEADER_BYTES:
            raise HTTPException(400, _BROKEN)

    def _end_header(self) -> None:
        self._headers.append((self._field.lower(), self._value))
        self._field, self._value = b"", b""

    def _open(self) -> None:
        _, options = parse_options_header(dict(self._headers).get(b"content-disposition"))
        if b"name" not in options:
            raise HTTPException(
                400, 'The Content-Disposition header field "name" must be provided.'
            )
        self._name = self._text(options[b"name"])
        fields = len(self.found) - self._files
        if b"filename" not in options:
            _check_count("fields", fields + 1, self._limits.max_fields)
            return
        self._files += 1
        _check_count("files", self._files, self._limits.max_files)
        spooled: Any = tempfile.SpooledTemporaryFile(max_size=SPOOL_BYTES)
        filename = self._text(options[b"filename"])
        headers = Headers(raw=self._headers)
        self._file = UploadFile(spooled, size=0, filename=filename, headers=headers)

    def _take_data(self, data: bytes, start: int, end: int) -> None:
        part = data[start:end]
        if self._file is not None:
            self._file.file.write(part)
            self._file.size = (self._file.size or 0) + len(part)
        elif len(self._data) + len(part) > self._limits.max_part_size:
            kib = self._limits.max_part_size // 1024
            raise HTTPException(400, f"Part exceeded maximum size of {kib}KB.")
        else:
            self._data += part

    def _end_part(self) -> None:
        if self._file is None:
            self.found.append((self._name, self._text(bytes(self._data))))
        else:
            self._file.file.seek(0)
            self.found.append((self._name, self._file))
            self._file = None

    def _end(self) -> None:
        self.is_complete = True

    def _text(self, content: bytes) -> str:
        try:
            return content.decode(self._charset)
        except (LookupError, UnicodeDecodeError):
            return content.decode("latin-1")


def _check_count(what: str, count: int, limit: int) -> None:
    if count > limit:
        raise HTTPException(400, f"Too many {what}. Maximum number of {what} is {limit}.")
