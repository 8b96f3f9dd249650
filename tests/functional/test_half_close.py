"""Clients that end their half, or leave."""

import pytest

from support.wire import request

APP = """
import asyncio
from fasterapi import App, StreamingResponse

app = App()

@app.get("/slow/{n}")
async def slow(n: int):
    await asyncio.sleep(0.02)
    return n

@app.post("/take")
def take(body: bytes):
    print("a handler ran")

@app.get("/stream", response_class=StreamingResponse)
async def stream():
    for n in range(20):
        yield f"{n},"
        await asyncio.sleep(0.01)

@app.get("/pauses", response_class=StreamingResponse)
async def pauses():
    yield "first"
    await asyncio.sleep(2.5)
    yield "last"
"""


@pytest.fixture(scope="module")
def server(serve_once):
    return serve_once(APP)


@pytest.mark.parametrize("target", ["/slow/1", "/health"])
def test_an_answer_is_delivered_after_a_half_close(server, target):
    with server.connect() as wire:
        wire.send(request("GET", target)).end_input()
        assert wire.read().status == 200
        assert wire.is_ended()


def test_all_pipelined_answers_are_delivered_after_a_half_close(server):
    with server.connect() as wire:
        wire.send(b"".join(request("GET", f"/slow/{n}") for n in range(5))).end_input()
        assert [wire.read().json() for _ in range(5)] == [0, 1, 2, 3, 4]
        assert wire.is_ended()


def test_a_stream_is_delivered_after_a_half_close(server):
    with server.connect() as wire:
        wire.send(request("GET", "/stream")).end_input()
        assert wire.read().body == "".join(f"{n}," for n in range(20)).encode()
        assert wire.is_ended()


def test_a_stream_that_pauses_is_delivered_whole_after_a_half_close(server):
    with server.connect() as wire:
        wire.send(request("GET", "/pauses")).end_input()
        assert wire.read().body == b"firstlast"
        assert wire.is_ended()


def test_a_half_close_before_anything_ends_the_connection(server):
    with server.connect() as wire:
        assert wire.end_input().is_ended()


@pytest.mark.parametrize(
    "start", [b"GET / HT", b"POST /take HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nab"]
)
def test_a_half_close_within_a_request_ends_the_connection(server, start):
    with server.connect() as wire:
        wire.send(start).end_input()
        assert wire.rest() == b""
    assert "a handler ran" not in server.log
