"""Bodies that come while what they are for runs behind a mount or middleware."""

import pytest

from support.streamed import HUGE, LAST, chunk, head, wait_seen

APP = """
from fasterapi import App, Request

app = App()
app.seen = []

@app.post("/typed")
async def typed(data: bytes):
    return len(data)

@app.get("/seen")
async def seen():
    return app.seen

async def outer(scope, receive, send):
    sizes = []
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            app.seen.append("disconnect")
            return
        sizes.append(len(message["body"]))
        if len(sizes) == 1:
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": b"began ", "more_body": True})
        if not message["more_body"]:
            break
    await send({"type": "http.response.body", "body": str(sum(sizes)).encode()})

app.mount("/asgi", outer)
inner = App()

@inner.post("/count")
async def inner_count(request: Request):
    return sum([len(piece) async for piece in request.stream()])

@inner.post("/typed")
def inner_typed(data: bytes):
    return len(data)

app.mount("/inner", inner)
"""


@pytest.fixture(scope="module", params=["auto", "ring", "inline"])
def server(serve_once, request):
    return serve_once(APP, config={"dispatch": request.param, **HUGE})


def test_an_asgi_application_gets_messages(server):
    with server.connect() as wire:
        wire.send(head("/asgi/") + chunk(b"a" * 10))
        assert wire.head().status == 200
        assert wire.chunk() == b"began "
        wire.send(chunk(b"b" * 10) + LAST)
        assert wire.chunk() == b"20"
        assert wire.chunk() == b""


def test_an_asgi_application_is_told_of_a_client_that_leaves(server):
    with server.connect() as wire:
        wire.send(head("/asgi/") + chunk(b"a" * 10))
        assert wire.head().status == 200
        assert wire.chunk() == b"began "
    wait_seen(server, "disconnect")


def test_a_mounted_app_has_both_kinds_of_routes(server):
    body = b"x" * 100_000
    with server.connect() as wire:
        wire.send(head("/inner/count", length=len(body)) + body)
        assert wire.read().json() == len(body)
        wire.send(head("/inner/typed", length=len(body)) + body)
        assert wire.read().json() == len(body)
        wire.send(head("/typed", length=len(body)) + body)
        assert wire.read().json() == len(body)


MIDDLEWARE = """
from fasterapi import App, Request
from fasterapi.middleware import CORSMiddleware
from starlette.middleware.base import BaseHTTPMiddleware

app = App()

@app.middleware("http")
async def around(request, call_next):
    response = await call_next(request)
    response.headers["x-around"] = "yes"
    return response

class Wrapping(BaseHTTPMiddleware):
    async def dispatch(self, request, call_next):
        return await call_next(request)

app.add_middleware(CORSMiddleware, allow_origins=["*"])
if WRAPS:
    app.add_middleware(Wrapping)

@app.post("/count")
async def count(request: Request):
    sizes = [len(piece) async for piece in request.stream()]
    return {"size": sum(sizes), "pieces": len(sizes)}

@app.post("/typed")
def typed(data: bytes):
    return len(data)
"""


@pytest.mark.parametrize("wraps", [False, True])
def test_middleware_lets_a_stream_through(serve, wraps):
    server = serve(MIDDLEWARE.replace("WRAPS", str(wraps)))
    body = b"x" * 200_000
    with server.connect() as wire:
        for fields in ([], ["Origin: http://a"]):
            wire.send(head("/count", *fields, length=len(body)) + body[:1000])
            wire.send(body[1000:])
            reply = wire.read()
            assert reply.headers["x-around"] == "yes"
            assert reply.json()["size"] == len(body)
            wire.send(head("/typed", *fields, length=len(body)) + body)
            assert wire.read().json() == len(body)
