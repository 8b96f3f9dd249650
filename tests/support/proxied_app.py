"""Apps behind proxies of the machine itself, and of none."""

from typing import Any

from fasterapi import App, Request, WebSocket
from fasterapi.middleware import ProxyHeadersMiddleware

app, strict = App(), App()
app.add_middleware(ProxyHeadersMiddleware, trusted_hosts="127.0.0.1, 10.0.0.0/8")
strict.add_middleware(ProxyHeadersMiddleware, trusted_hosts=["10.0.0.1"])


def seen(request: Request) -> Any:
    return [request.client and [request.client.host, request.client.port], request.url.scheme]


def native(n: int = 1) -> Any:
    return n


async def live(websocket: WebSocket) -> None:
    await websocket.accept()
    client = websocket.client
    await websocket.send_json([client and client.host, websocket.url.scheme])
    await websocket.close()


for each in (app, strict):
    each.get("/seen")(seen)
    each.get("/native")(native)
    each.websocket("/live")(live)
