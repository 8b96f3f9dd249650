"""Compressed answers (RFC 9110, section 8.4.1.3)."""

import zlib
from typing import Any, AsyncIterator, Iterator, Tuple

from fasterapi.middleware.base import CallNext
from fasterapi.responses import Response, StreamingResponse

EXCLUDED = (
    "application/grpc",
    "application/gzip",
    "application/x-gzip",
    "application/zip",
    "audio/*",
    "font/woff",
    "font/woff2",
    "image/avif",
    "image/gif",
    "image/jpeg",
    "image/png",
    "image/webp",
    "text/event-stream",
    "video/*",
)
_GZIP = 16 + zlib.MAX_WBITS  # with gzip's header and trailer


class GZipMiddleware:
    """Compresses bodies of ``minimum_size`` bytes and more, and streams, where the client takes
    gzip and the type is not packed already. ``compresslevel`` is 1 (fast) to 9 (small)."""

    def __init__(
        self,
        app: CallNext,
        minimum_size: int = 500,
        compresslevel: int = 9,
        *,
        exclude_content_types: Tuple[str, ...] = EXCLUDED,
    ) -> None:
        self.app = app
        self._minimum_size = minimum_size
        self._level = compresslevel
        self._excluded = {content_type.lower() for content_type in exclude_content_types}

    async def __call__(self, request: Any) -> Response:
        response = await self.app(request)
        is_stream = isinstance(response, StreamingResponse)
        if not self._is_fit(response) or (
            not is_stream and len(response.body) < self._minimum_size
        ):
            return response
        response.headers.add_vary_header("Accept-Encoding")
        if "gzip" in request.headers.get("accept-encoding", ""):
            response.headers["Content-Encoding"] = "gzip"
            self._compress(response)
        return response

    def _is_fit(self, response: Response) -> bool:
        media_type = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        kinds = {media_type, media_type.partition("/")[0] + "/*"}
        return (
            "content-encoding" not in response.headers
            and response.status_code != 206
            and kinds.isdisjoint(self._excluded)
        )

    def _compress(self, response: Any) -> None:
        response.headers.pop("content-length", None)
        packer = zlib.compressobj(self._level, zlib.DEFLATED, _GZIP)
        if not isinstance(response, StreamingResponse):
            response.body = packer.compress(response.body) + packer.flush()
        elif hasattr(response.body_iterator, "__anext__"):
            response.body_iterator = _packed_async(response.body_iterator, packer)
        else:
            response.body_iterator = _packed(response.body_iterator, packer)


def _pack(part: Any, packer: Any) -> bytes:
    # What was yielded is to arrive, so it is flushed.
    data = part.encode() if isinstance(part, str) else bytes(part)
    return bytes(packer.compress(data) + packer.flush(zlib.Z_SYNC_FLUSH))


def _packed(parts: Iterator[Any], packer: Any) -> Iterator[bytes]:
    for part in parts:
        yield _pack(part, packer)
    yield packer.flush()


async def _packed_async(parts: AsyncIterator[Any], packer: Any) -> AsyncIterator[bytes]:
    async for part in parts:
        yield _pack(part, packer)
    yield packer.flush()
