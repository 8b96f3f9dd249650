"""Who waits for ``http.disconnect`` before he answers is woken when his client leaves, and when his
answer was sent: as under uvicorn, which is asked the same."""

import socket
import struct

import pytest

from support.streamed import head, wait_seen
from support.uvicorn_server import UvicornServer
from support.wire import request

APP = """
import asyncio

from fasterapi import Body, FastAPI, Request
from starlette.applications import Starlette
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.responses import StreamingResponse
from starlette.routing import Route

app = FastAPI()
seen = []

async def until_left(receive):
    while (message := await receive())["type"] == "http.request":
        if not message.get("more_body"):
            seen.append("waits")
    seen.append(message["type"])

async def answer(send, body):
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": body})

async def waits(scope, receive, send):
    await until_left(receive)
    await answer(send, b"late")

async def races(scope, receive, send):
    leaving = asyncio.create_task(until_left(receive))
    work = asyncio.create_task(asyncio.sleep(60))
    await asyncio.wait((leaving, work), return_when=asyncio.FIRST_COMPLETED)
    seen.append("stopped" if work.cancel() else "done")
    await leaving

async def goes_on(scope, receive, send):
    await receive()
    await answer(send, b"sent")
    await until_left(receive)

class Racing:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        if scope["type"] == "http" and scope["path"].endswith("/around"):
            await races(scope, receive, send)
        else:
            await self.app(scope, receive, send)

app.mount("/waits", waits)
app.mount("/races", races)
app.mount("/goes-on", goes_on)

@app.post("/native")
async def native(request: Request):
    await until_left(request.receive)

layered = FastAPI()
layered.add_middleware(Racing)
layered.post("/native")(native)
app.mount("/layered", layered)

@app.post("/native/typed")
async def typed(request: Request, item: dict = Body(...)):
    seen.append("waits")
    while (message := await request.receive())["type"] != "http.disconnect":
        pass
    seen.append(message["type"])

@app.post("/asks")
async def asks(request: Request):
    seen.append("waits")
    work = asyncio.create_task(asyncio.sleep(60))
    while not await request.is_disconnected():
        await asyncio.sleep(0.01)
    work.cancel()
    seen.append("http.disconnect")

@app.post("/asks/between")
@layered.post("/asks/between")
async def asks_between(request: Request):
    work = asyncio.create_task(asyncio.sleep(0.05, "done"))
    while not work.done():
        if await request.is_disconnected():
            return "gone"
    return await work

has_ended = asyncio.Queue()

@app.post("/ended")
async def ended():
    await has_ended.put(None)

class Base(BaseHTTPMiddleware):
    async def dispatch(self, request, call_next):
        return await call_next(request)

async def parts(request):
    await has_ended.get()
    async def made():
        for n in range(5):
            yield f"{n},"
            await asyncio.sleep(0.1)
    return StreamingResponse(made())

below = Starlette(routes=[Route("/parts", parts)])
app.mount("/below", below)
behind = Starlette(routes=[Route("/parts", parts)])
behind.add_middleware(Base)
behind.add_middleware(Base)
app.mount("/behind", behind)

@app.get("/seen")
async def show():
    return seen
"""

WAITING = ["/waits/", "/races/", "/native", "/layered/around", "/layered/native"]


@pytest.fixture(scope="module", params=["auto", "inline", "ring", "uvicorn"])
def server(request, serve_once, tmp_path_factory):
    if request.param != "uvicorn":
        yield serve_once(APP, config={"dispatch": request.param, "workers": 1})
        return
    made = UvicornServer(tmp_path_factory.mktemp("uvicorn"), APP)
    made.wait_ready()
    yield made
    made.finish()


def reset(wire):
    wire.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    wire.close()


def send(wire, target, length):
    return wire.send(head(target, length=length) + b"a" * length)


def has_left(target):
    """What is seen last of it."""
    return "stopped" if target in ("/races/", "/layered/around") else "http.disconnect"


@pytest.mark.parametrize("target", WAITING)
@pytest.mark.parametrize("length", [0, 1, 100_000])
@pytest.mark.parametrize("leave", [reset, lambda wire: wire.close()], ids=["reset", "close"])
def test_who_waits_is_woken_when_his_client_leaves(server, target, length, leave):
    wire = send(server.connect(), target, length)
    wait_seen(server, "waits")
    leave(wire)
    wait_seen(server, has_left(target))


@pytest.mark.parametrize("target", WAITING)
def test_so_he_is_for_a_later_request_of_a_connection(server, target):
    wire = server.connect()
    for _ in range(2):
        assert wire.get("/goes-on/").body == b"sent"
    send(wire, target, 1)
    wait_seen(server, "waits")
    wire.close()
    wait_seen(server, has_left(target))


def test_who_waits_after_his_answer_is_woken_by_that(server):
    with server.connect() as wire:
        assert wire.get("/goes-on/").body == b"sent"
        wait_seen(server, "http.disconnect")
        assert wire.get("/goes-on/").body == b"sent"


def test_a_handler_whose_body_was_read_for_it_waits(server):
    with server.connect() as wire:
        json = "Content-Type: application/json"
        wire.send(request("POST", "/native/typed", "Content-Length: 2", json) + b"{}")
        wait_seen(server, "waits")
    wait_seen(server, "http.disconnect")


def test_who_asks_again_and_again_learns_it(server):
    with server.connect() as wire:
        send(wire, "/asks", 1)
        wait_seen(server, "waits")
    wait_seen(server, "http.disconnect")


def test_who_was_woken_need_not_answer(server):
    if isinstance(server, UvicornServer):
        pytest.skip("the connection ends there")
    with server.connect() as wire:
        assert send(wire, "/races/", 1).end_input().read().status == 499


@pytest.mark.parametrize("target", ["/asks/between", "/layered/asks/between"])
def test_who_asks_without_a_pause_lets_others_run(server, target):
    with server.connect() as wire:
        assert send(wire, target, 1).read().json() == "done"


@pytest.mark.parametrize("target", ["/below/parts", "/behind/parts"])
def test_a_stream_that_listens_is_delivered_after_a_half_close(server, target):
    if isinstance(server, UvicornServer):
        pytest.skip("the connection ends there")
    with server.connect() as wire:
        wire.send(request("GET", target)).end_input()
        assert server.connect().send(head("/ended", length=0)).read().status == 200
        assert wire.read().body == b"0,1,2,3,4,"
