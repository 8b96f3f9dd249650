"""WebSockets in the server: a link to a connection as what ASGI calls receive and send."""

import sys
from typing import Any, Callable, Coroutine, Dict, List, MutableMapping, Optional, Tuple

from fasterapi.datastructures import State

Message = MutableMapping[str, Any]


class ClientDisconnected(OSError):
    """What sending to a connection that is over raises, as under other ASGI servers."""


def endpoint_of(
    app: Any, asgi: Callable[..., Any]
) -> Callable[[Any, Any], Coroutine[Any, Any, None]]:
    """What the server calls with the handshake's request and the link to its connection."""

    def open_websocket(request: Any, link: Any) -> Coroutine[Any, Any, None]:
        return _run(asgi, _scope_of(request, app), Connection(link))

    return open_websocket


async def _run(asgi: Callable[..., Any], scope: Dict[str, Any], connection: "Connection") -> None:
    try:
        await asgi(scope, connection.receive, connection.send)
    except Exception as error:
        if not _is_disconnect(error):
            raise


def _is_disconnect(error: Exception) -> bool:
    starlettes = getattr(sys.modules.get("starlette.websockets"), "WebSocketDisconnect", ())
    return isinstance(error, (ClientDisconnected, starlettes))


class Connection:
    """The two callables for one connection."""

    def __init__(self, link: Any) -> None:
        self._link = link
        self._has_connected = False
        self._is_accepted = False
        self._is_refused = False
        self._refusal: Tuple[int, List[Any]] = (403, [])
        self._body = b""

    async def receive(self) -> Message:
        """The next message, once there is one."""
        if not self._has_connected:
            self._has_connected = True
            return {"type": "websocket.connect"}
        if self._is_refused:
            return {"type": "websocket.disconnect", "code": 1006, "reason": ""}
        link = self._link
        while True:
            message: Optional[Message] = link.take()
            if message is not None:
                return message
            await link.arrival()

    async def send(self, message: Message) -> None:
        """Sends it, once there is room for it."""
        kind = message["type"]
        if kind == "websocket.send":
            await self._send(message)
        elif kind == "websocket.accept":
            self._link.accept(message.get("subprotocol"), list(message.get("headers") or ()))
            self._is_accepted = True
        elif kind == "websocket.close":
            self._close(message)
        elif kind == "websocket.http.response.start" and not self._is_accepted:
            self._refusal = message["status"], list(message.get("headers") or ())
        elif kind == "websocket.http.response.body" and not self._is_accepted:
            self._body += message.get("body", b"")
            if not message.get("more_body", False):
                self._refuse()
        else:
            raise RuntimeError(f"{kind!r} cannot be sent here")

    async def _send(self, message: Message) -> None:
        data = message.get("text")
        if data is None:
            data = message["bytes"]
        link = self._link
        while (room := link.room()) is not None:
            await room
        try:
            link.send(data)
        except OSError as error:
            raise ClientDisconnected(str(error)) from None

    def _close(self, message: Message) -> None:
        if not self._is_accepted:
            return self._refuse()
        try:
            self._link.close(message.get("code", 1000), message.get("reason") or "")
        except OSError as error:
            raise ClientDisconnected(str(error)) from None

    def _refuse(self) -> None:
        status, headers = self._refusal
        self._link.deny(status, headers, self._body)
        self._is_refused = True


def _scope_of(request: Any, app: Any) -> Dict[str, Any]:
    url = request.url
    headers = [
        (name.lower().encode("latin-1"), value.encode("latin-1"))
        for name, value in request.headers.multi_items()
    ]
    offered = [value for name, value in headers if name == b"sec-websocket-protocol"]
    return {
        "type": "websocket",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "scheme": "wss" if url.scheme == "https" else "ws",
        "path": request.root_path + request.path,
        "raw_path": url.path.encode(),
        "query_string": request.query_string.encode("latin-1"),
        "root_path": request.root_path,
        "headers": headers,
        "client": request.client and tuple(request.client),
        "server": (url.hostname, url.port or 80),
        "subprotocols": [each.strip().decode() for value in offered for each in value.split(b",")],
        "state": dict(State._of_lifespan),
        "extensions": {"websocket.http.response": {}},
        "path_params": dict(request.path_params),
        "app": app,
    }
