"""Starlette's middleware, responses and applications in an app: tests/python and tests/functional
ask it the same."""

import asyncio
import contextlib
import functools
from typing import Annotated, Any, List

from starlette.applications import Starlette
from starlette.authentication import AuthCredentials, requires
from starlette.background import BackgroundTask
from starlette.exceptions import HTTPException as StarletteHTTPException
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import HTTPConnection
from starlette.requests import Request as StarletteRequest
from starlette.responses import (
    FileResponse,
    JSONResponse,
    PlainTextResponse,
    RedirectResponse,
    Response,
    StreamingResponse,
)
from starlette.routing import Mount, Route, WebSocketRoute

from fasterapi import App, Depends, HTTPException, Request, WebSocket
from fasterapi import Response as OurResponse
from fasterapi import StreamingResponse as OurStream

log: List[Any] = []


@contextlib.asynccontextmanager
async def lifespan(app: Any) -> Any:
    yield {"pool": "of the lifespan"}


app = App(lifespan=lifespan)
plain = App(lifespan=lifespan)  # without middleware: native routes, too


class Counting:
    """Pure ASGI middleware: it counts the messages that pass, and hears how it ends."""

    made = 0

    def __init__(self, app: Any) -> None:
        self.app = app
        self.passed = 0
        Counting.made += 1

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.passed += 1
        scope["state"]["passed"] = self.passed
        scope["session"] = {"user": "ann"}
        parts = 0

        async def count(message: Any) -> None:
            nonlocal parts
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], (b"x-passed", b"1")]
            parts += bool(message.get("body"))
            await send(message)

        try:
            await self.app(scope, receive, count)
        finally:
            log.append((scope["path"], parts))


class Rewriting:
    """Pure ASGI middleware that changes what it is asked."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["path"].startswith("/v1/"):
            scope = {**scope, "path": scope["path"][3:], "scheme": "https"}
        if (b"x-shout", b"1") not in scope["headers"]:
            await self.app(scope, receive, send)
            return

        async def upper() -> Any:
            message = await receive()
            return {**message, "body": message.get("body", b"").upper()}

        await self.app(scope, upper, send)


class Base(BaseHTTPMiddleware):
    """As people write it."""

    async def dispatch(self, request: Any, call_next: Any) -> Any:
        body = await request.body()
        if request.url.path == "/refused":
            return PlainTextResponse("no", 403)
        response = await call_next(request)
        response.headers["x-base"] = str(len(body))
        return response


@app.middleware("http")
async def ours(request: Request, call_next: Any) -> Any:
    if request.path == "/from-function":
        return JSONResponse({"by": "function"}, 202)
    return await call_next(request)


app.add_middleware(Counting)
app.add_middleware(Base)
app.add_middleware(Rewriting)
app.add_middleware(GZipMiddleware, minimum_size=50)


@app.get("/passed")
async def passed(request: Request) -> Any:
    return [request.state.passed, request.session, request.scope["path"], request.url.scheme]


@app.post("/echo")
async def echo(request: Request) -> Any:
    return (await request.body()).decode()


@app.get("/parts/{count}")
async def parts(count: int) -> Any:
    async def generate() -> Any:
        for number in range(count):
            await asyncio.sleep(0)
            yield f"{number},"

    return OurStream(generate())


@app.get("/endless")
async def endless() -> Any:
    async def generate() -> Any:
        try:
            while True:
                yield "first"
                await asyncio.sleep(0.01)
        finally:
            log.append("endless closed")

    return OurStream(generate())


@app.get("/log")
def show_log() -> Any:
    return log


@app.get("/fails")
def fails() -> Any:
    raise StarletteHTTPException(418, "tea", {"x-tea": "1"})


@plain.get("/json")
def json() -> Any:
    return JSONResponse({"a": 1}, 201, {"x-a": "b"}, background=BackgroundTask(log.append, "json"))


def _made() -> Any:
    response = JSONResponse({"unnamed": True})
    response.set_cookie("a", "1")
    return response


@plain.get("/unnamed/{n}")
def unnamed(n: int) -> Any:
    return _made()


def with_credentials(call: Any) -> Any:
    """A decorator as people write them: it looks for the request among its keywords."""

    @functools.wraps(call)
    def run(*args: Any, **kwargs: Any) -> Any:
        request = kwargs["request"]
        request.scope["auth"] = AuthCredentials([request.query_params["scope"]])
        return call(*args, **kwargs)

    return run


@plain.get("/asked")
@app.get("/asked")
async def asked(request: Request) -> Any:
    return [isinstance(request, kind) for kind in (StarletteRequest, HTTPConnection, Request)]


@plain.get("/asked-there/{n}")
@app.get("/asked-there/{n}")
def asked_there(n: int, said: Annotated[Any, Depends(asked)], request: Request) -> Any:
    return [*said, isinstance(request, StarletteRequest), isinstance(request, Request)]


@plain.get("/filled")
@app.get("/filled")
def filled(response: OurResponse) -> Any:
    return [isinstance(each, Response) for each in (response, OurResponse())]


@plain.get("/known")
@with_credentials
@requires("known", status_code=401)
def known(request: Request) -> Any:
    return "known"


@plain.get("/stream")
async def stream() -> StreamingResponse:
    return StreamingResponse(iter(["a", "b"]), background=BackgroundTask(log.append, "stream"))


@plain.get("/file")
def file() -> FileResponse:
    return FileResponse(__file__, headers={"x-file": "1"})


@plain.get("/redirect")
async def redirect() -> Response:
    return RedirectResponse("/json")


@plain.get("/types")
async def types(request: StarletteRequest, response: Response) -> Any:
    response.headers["x-types"] = "1"
    return {"path": request.url.path, "again": StarletteRequest(request.scope).url.path}


@plain.get("/raises/{kind}")
def raises(kind: str) -> Any:
    raise {"theirs": StarletteHTTPException, "ours": HTTPException}[kind](409, kind)


@plain.get("/caught")
def caught() -> Any:
    try:
        raise HTTPException(410, "gone")
    except StarletteHTTPException as error:
        return error.status_code


async def sub_echo(request: Any) -> Any:
    seen = [len(part) async for part in request.stream()]

    async def generate() -> Any:
        for part in ("one", "two", str(sum(seen))):
            yield part

    return StreamingResponse(generate(), headers={"x-root": request.scope["root_path"]})


async def sub_endless(request: Any) -> Any:
    async def generate() -> Any:
        try:
            while True:
                yield "first"
                await asyncio.sleep(0.01)
        finally:
            log.append("sub closed")

    return StreamingResponse(generate())


async def sub_name(request: Any) -> Any:
    return PlainTextResponse(str(request.url_for("name", name=request.path_params["name"])))


async def sub_place(request: Any) -> Any:
    return JSONResponse([request.state.pool, request.path_params])


async def sub_talk(websocket: Any) -> None:
    await websocket.accept()
    await websocket.send_json([websocket.state.pool, websocket.path_params])
    await websocket.close(4001)


@plain.websocket("/talk/{name}")
async def talk(websocket: WebSocket) -> None:
    await sub_talk(websocket)


sub = Starlette(
    routes=[
        Route("/place/{name}", sub_place),
        WebSocketRoute("/talk/{name}", sub_talk),
        Route("/echo", sub_echo, methods=["POST"]),
        Route("/endless", sub_endless),
        Mount("/deep", routes=[Route("/{name}", sub_name, name="name")], name="deep"),
        Route("/{name}", sub_name, name="name"),
    ]
)
plain.mount("/sub", sub)
app.mount("/plain", plain)
