"""Responses that are called as ASGI applications, and middleware that reads bodies."""

from pathlib import Path
from typing import Any

from starlette.middleware.base import BaseHTTPMiddleware as StarlettesMiddleware

from fasterapi import (
    App,
    BackgroundTasks,
    FileResponse,
    JSONResponse,
    PlainTextResponse,
    Request,
    Response,
    StreamingResponse,
    WebSocket,
)
from fasterapi.background import BackgroundTask
from fasterapi.middleware import BaseHTTPMiddleware

app = App()
done = []  # by background tasks


class Refusing(StarlettesMiddleware):
    async def dispatch(self, request: Any, call_next: Any) -> Any:
        if "x-refused" in request.headers:
            return JSONResponse({"refused": True}, 401, background=BackgroundTask(done.append, 1))
        return await call_next(request)


class Pure:
    """Answers by itself, by calling responses."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        kind = dict(scope["headers"]).get(b"x-kind", b"").decode()
        await (_made(kind) if kind else self.app)(scope, receive, send)


def _made(kind: str) -> Any:
    background = BackgroundTask(done.append, kind)
    if kind == "json":
        made: Response = JSONResponse({"a": 1}, 202, {"x-a": "b"}, background=background)
        made.raw_headers.append((b"x-raw", b"c"))  # type: ignore[arg-type]
        return made
    if kind == "stream":
        return StreamingResponse(iter(["a", b"b"]), background=background)
    if kind == "file":
        return FileResponse(Path(__file__), media_type="text/x-python")
    return Response(status_code=204, background=background)


class Reading(BaseHTTPMiddleware):
    """Logs bodies, as people write it."""

    async def dispatch(self, request: Request, call_next: Any) -> Any:
        response = await call_next(request)
        if "x-logged" not in request.headers:
            return response
        chunks = [chunk async for chunk in response.body_iterator]
        fields = {**response.headers, "x-length": response.headers.get("content-length", "none")}
        return Response(b"|".join(chunks), response.status_code, fields)


async def _turned(parts: Any) -> Any:
    async for part in parts:
        yield part[::-1]


app.add_middleware(Reading)
app.add_middleware(Pure)
app.add_middleware(Refusing)


@app.middleware("http")
async def replace_bodies(request: Request, call_next: Any) -> Any:
    response = await call_next(request)
    if "x-turned" in request.headers:
        response.body_iterator = _turned(response.body_iterator)
    if "x-again" in request.headers:
        response.body_iterator = iter([part async for part in response.body_iterator])
    return response


@app.get("/value")
def value() -> Any:
    return {"a": "value"}


@app.get("/text")
def text(tasks: BackgroundTasks) -> Any:
    tasks.add_task(done.append, "text")
    return PlainTextResponse("some text")


@app.get("/stream")
def stream() -> Any:
    return StreamingResponse(iter(["one", b"two"]))


@app.get("/stream-async")
async def stream_async() -> Any:
    async def parts() -> Any:
        yield "one"
        yield b"two"

    return StreamingResponse(parts())


@app.get("/file")
def file() -> FileResponse:
    return FileResponse(Path(__file__))


@app.get("/nothing", status_code=204)
def nothing() -> None:
    return None


@app.get("/length")
def length() -> Any:
    return [JSONResponse([1]).headers["content-length"], list(StreamingResponse(()).headers)]


class Own(Response):
    """Sends itself."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        fields = [(b"x-own", scope["path"].encode())]
        await send({"type": "http.response.start", "status": 299, "headers": fields})
        await send({"type": "http.response.body", "body": b"own"})


class Counted(JSONResponse):
    """Sends itself as its class does, and something before."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.headers["x-counted"] = scope["method"]
        await super().__call__(scope, receive, send)


@app.get("/own")
def own() -> Any:
    return Own()


@app.get("/counted")
def counted() -> Any:
    return Counted([1], background=BackgroundTask(done.append, "counted"))


@app.get("/counted-class", response_class=Counted, status_code=203)
def counted_class() -> Any:
    return {"a": 1}


@app.get("/done")
def read_done() -> Any:
    taken, done[:] = list(done), []
    return taken


@app.websocket("/denied")
async def denied(websocket: WebSocket) -> None:
    await websocket.send_denial_response(JSONResponse({"no": 1}, 429, {"x-why": "much"}))


plain = App()  # without middleware: its routes are the server's own
plain.get("/own")(own)
plain.get("/counted")(counted)
plain.get("/counted-class", response_class=Counted, status_code=203)(counted_class)
plain.get("/length")(length)
plain.mount("/mounted", JSONResponse({"mounted": 1}))
