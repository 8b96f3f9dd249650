"""Expect: 100-continue (RFC 9110, section 10.1.1)."""

import pytest

APP = """
from fasterapi import App, Request

app = App()

@app.post("/")
def root(data: bytes):
    return len(data)

@app.post("/streamed")
async def streamed(request: Request):
    return sum([len(piece) async for piece in request.stream()])
"""
HEAD = "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: {}\r\n\r\n"


@pytest.fixture(scope="module")
def server(serve_once):
    return serve_once(APP, config={"limits": {"max_body_bytes": 100}})


def test_the_client_is_asked_for_the_body(server):
    with server.connect() as wire:
        for _ in range(2):
            wire.send(HEAD.format(5).encode())
            assert wire.read().status == 100
            wire.send(b"hello")
            assert wire.read().json() == 5


@pytest.mark.parametrize("target", ["/", "/streamed"])
def test_a_chunked_body_is_asked_for(server, target):
    with server.connect() as wire:
        for size in (5, 3):
            wire.send(
                f"POST {target} HTTP/1.1\r\nHost: a\r\nExpect: 100-Continue\r\n"
                "Transfer-Encoding: chunked\r\n\r\n".encode()
            )
            assert wire.read().status == 100
            wire.send(b"%d\r\n%s\r\n0\r\n\r\n" % (size, b"x" * size))
            assert wire.read().json() == size


def test_a_body_that_has_come_is_not_asked_for(server):
    with server.connect() as wire:
        wire.send(HEAD.format(5).encode() + b"hello")
        reply = wire.read()
        assert (reply.status, reply.json()) == (200, 5)


def test_no_100_for_http_1_0(server):
    with server.connect() as wire:
        wire.send(HEAD.format(5).replace("1.1", "1.0").encode())
        wire.send(b"hello")
        assert wire.read().json() == 5


def test_no_100_without_a_body(server):
    with server.connect() as wire:
        wire.send(HEAD.format(0).encode())
        assert wire.read().status == 422


def test_what_would_be_refused_is_refused_before_the_body(server):
    with server.connect() as wire:
        wire.send(HEAD.format(101).encode())
        assert wire.read().status == 413
        assert wire.is_ended()


@pytest.mark.parametrize("target, status", [("/nope", 404), ("/health", 405)])
def test_an_answer_known_from_the_head_does_not_ask_for_the_body(server, target, status):
    with server.connect() as wire:
        wire.send(HEAD.format(5).replace("POST /", f"POST {target}").encode())
        reply = wire.read()
        assert reply.status == status
        # The body may still come or not (RFC 9110, section 10.1.1): only the end is unambiguous.
        assert reply.headers.get("connection") == "close"
