"""Urgent data in the middle of a request (TCP's, MSG_OOB): the urgent byte is left out, and what is
behind it is read without waiting for more."""

import signal
import socket

import pytest

from support.streamed import head
from support.wire import request

APP = """
from fasterapi import App, Request

app = App()

@app.post("/echo")
def echo(data: bytes):
    return data

@app.post("/stream")
async def stream(request: Request):
    return sum([len(piece) async for piece in request.stream()])
"""
GET = request("GET", "/health")


@pytest.fixture(scope="module")
def server(serve_once):
    return serve_once(APP)


def send_at_once(server, wire, before, behind):
    """All of it is there before the server receives, with an urgent byte between."""
    server.signal(signal.SIGSTOP)
    try:
        wire.send(before)
        wire.socket.send(b"!", socket.MSG_OOB)
        wire.send(behind)
    finally:
        server.signal(signal.SIGCONT)


@pytest.mark.parametrize("at", [1, len(GET) - 1, len(GET)])
def test_in_a_head_and_behind_it(server, at):
    with server.connect() as wire:
        send_at_once(server, wire, GET[:at], GET[at:] + GET)
        assert wire.read().status == 200
        assert wire.read().status == 200
        assert wire.get("/health").status == 200


def test_before_the_first_byte(server):
    with server.connect() as wire:
        send_at_once(server, wire, b"", GET)
        assert wire.read().status == 200


def test_in_a_small_body(server):
    with server.connect() as wire:
        send_at_once(server, wire, head("/echo", length=2000) + b"a" * 1000, b"b" * 1000)
        assert wire.read().body == b"a" * 1000 + b"b" * 1000
        send_at_once(server, wire, head("/echo", length=2) + b"a", b"b")
        assert wire.read().body == b"ab"


@pytest.mark.parametrize("target", ["/echo", "/stream"])
def test_in_a_large_body(server, target):
    body = b"a" * 50_000
    with server.connect() as wire:
        send_at_once(server, wire, head(target, length=100_000) + body, body)
        assert wire.read().status == 200
        assert wire.get("/health").status == 200


def test_who_sent_some_is_served_as_others_are(server):
    with server.connect() as wire:
        send_at_once(server, wire, GET[:10], GET[10:])
        assert wire.read().status == 200
        for _ in range(3):
            assert wire.get("/health").status == 200
        wire.send(GET).end_input()
        assert wire.read().status == 200
        assert wire.is_ended()
