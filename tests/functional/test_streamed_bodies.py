"""Bodies that come while their handler runs."""

import select

import pytest

from support.server import IS_SANITIZED
from support.streamed import HUGE, KIB, LAST, MIB, chunk, chunked, head, resident
from support.wire import request

APP = """
import asyncio

from fasterapi import App, Request, StreamingResponse

app = App()

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

@app.post("/body")
async def body(request: Request):
    whole = await request.body()
    again = b"".join([piece async for piece in request.stream()])
    return {"size": len(whole), "same": whole == again == await request.body()}

@app.post("/twice")
async def twice(request: Request):
    async for piece in request.stream():
        pass
    try:
        await request.body()
    except RuntimeError as error:
        return str(error)

@app.post("/json")
async def as_json(request: Request):
    return len(await request.json())

@app.post("/limited", max_body_size=100_000)
async def limited(request: Request):
    return sum([len(piece) async for piece in request.stream()])

@app.post("/slow")
async def slow(request: Request):
    with open(GATE) as gate:
        await asyncio.to_thread(gate.read)
    size = 0
    async for piece in request.stream():
        size += len(piece)
    return size

@app.get("/next")
async def next_one():
    return "next"
"""


@pytest.fixture(scope="module", params=["auto", "ring", "inline"])
def server(serve_once, request):
    return serve_once(APP, config={"dispatch": request.param, **HUGE})


def test_the_handler_answers_to_the_first_piece_before_the_second_is_sent(server):
    with server.connect() as wire:
        wire.send(head("/echo") + chunk(b"first"))
        assert wire.head().status == 200
        assert wire.chunk() == b"first"
        wire.send(chunk(b"second"))
        assert wire.chunk() == b"second"
        wire.send(LAST)
        assert wire.chunk() == b""
        assert wire.get("/next").status == 200


def test_a_body_of_known_length_comes_in_pieces(server):
    with server.connect() as wire:
        wire.send(head("/echo", length=200_000) + b"a" * 1000)
        assert wire.head().status == 200
        assert wire.chunk() == b"a" * 1000
        wire.send(b"b" * 199_000)
        received = b""
        while part := wire.chunk():
            received += part
        assert received == b"b" * 199_000
        assert wire.get("/next").status == 200


def test_large_bodies_of_both_kinds_arrive_whole(server):
    body = bytes(range(256)) * 8 * KIB
    with server.connect() as wire:
        wire.send(head("/count", length=len(body)) + body)
        reply = wire.read().json()
        assert reply["size"] == len(body)
        assert reply["pieces"] > 1
        wire.send(head("/count") + chunked(body, 7000))
        assert wire.read().json()["size"] == len(body)
        wire.send(head("/body", length=len(body)) + body)
        assert wire.read().json() == {"size": len(body), "same": True}


def test_a_stream_is_taken_once(server):
    with server.connect() as wire:
        wire.send(head("/twice", length=100_000) + b"a" * 100_000)
        assert wire.read().json() == "Stream consumed"


def test_json_is_read_when_it_is_there(server):
    with server.connect() as wire:
        wire.send(head("/json") + chunk(b'["abc",'))
        wire.send(chunk(b' "def"]') + LAST)
        assert wire.read().json() == 2


def test_a_small_or_complete_body_comes_in_one_piece(server):
    with server.connect() as wire:
        wire.send(head("/count", length=60_000) + b"a" * 100)
        wire.send(b"b" * 59_900)
        assert wire.read().json() == {"size": 60_000, "pieces": 1}
        wire.send(head("/count") + chunked(b"x" * 100, 1))
        assert wire.read().json() == {"size": 100, "pieces": 1}


def test_a_chunked_body_split_at_any_byte(server):
    body = b"4;a=b\r\nWiki\r\nB\r\npedia in ch\r\n0\r\nX-Sum: x\r\n\r\n"
    with server.connect() as wire:
        for end in range(1, len(body)):
            wire.send(head("/body"))
            wire.send(body[:end])
            wire.send(body[end:] + request("GET", "/next"))
            assert wire.read().json() == {"size": 15, "same": True}
            assert wire.read().status == 200


def test_pipelined_requests_behind_it_are_answered_in_order(server):
    with server.connect() as wire:
        wire.send(head("/count") + chunk(b"a" * 1000))
        second = head("/count", length=100_000) + b"c" * 100_000
        wire.send(chunk(b"b" * 1000) + LAST + second + request("GET", "/next"))
        assert wire.read().json()["size"] == 2000
        assert wire.read().json()["size"] == 100_000
        assert wire.read().json() == "next"


def test_a_routes_limit_holds_for_what_is_announced_and_for_what_comes(server):
    with server.connect() as wire:
        wire.send(head("/limited", length=100_001) + b"a")
        assert wire.read().status == 413
    with server.connect() as wire:
        wire.send(head("/limited") + chunk(b"a" * 90_000))
        wire.send(chunk(b"b" * 10_001))
        assert wire.read().status == 413
    with server.connect() as wire:
        wire.send(head("/limited") + chunk(b"a" * 90_000))
        wire.send(chunk(b"b" * 10_000) + LAST)
        assert wire.read().json() == 100_000


def test_a_malformed_chunk_is_a_400(server):
    with server.connect() as wire:
        wire.send(head("/count") + chunk(b"abc"))
        wire.send(b"xyz\r\n")
        assert wire.read().status == 400
        assert wire.rest() == b""


def test_a_handler_that_does_not_read_slows_the_client(serve):
    server = serve(APP, config=HUGE)
    size = 300 * MIB
    before = resident(server)
    gate = server.gate()
    with server.connect() as wire:
        wire.send(head("/slow", length=size))
        wire.socket.settimeout(None)
        gate.wait_for_handler()
        wire.socket.setblocking(False)
        block = b"a" * MIB
        sent = fill(wire.socket, block)
        assert sent < 40 * MIB  # what the kernel takes, and a little
        assert resident(server) - before < 20 * MIB
        gate.open()
        wire.socket.settimeout(20)
        while sent < size:
            wire.send(block[: min(MIB, size - sent)])
            sent += min(MIB, size - sent)
        assert wire.read().json() == size
    if not IS_SANITIZED:
        assert resident(server) - before < 40 * MIB


def fill(sending, block):
    """So much is taken before nothing is for a second."""
    sent = 0
    poll = select.poll()
    poll.register(sending, select.POLLOUT)
    while poll.poll(1000):
        sent += sending.send(block)
    return sent
