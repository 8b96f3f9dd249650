"""A WebSocket session of the test client over a real socket."""

import contextlib
import socket
from typing import Any, Optional

from starlette.testclient import WebSocketDenialResponse, WebSocketTestSession
from starlette.websockets import WebSocketDisconnect
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

_OF_THE_CONNECTION = ("host", "connection", "upgrade", "date", "server", "accept-encoding")


class SocketSession(WebSocketTestSession):
    """Starlette's session, its messages over a connection. What a refusal says that no answer can
    carry, the close code, is that of a session in process."""

    def __init__(self, port: int, request: Any, in_process: WebSocketTestSession) -> None:
        self._port = port
        self._request = request
        self._in_process = in_process
        self._connection: Optional[ClientConnection] = None
        self._open = contextlib.ExitStack()

    def __enter__(self) -> "SocketSession":
        asked = self._request.headers.get("sec-websocket-protocol")
        connected = socket.create_connection(("127.0.0.1", self._port), 30)
        try:
            connecting = connect(
                str(self._request.url),
                sock=connected,
                additional_headers=_others(self._request.headers.multi_items()),
                user_agent_header=None,
                subprotocols=[each.strip() for each in asked.split(",")] if asked else None,
            )
            self._connection = self._open.enter_context(connecting)
        except InvalidStatus as error:
            connected.close()
            self._refuse(error.response)
        assert self._connection is not None and self._connection.response is not None
        self.accepted_subprotocol = self._connection.subprotocol
        fields = _others(self._connection.response.headers.raw_items())
        self.extra_headers = [(name.lower().encode(), value.encode()) for name, value in fields]
        return self

    def __exit__(self, *args: Any) -> None:
        self._open.close()

    def _refuse(self, response: Any) -> None:
        try:
            with self._in_process:
                raise AssertionError(f"refused over the socket alone: {response}")
        except WebSocketDenialResponse:
            fields = [(n.encode(), v.encode()) for n, v in response.headers.raw_items()]
            raise WebSocketDenialResponse(
                status_code=response.status_code, headers=fields, content=response.body
            ) from None
        except WebSocketDisconnect:
            assert response.status_code == 403
            raise

    def send(self, message: Any) -> None:
        assert self._connection is not None
        if message["type"] == "websocket.disconnect":
            self._connection.close(message["code"], message["reason"] or "")
            return
        text = message.get("text")
        self._connection.send(message["bytes"] if text is None else text)

    def receive(self) -> Any:
        assert self._connection is not None
        try:
            got = self._connection.recv(timeout=30)
        except ConnectionClosed as error:
            close = error.rcvd
            code, reason = (close.code, close.reason) if close is not None else (1006, "")
            return {"type": "websocket.close", "code": code, "reason": reason}
        return {"type": "websocket.send", "text" if isinstance(got, str) else "bytes": got}


def _others(fields: Any) -> list[tuple[str, str]]:
    """Without those that the connection makes by itself."""
    return [
        (name, value)
        for name, value in fields
        if name.lower() not in _OF_THE_CONNECTION and not name.lower().startswith("sec-websocket-")
    ]
