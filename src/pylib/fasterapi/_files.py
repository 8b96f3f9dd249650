"""A file as a response, and what a request makes of it: nothing new, a part of it, or all."""

import os
from email.utils import formatdate
from mimetypes import guess_type
from typing import Any, Iterator, List, Mapping, Optional, Sequence, Union
from urllib.parse import quote

from fasterapi import _conditions, _file_part, _ranges
from fasterapi.background import BackgroundTask
from fasterapi.datastructures import Headers
from fasterapi.responses import StreamingResponse

_KEPT = ("cache-control", "content-location", "date", "etag", "expires", "vary")
_TEXT = ("content-type", "text/plain; charset=utf-8")
_GIVEN = "content-length"  # what the constructor of Response leaves out


class FileResponse(StreamingResponse):
    """A file, sent from where it lies. The type is guessed from ``filename`` or the path unless
    ``media_type`` is given; ``filename`` is what the client may save it as (RFC 6266).

    Answers conditions, Range and If-Range (RFC 9110, sections 13, 14) where its status is 200, in
    routes that know of it (docs/handlers.md). RuntimeError where there is no such file, when it is
    to be sent."""

    chunk_size = 64 * 1024  #: bytes that are read at once, where Python reads it

    def __init__(
        self,
        path: Union[str, "os.PathLike[str]"],
        status_code: int = 200,
        headers: Optional[Mapping[str, str]] = None,
        media_type: Optional[str] = None,
        background: Optional[BackgroundTask] = None,
        filename: Optional[str] = None,
        stat_result: Optional[os.stat_result] = None,
        content_disposition_type: str = "attachment",
    ) -> None:
        if media_type is None:
            media_type = guess_type(filename or path)[0] or "application/octet-stream"
        super().__init__((), status_code, headers, media_type, background)
        self.path = path
        self.filename = filename
        self.stat_result: Optional[os.stat_result] = None
        self._whole = _file_part.FilePart(path, self.chunk_size)
        self._parts = self._whole
        self.headers.setdefault("accept-ranges", "bytes")
        if filename is not None:
            disposition = _disposition(content_disposition_type, filename)
            self.headers.setdefault("content-disposition", disposition)
        if stat_result is not None:
            self._describe(stat_result)

    @property
    def raw_headers(self) -> Any:
        """The fields to send; the file is looked at by now."""
        self._look()
        return super().raw_headers

    def _adapt(self, scope: Any) -> None:
        from fasterapi._asgi_scope import AsgiRequest  # the server does not come this way

        if scope["type"] == "http":
            self.answer(AsgiRequest(scope, b""))

    def answer(self, request: Any) -> None:
        """Makes this the answer to a request: what its fields ask for, no content for HEAD."""
        size = self._look().st_size
        if self.status_code == 200 and request.method in ("GET", "HEAD"):
            self._meet(request, size)
        if request.method == "HEAD":
            self._parts = iter(())

    def _meet(self, request: Any, size: int) -> None:
        status = _conditions.evaluate(self.headers, request.headers)
        if status == 412:
            self._become(412, [_TEXT], b"")
        elif status == 304:
            self._become_unmodified()
        elif request.method == "GET":  # a part of anything else is not defined (section 14.2)
            self._select(request.headers, size)

    def _look(self) -> os.stat_result:
        if self.stat_result is None:
            found = _file_part.look_at(self.path)
            self._describe(found)
            return found
        return self.stat_result

    def _describe(self, found: os.stat_result) -> None:
        import hashlib  # only where files are sent

        self.stat_result = found
        self._whole.end = found.st_size
        base = f"{found.st_mtime}-{found.st_size}".encode()
        tag = hashlib.new("md5", base, usedforsecurity=False).hexdigest()
        self.headers.setdefault(_GIVEN, str(found.st_size))
        self.headers.setdefault("last-modified", formatdate(found.st_mtime, usegmt=True))
        self.headers.setdefault("etag", f'"{tag}"')

    def _become_unmodified(self) -> None:
        kept = [pair for pair in self.headers.multi_items() if pair[0].lower() in _KEPT]
        self._become(304, kept, b"")

    def _select(self, asked: Headers, size: int) -> None:
        field = asked.get("range")
        if field is None or not _conditions.is_range_wanted(self.headers, asked):
            return
        try:
            spans = _ranges.parse(field, size)
        except _ranges.MalformedRange as error:
            return self._become(400, [_TEXT], str(error).encode())
        except _ranges.Unsatisfiable:
            return self._become(416, [("content-range", f"bytes */{size}"), _TEXT], b"")
        if spans is not None:
            self._cut(spans, size)

    def _become(self, status: int, fields: Sequence[Any], content: bytes) -> None:
        self.status_code = status
        self.headers._pairs[:] = fields
        if status != 304:
            self.headers[_GIVEN] = str(len(content))
        self._parts = iter((content,))

    def _cut(self, spans: List[_file_part.Span], size: int) -> None:
        self.status_code = 206
        if len(spans) == 1:
            start, end = spans[0]
            self.headers["content-range"] = f"bytes {start}-{end - 1}/{size}"
            self.headers[_GIVEN] = str(end - start)
            self._parts = _file_part.FilePart(self.path, self.chunk_size, start, end)
            return
        parts = _ranges.Multipart(spans, size, self.headers["content-type"])
        self.headers["content-type"] = f"multipart/byteranges; boundary={parts.boundary}"
        self.headers[_GIVEN] = str(parts.length)
        self._parts = self._read_parts(parts)

    def _read_parts(self, parts: _ranges.Multipart) -> Iterator[bytes]:
        with open(self.path, "rb") as file:
            for head, span in parts.parts():
                yield head
                yield from _file_part.chunks_of(file, span, self.chunk_size)
                yield b"\r\n"
        yield parts.end


def _disposition(kind: str, filename: str) -> str:
    quoted = quote(filename)
    if quoted != filename:
        return f"{kind}; filename*=utf-8''{quoted}"
    return f'{kind}; filename="{filename}"'
