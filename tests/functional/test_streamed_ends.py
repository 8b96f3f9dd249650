"""Bodies that are not taken, do not come, or do not end."""

import select
import time

import pytest

from support.streamed import HUGE, LAST, MIB, chunk, head, wait_seen

APP = """
import asyncio

from fasterapi import App, HTTPException, Request, StreamingResponse

app = App()
app.seen = []

@app.post("/echo")
async def echo(request: Request):
    async def parts():
        async for piece in request.stream():
            yield piece
    return StreamingResponse(parts(), media_type="application/octet-stream")

@app.post("/count")
async def count(request: Request):
    sizes = [len(piece) async for piece in request.stream()]
    return {"size": sum(sizes), "pieces": len(sizes)}

@app.post("/refused")
async def refused(request: Request):
    raise HTTPException(401, "no")

@app.post("/first")
async def first(request: Request):
    async for piece in request.stream():
        return len(piece)

@app.post("/reads/{most:int}")
async def reads(most: int, request: Request):
    size = 0
    async for piece in request.stream():
        size += len(piece)
        if size >= most:
            return "enough"

@app.post("/streams/{most:int}")
async def streams(most: int, request: Request):
    async def parts():
        yield await reads(most, request)
    return StreamingResponse(parts(), media_type="text/plain")

@app.post("/watched")
async def watched(request: Request):
    app.seen.append("began")
    try:
        async for piece in request.stream():
            pass
    except BaseException as error:
        app.seen.append(type(error).__name__)
        raise

@app.post("/asleep")
async def asleep(request: Request):
    app.seen.append("asleep")
    try:
        await asyncio.Event().wait()
    except asyncio.CancelledError:
        app.seen.append("cancelled")
        raise

@app.get("/seen")
async def seen():
    return app.seen
"""


@pytest.fixture(scope="module", params=["auto", "ring", "inline"])
def server(serve_once, request):
    return serve_once(APP, config={"dispatch": request.param, **HUGE})


def test_an_answer_before_the_body_has_come_ends_the_connection(server):
    with server.connect() as wire:
        wire.send(head("/refused", length=10 * MIB) + b"a" * 1000)
        reply = wire.read()
        assert (reply.status, reply.headers["connection"]) == (401, "close")
        assert wire.rest() == b""


def test_an_early_answer_reaches_a_client_that_sends_on(server):
    with server.connect() as wire:
        wire.send(head("/refused", length=20 * MIB))
        try:
            wire.send(b"a" * 20 * MIB)
        except (BrokenPipeError, ConnectionResetError):
            pass
        assert wire.read().status == 401


def test_an_answer_to_a_body_that_has_come_unread_keeps_the_connection(server):
    with server.connect() as wire:
        wire.send(head("/first") + chunk(b"abc"))
        assert wire.read().json() == 3
        assert wire.rest() == b""  # the rest had not come
    with server.connect() as wire:
        wire.send(head("/refused") + chunk(b"abc") + LAST)
        assert wire.read().status == 401
        assert wire.get("/seen").status == 200


@pytest.mark.parametrize("target", ["/reads/40000", "/streams/40000"])
@pytest.mark.parametrize("ahead", [0, 1, 60_000])
def test_a_short_rest_is_dropped_and_the_connection_stays(server, target, ahead):
    rest = b"GET /seen HTTP/1.1\r\n" * 3000
    with server.connect() as wire:
        wire.send(head(target, length=40_000 + len(rest)) + b"a" * 40_000)
        reply = wire.read()
        assert (reply.status, b"enough" in reply.body) == (200, True)
        assert "connection" not in reply.headers
        wire.send(rest[:ahead])
        wire.send(rest[ahead:] + head("/refused", length=0))
        assert wire.read().status == 401
        assert wire.get("/seen").status == 200


def test_a_short_rest_that_does_not_come_ends_the_connection(server):
    with server.connect() as wire:
        wire.send(head("/reads/40000", length=100_000) + b"a" * 40_000)
        assert wire.read().json() == "enough"
        assert wire.rest() == b""


def test_a_client_that_leaves_instead_of_sending_a_short_rest_ends_the_connection(server):
    with server.connect() as wire:
        wire.send(head("/reads/40000", length=100_000) + b"a" * 40_000)
        assert wire.read().json() == "enough"
        wire.send(b"a" * 1000).end_input()
        assert wire.rest() == b""


