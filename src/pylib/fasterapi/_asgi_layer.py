"""Middleware classes of the ASGI world, Starlette's among them, around the routes of an app.

What comes next stands behind an ASGI application for them, which sends streams part by part.
"""

import asyncio
import inspect
import sys
from typing import Any, AsyncIterator, Awaitable, Callable, Dict, Optional

from fasterapi._asgi_exchange import Exchange
from fasterapi._asgi_scope import EXCHANGE, AsgiRequest, encoded, read_body
from fasterapi._call import finish
from fasterapi._incoming import Received
from fasterapi._results import to_response
from fasterapi.responses import Response


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
        # Two of them in a row speak ASGI to each other.
        self.app: Any = make(following.app if isinstance(following, AsgiLayer) else self._inner)
        # Some know requests of ours, and say with None that they want ASGI for one.
        self._respond = getattr(self.app, "__fasterapi_respond__", None)

    async def __call__(self, request: Any) -> Response:
        if self._respond is not None:
            response: Optional[Response] = await self._respond(request, self._following)
            if response is not None:
                return response
        return await Exchange.of(self.app, request).response()

    async def _inner(self, scope: Dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            raise RuntimeError(f"{scope['type']} does not come this way")
        request = await _request(scope, receive)
        response = to_response(await self._following(request))
        exchange = scope.get(EXCHANGE)
        if exchange is not None and exchange.takes(response, send):
            return
        await send_response(response, scope, send)
        finish(response)


async def send_response(response: Response, scope: Dict[str, Any], send: Any) -> None:
    """A response of ours as messages, those of a WebSocket's handshake where the scope is one; a
    stream's parts as they come: its iterator is closed at the end, and where the client leaves
    meanwhile."""
    prefix = "websocket." if scope["type"] == "websocket" else ""
    fields = encoded(response.raw_headers)
    if response._debug is not None and "http.response.debug" in (scope.get("extensions") or ()):
        await send({"type": "http.response.debug", "info": response._debug})
    is_whole = response._parts is None
    if is_whole:
        fields = [field for field in fields if field[0] != b"content-length"]
        if response.status_code not in (204, 304):
            fields.append((b"content-length", str(len(response.body)).encode()))
    start, body = prefix + "http.response.start", prefix + "http.response.body"
    await send({"type": start, "status": response.status_code, "headers": fields})
    is_head = scope.get("method") == "HEAD"
    if is_whole:
        await send({"type": body, "body": b"" if is_head else response.body})
        return
    parts = response.body_iterator
    try:
        async for part in _until_gone(parts, scope):
            if not is_head:
                await send({"type": body, "body": part, "more_body": True})
    finally:
        await parts.aclose()
    await send({"type": body, "body": b""})


async def _until_gone(parts: AsyncIterator[bytes], scope: Dict[str, Any]) -> AsyncIterator[bytes]:
    exchange = scope.get(EXCHANGE)
    if exchange is None:
        async for part in parts:
            yield part
            await _pause()
        return
    while True:
        with exchange.interrupting():
            try:
                part = await parts.__anext__()
            except StopAsyncIteration:
                return
        yield part


async def _pause() -> None:
    """Lets others run, and cancellation come, where a stream never waits."""
    anyio: Any = sys.modules.get("anyio")
    await (asyncio.sleep(0) if anyio is None else anyio.lowlevel.checkpoint())


async def _request(scope: Dict[str, Any], receive: Any) -> AsgiRequest:
    exchange = scope.get(EXCHANGE)
    request = AsgiRequest(scope, b"")
    if exchange is not None and receive == exchange.receive:
        request._incoming = exchange.take_incoming()
        request._body = exchange.take_body()
    elif exchange is not None and exchange.has_incoming:
        request._incoming = Received(receive)
    else:
        request._body = await read_body(receive)
    return request
