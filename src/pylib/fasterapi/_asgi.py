"""An app as an ASGI 3 application: under any ASGI server, and for clients that speak ASGI.

fasterapi-server does not come this way."""

import asyncio
from typing import Any, Awaitable, Callable, Dict, List, Optional, Tuple
from urllib.parse import quote

from fasterapi import _call
from fasterapi.datastructures import Address
from fasterapi.responses import StreamingResponse

Receive = Callable[[], Awaitable[Dict[str, Any]]]
Send = Callable[[Dict[str, Any]], Awaitable[None]]


async def serve(app: Any, scope: Dict[str, Any], receive: Receive, send: Send) -> None:
    """One request, or the lifespan. What the app does not catch is raised after its 500."""
    if scope["type"] == "lifespan":
        await _live(app, receive, send)
    elif scope["type"] == "http":
        await _answer(app, scope, receive, send)
    else:
        raise NotImplementedError(f"{scope['type']} is served by fasterapi-server alone")


async def _answer(app: Any, scope: Dict[str, Any], receive: Receive, send: Send) -> None:
    path = scope.get("raw_path") or quote(scope["path"]).encode()
    client: Optional[Any] = scope.get("client")
    errors: List[BaseException] = []
    response = await _call.respond(
        app,
        scope["method"],
        path.decode("latin-1").partition("?")[0],
        scope.get("query_string", b"").decode("latin-1"),
        _decoded(scope["headers"]),
        await _body(receive),
        Address(*client) if client else None,
        errors.append,
    )
    fields = [
        (name.lower().encode("latin-1"), value.encode("latin-1"))
        for name, value in response.raw_headers
    ]
    parts = _call.parts_of(response)
    is_stream = isinstance(response, StreamingResponse)
    if not is_stream and response.status_code not in (204, 304):
        fields.append((b"content-length", str(len(response.body)).encode()))
    await send({"type": "http.response.start", "status": response.status_code, "headers": fields})
    async for part in parts:
        if scope["method"] != "HEAD":
            await send({"type": "http.response.body", "body": part, "more_body": True})
    await send({"type": "http.response.body", "body": b""})
    _call.finish(response)
    if errors:
        raise errors[0]


def _decoded(headers: Any) -> List[Tuple[str, str]]:
    return [(name.decode("latin-1"), value.decode("latin-1")) for name, value in headers]


async def _body(receive: Receive) -> bytes:
    parts = []
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise asyncio.CancelledError
        parts.append(message.get("body", b""))
        if not message.get("more_body", False):
            return b"".join(parts)


async def _live(app: Any, receive: Receive, send: Send) -> None:
    await receive()
    try:
        await app._startup()
    except BaseException as error:
        await send({"type": "lifespan.startup.failed", "message": repr(error)})
        raise
    await send({"type": "lifespan.startup.complete"})
    await receive()
    try:
        await app._shutdown()
    except BaseException as error:
        await send({"type": "lifespan.shutdown.failed", "message": repr(error)})
        raise
    await send({"type": "lifespan.shutdown.complete"})