@pytest.mark.parametrize("length", [40_000 + 64 * 1024 + 1, 10 * MIB])
def test_a_longer_rest_ends_the_connection(server, length):
    with server.connect() as wire:
        wire.send(head("/reads/40000", length=length) + b"a" * 40_000)
        reply = wire.read()
        assert (reply.json(), reply.headers["connection"]) == ("enough", "close")
        assert wire.rest() == b""


def test_the_body_is_asked_for_when_its_handler_wants_it(server):
    with server.connect() as wire:
        wire.send(head("/count", "Expect: 100-continue", length=100_000))
        assert wire.read().status == 100
        wire.send(b"a" * 100_000)
        assert wire.read().json()["size"] == 100_000
        wire.send(head("/count", "Expect: 100-continue"))
        assert wire.read().status == 100
        wire.send(chunk(b"a") + LAST)
        assert wire.read().json() == {"size": 1, "pieces": 1}
        wire.send(head("/refused", "Expect: 100-continue", length=100_000))
        assert wire.read().status == 401
        assert wire.rest() == b""


def test_a_client_that_leaves_is_told_to_who_reads(server):
    with server.connect() as wire:
        wire.send(head("/watched", length=100_000) + b"a")
        wait_seen(server, "began")
    wait_seen(server, "ClientDisconnect")


def test_a_client_that_leaves_cancels_who_does_not_read(server):
    with server.connect() as wire:
        wire.send(head("/asleep", length=100_000) + b"a")
        wait_seen(server, "asleep")
    wait_seen(server, "cancelled")


def test_a_body_that_stalls_is_a_408_and_its_handler_hears_of_it(serve):
    server = serve(APP, config={"timeouts": {"body": "500ms"}})
    with server.connect() as wire:
        wire.send(head("/watched", length=100_000) + b"a")
        assert wire.read().status == 408
        assert wire.rest() == b""
    wait_seen(server, "ClientDisconnect")
    with server.connect() as wire:
        wire.send(head("/echo") + chunk(b"a"))
        assert wire.head().status == 200
        assert wire.chunk() == b"a"
        assert wire.rest() == b""  # without the last chunk


def test_a_body_over_the_servers_limit_is_a_413(serve):
    server = serve(APP, config={"limits": {"max_body_bytes": 100_000}})
    with server.connect() as wire:
        wire.send(head("/watched") + chunk(b"a" * 60_000))
        wait_seen(server, "began")
        wire.send(chunk(b"a" * 60_000))
        assert wire.read().status == 413
    wait_seen(server, "ClientDisconnect")
    with server.connect() as wire:
        wire.send(head("/count", length=100_001) + b"a")
        assert wire.read().status == 413


def test_a_handler_has_its_time_from_the_last_of_the_body(serve):
    server = serve(APP, config={"timeouts": {"handler": "600ms"}})
    with server.connect() as wire:
        wire.send(head("/echo") + chunk(b"a"))
        assert wire.head().status == 200
    started = time.monotonic()
    with server.connect() as wire:
        wire.send(head("/count", length=100_000))
        sent = 0
        while time.monotonic() < started + 1.5:
            wire.send(b"a")
            sent += 1
            select.select([wire.socket], [], [], 0.1)
        wire.send(b"a" * (100_000 - sent))
        assert wire.read().json()["size"] == 100_000


def test_a_drain_waits_for_the_body(serve):
    server = serve(APP)
    with server.connect() as wire:
        wire.send(head("/watched", length=100_000) + b"a")
        wait_seen(server, "began")
        server.begin_drain()
        wire.send(b"a" * 99_999)
        reply = wire.read()
        assert (reply.status, reply.headers["connection"]) == (200, "close")
        assert wire.rest() == b""
    assert server.wait() == 0


def test_a_stop_tells_who_sends_on(serve):
    server = serve(APP, config={"timeouts": {"drain": "500ms"}})
    with server.connect() as wire:
        wire.send(head("/watched", length=100_000) + b"a")
        wait_seen(server, "began")
        server.begin_drain()
        assert wire.read().status == 503
    assert server.wait() == 5
