"""WebSockets: Starlette's classes, and what the server adds to them."""

from typing import Any

from starlette.websockets import WebSocket as StarletteWebSocket
from starlette.websockets import WebSocketDisconnect, WebSocketState

from fasterapi._urls import URL

__all__ = ["WebSocket", "WebSocketDisconnect", "WebSocketState"]


class WebSocket(StarletteWebSocket):
    """A connection, as a handler of ``@app.websocket(path)`` takes it; see docs/websockets.md."""

    def url_for(self, name: str, /, **path_params: Any) -> URL:  # type: ignore[override]
        """The URL of the route of that name; NoMatchFound where there is none."""
        scheme = {"ws": "http", "wss": "https"}.get(self.url.scheme, self.url.scheme)
        root = self.scope.get("root_path", "")
        path = self.scope["app"].url_path_for(name, **path_params)
        return URL(f"{scheme}://{self.url.netloc}{root}{path}")
