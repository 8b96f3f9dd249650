"""Cross-origin requests (the CORS protocol of the Fetch standard): Starlette's middleware, which
answers apps of ours without the detour over ASGI."""

from typing import Any

from fasterapi import _dependencies, _starlette
from fasterapi._asgi_scope import decoded
from fasterapi.middleware.base import CallNext
from fasterapi.responses import Response

with _dependencies.needed_by("CORSMiddleware"):
    from starlette.middleware import cors

ALL_METHODS, SAFELISTED_HEADERS = cors.ALL_METHODS, cors.SAFELISTED_HEADERS


class CORSMiddleware(cors.CORSMiddleware):
    """Says which other origins may read the answers, and answers preflight requests; options are
    Starlette's."""

    async def __fasterapi_respond__(self, request: Any, call_next: CallNext) -> Response:
        headers = request.headers
        origin = headers.get("origin")
        asks_first = request.method == "OPTIONS" and "access-control-request-method" in headers
        if origin is not None and asks_first:
            return _starlette.to_ours(self.preflight_response(request_headers=headers))
        response = await call_next(request)
        if origin is None:
            response.headers.add_vary_header("Origin")  # for caches: it may depend on it
        else:
            fields = [(n.encode("latin-1"), v.encode("latin-1")) for n, v in response.raw_headers]
            start = {"type": "http.response.start", "headers": fields}
            await self.send(start, _keep, request_headers=headers)
            response.raw_headers[:] = decoded(start["headers"])
        return response


async def _keep(message: Any) -> None: ...
