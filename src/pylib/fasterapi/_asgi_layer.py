"""Middleware classes of the ASGI world, Starlette's among them, around the routes of an app.

What comes next stands behind an ASGI application for them. A stream that passes through one is sent
in one piece; what they change in the scope reaches the handler as ``request.state`` alone.
"""

import asyncio
import inspect
from typing import Any, Awaitable, Callable, Dict, List

from fasterapi._request_extras import value_of
from fasterapi._results import to_response
from fasterapi.responses import Response, StreamingResponse

_REQUEST = "fasterapi.request"


def is_asgi(cls: Any) -> bool:
    """Whether instances are called with a scope, receive and send."""
    call = getattr(cls, "__call__", None) if inspect.isclass(cls) else None  # noqa: B004
    return call is not None and len(inspect.signature(call).parameters) == 4


class AsgiLayer:
    """One such class, made around what comes next; takes requests as our own middleware does."""

    def __init__(
        self, make: Callable[..., Any], following: Callable[[Any], Awaitable[Response]]
    ) -> None:
        self._following = following
        self._app = make(self._inner)

    async def __call__(self, request: Any) -> Response:
        sent: List[Dict[str, Any]] = []
        unread = [request]
        is_answered = asyncio.Event()

        async def receive() -> Dict[str, Any]:
            if unread:
                body = value_of(unread.pop().body())
                return {"type": "http.request", "body": body, "more_body": False}
            await is_answered.wait()
            return {"type": "http.disconnect"}

        async def send(message: Dict[str, Any]) -> None:
            sent.append(message)
            if message["type"] == "http.response.body" and not message.get("more_body"):
                is_answered.set()

        await self._app(scope_of(request), receive, send)
        return _response_of(sent)

    async def _inner(self, scope: Dict[str, Any], receive: Any, send: Any) -> None:
        request = scope[_REQUEST]
        for name, value in dict(scope.get("state", {})).items():
            setattr(request.state, name, value)
        response = to_response(await self._following(request))
        fields = [(n.lower().encode(), v.encode("latin-1")) for n, v in response.raw_headers]
        start = {"status": response.status_code, "headers": fields}
        await send({"type": "http.response.start", **start})
        content = await _content(response)
        await send({"type": "http.response.body", "body": content, "more_body": False})


def scope_of(request: Any) -> Dict[str, Any]:
    """A request as ASGI has it."""
    url = request.url
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": request.method,
        "scheme": url.scheme,
        "path": request.root_path + request.path,
        "raw_path": url.path.encode(),
        "query_string": request.query_string.encode("latin-1"),
        "root_path": request.root_path,
        "headers": [
            (name.lower().encode("latin-1"), value.encode("latin-1"))
            for name, value in request.headers.multi_items()
        ],
        "client": request.client and tuple(request.client),
        "server": (url.hostname, url.port or 80),
        "state": {},
        "app": request.app,
        _REQUEST: request,
    }


def _response_of(messages: List[Dict[str, Any]]) -> Response:
    start = next(m for m in messages if m["type"] == "http.response.start")
    parts = (m.get("body", b"") for m in messages if m["type"] == "http.response.body")
    response = Response(b"".join(parts), start["status"])
    for name, value in start.get("headers", ()):
        if name.lower() != b"content-length":
            response.headers.append(name.decode("latin-1"), value.decode("latin-1"))
    return response


async def _content(response: Any) -> bytes:
    if not isinstance(response, StreamingResponse):
        return bytes(response.body)
    iterator: Any = response.body_iterator
    if hasattr(iterator, "__anext__"):
        parts = [part async for part in iterator]
    else:
        parts = list(iterator)
    return b"".join(part.encode() if isinstance(part, str) else bytes(part) for part in parts)
