"""Clients that leave before their answer: what waits for a worker, or in a batch, is not run for
them, and a handler can ask. One that has ended its half alone gets its answer."""

import socket
import struct

import pytest

from support.server import wait_until
from support.wire import request

APP = """
from fasterapi import App, Depends, Request

app = App()
seen = []

@app.get("/looks")
async def looks(request: Request):
    before = await request.is_disconnected()
    open(GATE).read()
    seen.append([before, await request.is_disconnected()])
    return seen[-1]

def passed_on(request: Request):
    return request

@app.get("/depends")
async def depends(request: Request = Depends(passed_on)):
    open(GATE).read()
    seen.append([False, await request.is_disconnected()])
    return seen[-1]

@app.get("/block")
def block():
    open(GATE).read()

@app.get("/quick/{n}")
def quick(n: int):
    seen.append(n)
    return n

@app.get("/batch")
@app.batch_handler(max_batch_size=4, max_delay_ms=20000)
def batch(requests):
    return [len(requests)] * len(requests)

@app.get("/seen")
def show():
    return seen
"""


@pytest.fixture
def server(serve):
    return serve(APP)


@pytest.fixture
def unix(serve):
    return serve(APP, is_unix=True)


def reset(wire):
    wire.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    wire.close()


def let_wait(server):
    """What was sent before is with the worker after this, and has waited for some milliseconds."""
    for _ in range(20):
        assert server.get("/health").status == 200


def run_queue(server, leave):
    """Clients that leave while the only worker is busy; the numbers of those that were served."""
    gate, blocked = server.gate(), server.connect()
    blocked.send(request("GET", "/block"))
    gate.wait_for_handler()
    leaving = [server.connect() for _ in range(10)]
    for n, each in enumerate(leaving):
        each.send(request("GET", f"/quick/{n}"))
    let_wait(server)
    for each in leaving:
        leave(each)
    staying = server.connect().send(request("GET", "/quick/99"))
    let_wait(server)
    gate.open()
    assert blocked.read().status == 200
    assert staying.read().json() == 99
    return server.get("/seen").json(), leaving


def test_those_who_reset_the_connection_are_not_served(server):
    assert run_queue(server, reset)[0] == [99]


def test_those_who_close_a_unix_socket_are_not_served(unix):
    assert run_queue(unix, lambda wire: wire.close())[0] == [99]


def test_those_who_end_their_half_are_served(server):
    seen, waiting = run_queue(server, lambda wire: wire.end_input())
    assert seen == [*range(10), 99]
    assert [each.read().json() for each in waiting] == list(range(10))


def test_a_batch_is_without_those_who_left(server):
    first, second, third, last = (server.connect() for _ in range(4))
    for each in (first, second, third):
        each.send(request("GET", "/batch"))
        let_wait(server)
    reset(first)
    reset(second)
    third.end_input()
    last.send(request("GET", "/batch"))
    assert [third.read().json(), last.read().json()] == [2, 2]


@pytest.mark.parametrize("target", ["/looks", "/depends"])
@pytest.mark.parametrize("leave", [reset, lambda wire: wire.close()])
def test_a_handler_learns_that_its_client_has_left(server, leave, target):
    gate, wire = server.gate(), server.connect()
    wire.send(request("GET", target))
    gate.wait_for_handler()
    leave(wire)
    gate.open()
    wait_until(lambda: server.get("/seen").json() == [[False, True]], "the handler")


def test_a_handler_learns_that_its_client_has_ended_its_half(server):
    gate, wire = server.gate(), server.connect()
    wire.send(request("GET", "/looks"))
    gate.wait_for_handler()
    wire.end_input()
    gate.open()
    assert wire.read().json() == [False, True]


def test_a_client_that_stays_has_not_left(server):
    gate, wire = server.gate(), server.connect()
    wire.send(request("GET", "/looks"))
    gate.wait_for_handler()
    gate.open()
    assert wire.read().json() == [False, False]
    assert wire.get("/quick/1").json() == 1
