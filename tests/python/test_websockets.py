"""WebSockets without the server: the app as an ASGI application behind the test client."""

import pytest

from fasterapi import APIRouter, App, Depends, HTTPException, WebSocket, WebSocketException
from fasterapi.exceptions import WebSocketRequestValidationError
from fasterapi.testclient import TestClient
from fasterapi.websockets import WebSocketDisconnect
from support import websocket_app


@pytest.fixture
def client():
    return TestClient(websocket_app.app)


def test_messages_come_back(client):
    with client.websocket_connect("/ws") as ws:
        ws.send_text("hello")
        assert ws.receive_text() == "hello"
        ws.send_bytes(b"\x00\xff")
        assert ws.receive_bytes() == b"\x00\xff"


def test_parameters_and_dependencies(client):
    headers = {"user-agent": "me", "cookie": "session=abc"}
    with client.websocket_connect("/rooms/den/5?token=t&q=7", headers=headers) as ws:
        assert ws.receive_json() == ["den", 5, "t", 7, "abc", "me"]


@pytest.mark.parametrize(
    "target, code",
    [
        ("/rooms/den/five?token=t", 1008),
        ("/rooms/den/5", 1008),
        ("/rooms/den/5?token=bad", 1008),
        ("/refused/close", 1000),
        ("/ends", 1000),
        ("/nowhere", 1000),
    ],
)
def test_refusals(client, target, code):
    with pytest.raises(WebSocketDisconnect) as refused, client.websocket_connect(target):
        pass
    assert refused.value.code == code


def test_an_http_exception_is_an_answer(client):
    with pytest.raises(Exception) as refused, client.websocket_connect("/refused/http"):
        pass
    assert refused.value.status_code == 401
    assert refused.value.json() == {"detail": "who are you"}


def test_exceptions_close(client):
    for target, code, reason in (("/violates", 1008, "not here"), ("/special", 4999, "handled")):
        with client.websocket_connect(target) as ws, pytest.raises(WebSocketDisconnect) as end:
            ws.receive_text()
        assert (end.value.code, end.value.reason) == (code, reason)
    with (
        pytest.raises(ValueError, match="after it was accepted"),
        client.websocket_connect("/fails") as ws,
    ):
        ws.receive_text()


def test_mounts(client):
    with client.websocket_connect("/inner/deep/3") as ws:
        assert ws.receive_json()[:2] == [3, "/inner"]
    with client.websocket_connect("/asgi/a/b") as ws:
        assert ws.receive_text() == "/asgi /asgi/a/b"
    assert client.get("/inner/deep/3").status_code == 404


def test_dependencies_of_routers_and_overrides():
    app, router = App(), APIRouter(prefix="/inner")

    def allowed() -> None:
        raise WebSocketException(4003, "not you")

    def name() -> str:
        return "real"

    @router.websocket("/ws", dependencies=[Depends(allowed)])
    async def handler(websocket: WebSocket, who: str = Depends(name)) -> None:
        await websocket.accept()
        await websocket.send_text(who)
        await websocket.close()

    app.include_router(router, prefix="/outer")
    client = TestClient(app)
    with pytest.raises(WebSocketDisconnect) as end, client.websocket_connect("/outer/inner/ws"):
        pass
    assert end.value.code == 4003
    app.dependency_overrides = {allowed: lambda: None, name: lambda: "fake"}
    with client.websocket_connect("/outer/inner/ws") as ws:
        assert ws.receive_text() == "fake"
    assert app.url_path_for("handler") == "/outer/inner/ws"
    assert [route.path for route in app._compile_routes() if route.methods == ("WEBSOCKET",)] == [
        "/outer/inner/ws"
    ]
    assert app.openapi()["paths"] == {}


def test_asgi_middleware_stands_around():
    seen = []

    class Watching:
        def __init__(self, app, word):
            self.app, self.word = app, word

        async def __call__(self, scope, receive, send):
            seen.append((self.word, scope["type"]))
            await self.app(scope, receive, send)

    def function(app):
        async def wrapped(scope, receive, send):
            seen.append(("function", scope["type"]))
            await app(scope, receive, send)

        return wrapped

    app = App()
    app.add_middleware(Watching, word="inner")
    app.add_middleware(function)

    @app.middleware("http")
    async def for_http(request, call_next):
        raise AssertionError

    @app.websocket("/ws")
    async def handler(websocket: WebSocket) -> None:
        await websocket.accept()
        await websocket.close()

    with TestClient(app).websocket_connect("/ws"):
        pass
    assert seen == [("function", "websocket"), ("inner", "websocket")]


def test_what_does_not_suit_is_refused_at_registration():
    app = App()
    with pytest.raises(TypeError, match="async def"):

        @app.websocket("/ws")
        def plain(websocket: WebSocket) -> None: ...

    with pytest.raises(TypeError, match="no body"):

        @app.websocket("/ws")
        async def with_body(websocket: WebSocket, body: dict) -> None: ...


def test_starlettes_way_to_register():
    app = App()

    @app.websocket_route("/plain/{x}")
    async def plain(websocket: WebSocket) -> None:
        await websocket.accept()
        await websocket.send_text(websocket.path_params["x"] + str(websocket.url_for("page")))

    @app.get("/page")
    def page() -> None: ...

    with TestClient(app).websocket_connect("/plain/1") as ws:
        assert ws.receive_text() == "1http://testserver/page"


def test_a_late_http_exception_is_an_error():
    app = App()

    @app.websocket("/ws")
    async def handler(websocket: WebSocket) -> None:
        await websocket.accept()
        raise HTTPException(400)

    with pytest.raises(HTTPException), TestClient(app).websocket_connect("/ws") as ws:
        ws.receive_text()


def test_what_does_not_fit_is_told_with_the_handlers_place():
    app, inner, told = App(), App(), []

    @inner.websocket("/ws/{number}")
    async def numbered(websocket: WebSocket, number: int):
        pass

    @app.exception_handler(WebSocketRequestValidationError)
    @inner.exception_handler(WebSocketRequestValidationError)
    async def tell(websocket: WebSocket, error: WebSocketRequestValidationError):
        told.append((error.endpoint_function, error.endpoint_path, error.endpoint_file))
        await websocket.close()

    app.mount("/inner", inner)
    app.add_api_websocket_route("/ws/{number}", numbered)
    for target in ("/ws/x", "/inner/ws/x"):
        with pytest.raises(WebSocketDisconnect), TestClient(app).websocket_connect(target):
            pass
    assert told == [
        ("numbered", "WS /ws/{number}", __file__),
        ("numbered", "WS /inner/ws/{number}", __file__),
    ]
