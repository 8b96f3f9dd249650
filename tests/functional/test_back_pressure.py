"""One worker, blocked, and more requests than the ring holds."""

import pytest

from support.server import wait_until
from support.wire import request

APP = """
from fasterapi import App, PythonExecutor, Response

app = App()
served = []

@app.get("/block")
def block():
    open(GATE).read()
    return "unblocked"

@app.get("/quick/{n}")
def quick(n: int):
    served.append(n)
    return n

@app.get("/served")
def show():
    return sorted(served)
""".replace("PythonExecutor, ", "")


def config(queue="400ms", capacity=2):
    return {"workers": 1, "limits": {"queue_capacity": capacity}, "timeouts": {"queue": queue}}


@pytest.fixture
def blocked(serve):
    """A server whose worker stands at a gate, the gate, and the connection that waits for it."""

    def start(**options):
        server = serve(APP, config=config(**options))
        gate = server.gate()
        wire = server.connect()
        wire.send(request("GET", "/block"))
        gate.wait_for_handler()
        return server, gate, wire

    return start


def test_a_request_that_waits_too_long_is_503_with_retry_after(blocked):
    server, gate, wire = blocked()
    reply = server.get("/quick/1")
    assert reply.status == 503
    assert int(reply.headers["retry-after"]) >= 1
    assert reply.json() == {"detail": "Service Unavailable"}
    gate.open()
    assert wire.read().json() == "unblocked"
    wait_until(lambda: server.get("/served").status == 200, "the worker")
    assert 1 not in server.get("/served").json(), "a request answered with 503 was run all the same"


def test_a_full_ring_keeps_the_rest_at_their_connections(blocked):
    server, gate, wire = blocked()
    wires = [server.connect() for _ in range(10)]
    for n, each in enumerate(wires):
        each.send(request("GET", f"/quick/{n}"))
    for each in wires:
        assert each.read().status == 503
        each.close()
    gate.open()
    assert wire.read().status == 200


def test_cpp_routes_answer_meanwhile(blocked):
    server, gate, wire = blocked(queue="20s")
    waiting = [server.connect() for _ in range(6)]
    for n, each in enumerate(waiting):
        each.send(request("GET", f"/quick/{n}"))
    for _ in range(20):
        assert server.get("/health").status == 200
    gate.open()
    assert wire.read().json() == "unblocked"
    assert [each.read().json() for each in waiting] == list(range(6))
    assert server.get("/served").json() == list(range(6))


def test_what_is_not_read_does_not_fill_the_memory(blocked):
    """A client that pipelines without end is held up by TCP, not by our memory."""
    server, gate, wire = blocked(queue="20s")
    flood = server.connect()
    flood.socket.settimeout(0.5)
    sent = 0
    block = request("GET", "/quick/1") * 1000
    with pytest.raises(TimeoutError):
        while sent < 200_000_000:
            sent += flood.socket.send(block)
    assert sent < 50_000_000
    flood.close()
    gate.open()
    assert wire.read().status == 200
