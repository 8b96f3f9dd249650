"""Bodies that come while their handler runs, behind middleware that wraps ``receive``: as under
uvicorn, which is asked the same."""

import pytest

from support.streamed import HUGE, LAST, MIB, chunk, chunked, head, wait_seen
from support.uvicorn_server import UvicornServer

APP = """
import asyncio

from fasterapi import FastAPI, Request
from fasterapi.responses import StreamingResponse
from starlette.applications import Starlette
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.responses import JSONResponse, PlainTextResponse
from starlette.routing import Route

app = FastAPI()
app.seen = []

class TooLong(Exception):
    pass

class Limiting:
    def __init__(self, app, limit):
        self.app, self.limit = app, limit

    async def __call__(self, scope, receive, send):
        left = self.limit

        async def counting():
            nonlocal left
            message = await receive()
            left -= len(message.get("body", b""))
            if left < 0:
                raise TooLong
            return message

        try:
            await self.app(scope, counting, send)
        except TooLong:
            await PlainTextResponse("too long", 413)(scope, receive, send)

class Shouting:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        async def shouting():
            message = await receive()
            if "body" in message:
                message["body"] = message["body"].upper()
            return message
        await self.app(scope, shouting, send)

class Base(BaseHTTPMiddleware):
    async def dispatch(self, request, call_next):
        if "x-read" in request.headers:
            app.seen.append("reads")
            await request.body()
        return await call_next(request)

if "pure" in KIND:
    app.add_middleware(Limiting, limit=4 * 1024 * 1024)
    app.add_middleware(Shouting)
if "base" in KIND:
    app.add_middleware(Base)

@app.post("/echo")
async def echo(request: Request):
    async def parts():
        async for piece in request.stream():
            yield piece.lower()
    return StreamingResponse(parts())

@app.post("/count")
async def count(request: Request):
    sizes = []
    async for piece in request.stream():
        sizes += [len(piece)] if piece else []
        app.seen.append(sum(sizes))
    return [sum(sizes), len(sizes)]

@app.post("/json")
def as_json(body: dict):
    return body

@app.post("/watched")
async def watched(request: Request):
    app.seen.append("began")
    try:
        async for piece in request.stream():
            pass
    except BaseException as error:
        app.seen.append(type(error).__name__)
        raise

@app.post("/asks")
async def asks(request: Request):
    async for piece in request.stream():
        pass
    return await request.is_disconnected()

@app.post("/waits")
async def waits(request: Request):
    await request.body()
    app.seen.append("waits")
    while not await request.is_disconnected():
        await asyncio.sleep(0.01)
    app.seen.append("gone")

@app.get("/seen")
async def seen():
    return app.seen

async def below(request):
    return JSONResponse(await count(request))

async def waits_below(request):
    await waits(request)
    return JSONResponse("gone")

routes = [Route("/count", below, methods=["POST"]), Route("/waits", waits_below, methods=["POST"])]
app.mount("/below", Starlette(routes=routes))
"""


@pytest.fixture(scope="module", params=["pure", "base", "pure, base"])
def kind(request):
    return request.param


@pytest.fixture(scope="module", params=["auto", "ring", "uvicorn"])
def server(request, kind, serve_once, tmp_path_factory):
    app = APP.replace("KIND", repr(kind))
    if request.param != "uvicorn":
        yield serve_once(app, config={"dispatch": request.param, **HUGE})
        return
    made = UvicornServer(tmp_path_factory.mktemp("uvicorn"), app)
    made.wait_ready()
    yield made
    made.finish()


@pytest.mark.parametrize("target", ["/count", "/below/count"])
def test_a_piece_comes_before_the_next_is_sent(server, target):
    with server.connect() as wire:
        first, second = b"a" * 1000, b"b" * 199_000
        of_length = head(target, length=200_000) + first, second
        in_chunks = head(target) + chunk(first), chunk(second) + LAST
        for beginning, rest in (of_length, in_chunks):
            wire.send(beginning)
            wait_seen(server, 1000)
            wire.send(rest)
            size, pieces = wire.read().json()
            assert (size, pieces > 1) == (200_000, True)
        assert wire.get("/seen").status == 200


def test_an_answer_may_begin_before_the_second_piece_is_sent(server):
    if isinstance(server, UvicornServer):
        pytest.skip("Starlette's StreamingResponse receives there, waiting for the end")
    with server.connect() as wire:
        wire.send(head("/echo") + chunk(b"first"))
        assert wire.head().status == 200
        assert wire.chunk() == b"first"
        wire.send(chunk(b"second"))
        assert wire.chunk() == b"second"
        wire.send(LAST)
        assert wire.chunk() == b""
        assert wire.get("/seen").status == 200


def test_what_middleware_has_read_comes_whole(server, kind):
    if "base" not in kind:
        pytest.skip("the other kind does not read")
    with server.connect() as wire:
        wire.send(head("/count", "X-Read: 1") + chunk(b"a" * 1000))
        wait_seen(server, "reads")
        wire.send(chunk(b"b" * 1000) + LAST)
        assert wire.read().json() == [2000, 1]


def test_json_is_read_through_it(server, kind):
    body = b'{"A": "a"}' if "pure" in kind else b'{"a": "a"}'
    with server.connect() as wire:
        wire.send(head("/json", "Content-Type: application/json") + chunk(body[:5]))
        wire.send(chunk(body[5:]) + LAST)
        assert wire.read().json() == ({"A": "A"} if "pure" in kind else {"a": "a"})


def test_an_exception_of_receive_comes_out_where_it_went_in(server, kind):
    with server.connect() as wire:
        wire.send(head("/count") + chunk(b"a" * MIB))
        try:
            wire.send(chunked(b"b" * 4 * MIB, MIB))
        except (BrokenPipeError, ConnectionResetError):
            assert "pure" in kind
        if kind == "base":
            assert wire.read().json()[0] == 5 * MIB
        else:
            reply = wire.read()
            assert (reply.status, reply.body) == (413, b"too long")


def test_a_client_that_leaves_is_told_to_who_reads(server):
    with server.connect() as wire:
        wire.send(head("/watched", length=100_000) + b"a")
        wait_seen(server, "began")
    wait_seen(server, "ClientDisconnect")


def test_who_asks_is_told_whether_the_client_is_there(server):
    with server.connect() as wire:
        wire.send(head("/asks") + chunk(b"a") + LAST)
        assert wire.read().json() is False


@pytest.mark.parametrize("target", ["/waits", "/below/waits"])
@pytest.mark.parametrize("length", [1, 100_000])
def test_who_asks_is_told_that_the_client_has_left(server, kind, target, length):
    if "base" in kind and isinstance(server, UvicornServer):
        pytest.skip("BaseHTTPMiddleware keeps it from who asks there")
    with server.connect() as wire:
        wire.send(head(target, length=length) + b"a" * length)
        wait_seen(server, "waits")
    wait_seen(server, "gone")
