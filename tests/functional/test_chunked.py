"""Chunked bodies, both ways."""

import pytest

from support.wire import request

APP = """
from fasterapi import App, StreamingResponse

app = App()

@app.post("/echo")
def echo(data: bytes):
    return data

@app.post("/dict")
def body_dict(body: dict):
    return body

@app.get("/next")
def next_one():
    return "next"

@app.get("/stream")
def stream(count: int = 3):
    return StreamingResponse(b"%d," % n for n in range(count))
"""
HEAD = b"POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
BODY = b'5;name="a;b"\r\nhello\r\n01\r\n \r\nA\r\n0123456789\r\n0\r\nX-Trailer: yes\r\n\r\n'
WHOLE = HEAD + BODY + request("GET", "/next")


@pytest.fixture(scope="module")
def server(serve_once):
    return serve_once(APP)


def answers(wire):
    assert wire.read().body == b"hello 0123456789"
    assert wire.read().json() == "next"


def test_a_chunked_request_at_every_split(server):
    for at in range(1, len(WHOLE)):
        with server.connect() as wire:
            wire.send(WHOLE[:at])
            wire.send(WHOLE[at:])
            answers(wire)


def test_byte_by_byte(server):
    with server.connect() as wire:
        for at in range(len(WHOLE)):
            wire.send(WHOLE[at : at + 1])
        answers(wire)


def test_many_small_chunks_make_a_large_body(server):
    data = bytes(range(256)) * 400
    chunks = b"".join(b"7\r\n" + data[at : at + 7] + b"\r\n" for at in range(0, 102_396, 7))
    with server.connect() as wire:
        wire.send(HEAD + chunks + b"0\r\n\r\n")
        assert wire.read().body == data[:102_396]
        assert wire.get("/next").json() == "next"


def test_chunked_json(server):
    with server.connect() as wire:
        wire.send(
            b"POST /dict HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
            b'Transfer-Encoding: Chunked\r\n\r\n3\r\n{"a\r\n4\r\n":1}\r\n0\r\n\r\n'
        )
        assert wire.read().json() == {"a": 1}


def test_an_empty_chunked_body(server):
    with server.connect() as wire:
        wire.send(
            b"POST /dict HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
            b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
        )
        assert wire.read().status == 422
        assert wire.get("/next").json() == "next"


def test_a_chunked_body_that_nobody_wants_is_passed_over(server):
    with server.connect() as wire:
        wire.send(WHOLE.replace(b"/echo", b"/nope"))
        assert wire.read().status == 404
        assert wire.read().json() == "next"


def test_a_streamed_answer_is_chunked(server):
    reply = server.get("/stream")
    assert reply.chunks is not None
    assert reply.body == b"0,1,2,"
    assert server.get("/stream?count=0").body == b""


def test_a_streamed_answer_to_http_1_0_ends_with_the_connection(server):
    with server.connect() as wire:
        wire.send(b"GET /stream HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
        reply = wire.read()
        assert (reply.chunks, reply.body) == (None, b"0,1,2,")
        assert wire.is_ended()


def test_the_connection_goes_on_after_a_stream(server):
    with server.connect() as wire:
        assert wire.get("/stream").body == b"0,1,2,"
        assert wire.get("/next").json() == "next"


def test_a_head_of_a_stream_has_no_body(server):
    with server.connect() as wire:
        wire.send(request("HEAD", "/stream"))
        assert wire.read("HEAD").body == b""
        assert wire.get("/next").json() == "next"
