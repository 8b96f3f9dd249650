"""Streamed answers: parts go out as they are made."""

import pytest

from support.server import wait_until
from support.wire import request

APP = """
import asyncio
from fasterapi import App, StreamingResponse

app = App()
log = []

@app.get("/gated")
def gated():
    def parts():
        yield "first"
        open(GATE).read()
        yield "second"
    return StreamingResponse(parts(), media_type="text/plain")

@app.get("/gated-async")
async def gated_async():
    async def parts():
        yield b"first"
        await asyncio.to_thread(lambda: open(GATE).read())
        yield b"second"
    return StreamingResponse(parts())

@app.get("/endless")
async def endless():
    async def parts():
        try:
            while True:
                yield b"x" * 10_000
                await asyncio.sleep(0)
        finally:
            log.append("closed")
    return StreamingResponse(parts())

@app.get("/endless-sync")
def endless_sync():
    def parts():
        try:
            while True:
                log.append("part")
                yield b"x" * 10_000
        finally:
            log.append("closed")
    return StreamingResponse(parts())

@app.get("/quiet")
async def quiet():
    async def parts():
        try:
            yield b"begun"
            await asyncio.Event().wait()
        finally:
            log.append("closed")
    return StreamingResponse(parts())

@app.get("/breaks", response_class=StreamingResponse)
def breaks():
    yield b"begun"
    raise ValueError("broke off")

@app.get("/breaks-at-once", response_class=StreamingResponse)
def breaks_at_once():
    raise ValueError("never begun")
    yield b""

@app.get("/wrong", response_class=StreamingResponse)
def wrong():
    yield 5

@app.get("/large")
async def large(count: int):
    async def parts():
        for n in range(count):
            yield b"%08d" % n * 1000
    return StreamingResponse(parts())

@app.get("/log")
def show():
    return (log[-1:] or [""]) + [len(log)]
"""


@pytest.fixture
def server(serve):
    return serve(APP)


@pytest.mark.parametrize("target", ["/gated", "/gated-async"])
def test_a_part_is_sent_before_the_next_is_made(server, target):
    gate = server.gate()
    with server.connect() as wire:
        wire.send(request("GET", target))
        assert wire.head().status == 200
        assert wire.chunk() == b"first"
        gate.open()
        assert wire.chunk() == b"second"
        assert wire.chunk() == b""
        assert wire.get("/log").status == 200


def test_an_async_stream_leaves_the_worker_to_others(server):
    gate = server.gate()
    with server.connect() as wire:
        wire.send(request("GET", "/gated-async"))
        gate.wait_for_handler()
        assert server.get("/log").status == 200
        gate.open()
        assert wire.read().body == b"firstsecond"


@pytest.mark.parametrize("target", ["/endless", "/endless-sync"])
def test_a_client_that_leaves_closes_the_iterator(server, target):
    with server.connect() as wire:
        wire.send(request("GET", target))
        wire.head()
        assert len(wire.chunk()) >= 10_000
    wait_until(lambda: server.get("/log").json()[0] == "closed", "the iterator's end")


@pytest.mark.parametrize("sent", [b"", request("GET", "/log")])
def test_a_client_that_leaves_ends_a_stream_that_sends_nothing(serve, sent):
    server = serve(APP, config={"timeouts": {"keep_alive": "500ms"}})
    with server.connect() as wire:
        wire.send(request("GET", "/quiet") + sent)
        wire.head()
        assert wire.chunk() == b"begun"
    wait_until(lambda: server.get("/log").json()[0] == "closed", "the iterator's end")


def test_a_quiet_stream_whose_client_left_does_not_hold_up_the_end(server):
    with server.connect() as wire:
        wire.send(request("GET", "/quiet"))
        wire.head()
        assert wire.chunk() == b"begun"
    server.stop(seconds=10)


def test_a_slow_reader_holds_up_the_iterator_not_the_memory(server):
    with server.connect() as wire:
        wire.send(request("GET", "/endless-sync"))
        wire.head()
        counts = []

        def has_stopped():
            counts.append(server.get("/log").json()[1])
            return len(counts) > 20 and len(set(counts[-20:])) == 1

        wait_until(has_stopped, "the iterator to wait")
        assert counts[-1] * 10_000 < 50_000_000
        assert len(wire.chunk()) >= 10_000


def test_a_stream_that_breaks_has_no_last_chunk(server):
    with server.connect() as wire:
        wire.send(request("GET", "/breaks"))
        assert wire.head().status == 200
        assert b"0\r\n\r\n" not in wire.rest()
    server.wait_log("broke off")
    assert server.get("/log").status == 200


def test_a_stream_that_breaks_before_its_first_part_is_a_500_or_an_end(server):
    with server.connect() as wire:
        wire.send(request("GET", "/breaks-at-once"))
        data = wire.rest() if wire.head().status == 200 else b""
        assert b"0\r\n\r\n" not in data
    server.wait_log("never begun")


def test_parts_are_str_or_bytes(server):
    with server.connect() as wire:
        wire.send(request("GET", "/wrong"))
        wire.head()
    server.wait_log("TypeError|int")
    assert server.get("/log").status == 200


def test_a_large_stream_is_whole(server):
    body = server.get("/large?count=2000").body
    assert body == b"".join(b"%08d" % n * 1000 for n in range(2000))


def test_many_streams_at_once(server, background):
    replies = [background(server.get, "/large?count=100") for _ in range(12)]
    assert {len(reply.result(20).body) for reply in replies} == {800_000}
