"""Connections that go on, and requests that come before the answer to the last."""

import pytest

from support.wire import request

APP = """
import asyncio
from fasterapi import App

app = App()

@app.get("/sync/{n}")
def sync(n: int):
    return n

@app.get("/slow/{n}")
async def slow(n: int):
    await asyncio.sleep(0.02 if n % 2 else 0.001)
    return n

@app.post("/echo")
def echo(data: bytes):
    return data

@app.get("/big/{n}")
def big(n: int):
    return bytes([n]) * 300_000

@app.get("/gated")
def gated():
    open(GATE).read()
    return b"g" * 5_000_000
"""


@pytest.fixture(scope="module")
def server(serve_once):
    return serve_once(APP, config={"workers": 2})


def test_many_requests_on_one_connection(server):
    with server.connect() as wire:
        for n in range(200):
            assert wire.get(f"/sync/{n}").json() == n


@pytest.mark.parametrize("target", ["/sync", "/slow", "/health"])
def test_answers_come_in_the_order_of_requests(server, target):
    count = 30
    targets = [target if target == "/health" else f"{target}/{n}" for n in range(count)]
    with server.connect() as wire:
        wire.send(b"".join(request("GET", each) for each in targets))
        replies = [wire.read() for _ in range(count)]
    assert all(reply.status == 200 for reply in replies)
    if target != "/health":
        assert [reply.json() for reply in replies] == list(range(count))


def test_python_and_cpp_routes_take_turns_in_one_pipeline(server):
    parts = [request("GET", f"/slow/{n}") + request("GET", "/health") for n in range(10)]
    with server.connect() as wire:
        wire.send(b"".join(parts))
        for n in range(10):
            assert wire.read().json() == n
            assert wire.read().json() == {"status": "ok"}


def test_pipelined_bodies_stay_apart(server):
    bodies = [bytes([65 + n % 26]) * (1 + n * 997 % 9000) for n in range(40)]
    with server.connect() as wire:
        wire.send(b"".join(request("POST", "/echo", body=body) for body in bodies))
        for body in bodies:
            assert wire.read().body == body


def test_a_client_that_reads_late_gets_everything(server):
    with server.connect() as wire:
        wire.send(b"".join(request("GET", f"/big/{n}") for n in range(20)))
        for n in range(20):
            assert wire.read().body == bytes([n]) * 300_000


def test_connection_close_is_honoured_and_said(server):
    for target in ("/sync/1", "/health", "/nope"):
        with server.connect() as wire:
            reply = wire.get(target, "Connection: close")
            assert reply.headers["connection"] == "close"
            assert wire.is_ended()


def test_what_follows_connection_close_is_not_served(server):
    with server.connect() as wire:
        wire.send(request("GET", "/sync/1", "Connection: close") + request("GET", "/sync/2"))
        assert wire.read().json() == 1
        assert wire.is_ended()


def test_http_1_0_ends_unless_asked_otherwise(server):
    with server.connect() as wire:
        wire.send(b"GET /sync/1 HTTP/1.0\r\n\r\n")
        assert wire.read().json() == 1
        assert wire.is_ended()
    with server.connect() as wire:
        for _ in range(2):
            wire.send(b"GET /sync/1 HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
            reply = wire.read()
            assert reply.headers["connection"].lower() == "keep-alive"


def test_a_connection_may_have_a_last_request(serve):
    server = serve(APP, config={"limits": {"max_requests_per_connection": 3}})
    with server.connect() as wire:
        replies = [wire.get("/sync/1") for _ in range(3)]
        assert [r.headers.get("connection") for r in replies] == [None, None, "close"]
        assert wire.is_ended()


@pytest.mark.parametrize("fields", [(), ("Connection: close",)])
def test_the_last_answer_is_whole_whatever_the_client_sends_behind_it(serve, fields):
    server = serve(APP, config={"limits": {"max_requests_per_connection": 1}})
    gate = server.gate()
    with server.connect() as wire:
        wire.send(request("GET", "/gated", *fields))
        gate.wait_for_handler()
        wire.send(request("GET", "/sync/1"))
        gate.open()
        reply = wire.read()
        assert (len(reply.body), reply.headers["connection"]) == (5_000_000, "close")
        assert wire.is_ended()


def test_empty_lines_between_requests_are_passed_over(server):
    with server.connect() as wire:
        wire.send(b"\r\n" + request("GET", "/sync/1"))
        assert wire.read().json() == 1


def test_good_answers_come_before_the_error(server):
    with server.connect() as wire:
        wire.send(request("GET", "/sync/1") + request("GET", "/health") + b"BAD\r\n\r\n")
        assert wire.read().json() == 1
        assert wire.read().status == 200
        assert wire.read().status == 400
        assert wire.is_ended()


def test_two_io_threads_share_the_connections(serve):
    server = serve(APP, config={"io_threads": 2, "workers": 2})
    wires = [server.connect() for _ in range(20)]
    for n, wire in enumerate(wires):
        wire.send(request("GET", f"/slow/{n}"))
    for n, wire in enumerate(wires):
        assert wire.read().json() == n
        wire.close()
