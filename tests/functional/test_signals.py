"""SIGTERM and SIGINT, once and twice, and exit statuses."""

import signal

import pytest

from support.server import BINARY, wait_until
from support.wire import request

APP = """
import asyncio
from fasterapi import App, StreamingResponse

app = App()

@app.get("/block")
def block():
    open(GATE).read()
    return "done"

@app.get("/block-async")
async def block_async():
    await asyncio.to_thread(lambda: open(GATE).read())
    return "done"

@app.get("/forever")
async def forever():
    await asyncio.Event().wait()

@app.get("/stream", response_class=StreamingResponse)
def stream():
    yield b"first"
    open(GATE).read()
    yield b"second"

@app.get("/pausing", response_class=StreamingResponse)
async def pausing():
    yield b"first"
    try:
        await asyncio.Event().wait()
    finally:
        print("told to end")

@app.get("/quick")
def quick():
    return "quick"
"""
BOTH = [signal.SIGTERM, signal.SIGINT]


@pytest.mark.parametrize("number", BOTH)
def test_an_idle_server_ends_with_0(serve, number):
    server = serve(APP, config={"workers": 2, "io_threads": 2})
    assert server.get("/quick").status == 200
    server.signal(number)
    assert server.wait(10) == 0
    assert "stopped" in server.log


@pytest.mark.parametrize("target", ["/block", "/block-async"])
def test_requests_in_flight_are_answered(serve, target):
    server = serve(APP)
    gate, wire = server.hold(target)
    server.begin_drain()
    gate.open()
    reply = wire.read()
    assert (reply.status, reply.json()) == (200, "done")
    assert reply.headers["connection"] == "close"
    assert wire.is_ended()
    assert server.wait() == 0


def test_a_stream_in_flight_is_finished(serve):
    server = serve(APP)
    gate = server.gate()
    wire = server.connect()
    wire.send(request("GET", "/stream"))
    wire.head()
    assert wire.chunk() == b"first"
    server.begin_drain()
    gate.open()
    assert wire.chunk() == b"second"
    assert wire.chunk() == b""
    assert server.wait() == 0


def test_what_is_pipelined_behind_an_answer_that_keeps_the_connection_is_answered(serve):
    server = serve(APP)
    gate = server.gate()
    wire = server.connect()
    wire.send(request("GET", "/stream") + request("GET", "/quick"))
    assert "connection" not in wire.head().headers
    assert wire.chunk() == b"first"
    server.begin_drain()
    gate.open()
    assert wire.chunk() == b"second"
    assert wire.chunk() == b""
    reply = wire.read()
    assert (reply.json(), reply.headers["connection"]) == ("quick", "close")
    assert wire.is_ended()
    assert server.wait() == 0


def test_a_client_that_was_active_just_now_may_send_its_next_request(serve):
    server = serve(APP)
    gate = server.gate()
    held, busy = server.connect(), server.connect()
    held.send(request("GET", "/block"))  # so that the server is there until the end
    gate.wait_for_handler()
    assert busy.get("/health").status == 200
    server.begin_drain()
    wait_until(lambda: is_refused(server), "connections to be refused")
    reply = busy.get("/health")
    assert (reply.status, reply.headers["connection"]) == (200, "close")
    assert busy.is_ended()
    gate.open()
    assert held.read().status == 200
    assert server.wait() == 0


def test_no_new_connections_while_draining(serve):
    server = serve(APP)
    gate, wire = server.hold("/block")
    server.begin_drain()
    wait_until(lambda: is_refused(server), "connections to be refused")
    gate.open()
    assert wire.read().status == 200
    assert server.wait() == 0


def test_connections_that_wait_to_be_accepted_are_served(serve):
    server = serve(APP, config={"dispatch": "inline"})  # so that the handler keeps it from accepting
    gate = server.gate()
    wires = [server.connect()]
    wires[0].send(request("GET", "/block"))
    gate.wait_for_handler()
    wires += [server.connect().send(request("GET", "/quick")) for _ in range(200)]
    server.begin_drain()
    gate.open()
    assert {wire.read().status for wire in wires} == {200}
    assert server.wait() == 0


def is_refused(server):
    try:
        server.connect().close()
    except ConnectionError:
        return True
    return False


def test_idle_connections_are_closed(serve):
    server = serve(APP)
    with server.connect() as wire:
        assert wire.get("/quick").status == 200
        server.signal()
        assert wire.is_ended()
    assert server.wait(10) == 0


@pytest.mark.parametrize("number", BOTH)
def test_a_second_signal_ends_at_once(serve, number):
    server = serve(APP)
    server.hold("/block")
    server.begin_drain(number)
    server.signal(number)
    assert server.wait(10) == 128 + number


def test_a_second_signal_may_be_another(serve):
    server = serve(APP)
    server.hold("/block")
    server.begin_drain(signal.SIGTERM)
    server.signal(signal.SIGINT)
    assert server.wait(10) == 128 + signal.SIGINT


@pytest.fixture
def hang_up():
    """SIGHUP as a terminal's processes have it, also where the tests run under nohup."""
    before = signal.signal(signal.SIGHUP, signal.SIG_DFL)
    yield signal.SIGHUP
    signal.signal(signal.SIGHUP, before)


def test_a_terminal_that_closes_ends_it_once(serve, hang_up):
    server = serve(APP)
    gate, wire = server.hold("/block")
    server.begin_drain(hang_up)
    server.signal(hang_up)
    gate.open()
    assert wire.read().status == 200
    assert server.wait(10) == 0


def test_a_terminal_that_closes_does_not_end_what_ignores_it(serve):
    server = serve(command=["nohup", BINARY])
    server.signal(signal.SIGHUP)
    assert server.get("/health").status == 200
    server.stop()
    assert "signal 1:" not in server.log


@pytest.mark.parametrize("dispatch", ["auto", "inline", "ring"])
def test_who_waits_for_what_outlasts_the_grace_period_gets_503(serve, dispatch):
    server = serve(APP, config={"dispatch": dispatch, "timeouts": {"drain": "500ms"}})
    suspended, queued = server.connect(), server.connect()
    suspended.send(request("GET", "/forever") + request("GET", "/quick"))
    _, blocked = server.hold("/block")
    queued.send(request("GET", "/quick"))
    server.signal()
    for wire in (suspended, blocked, queued):
        reply = wire.read()
        assert (reply.status, reply.headers["connection"]) == (503, "close")
        assert "retry-after" in reply.headers
        assert wire.is_ended()
    assert server.wait(10) == 5


def test_answers_that_have_begun_are_cut_off_at_the_end_of_the_grace_period(serve):
    server = serve(APP, config={"timeouts": {"drain": "500ms"}})
    wires = [server.connect() for _ in range(2)]
    for wire in wires:
        wire.send(request("GET", "/pausing"))
        wire.head()
        assert wire.chunk() == b"first"
    server.signal()
    assert [wire.rest() for wire in wires] == [b"", b""]
    assert server.wait(10) == 5
    assert server.log.count("told to end") == 2


def test_a_drain_of_0_gives_the_shutdown_its_time_and_is_no_error(serve):
    app = APP + """
@app.on_event("shutdown")
async def shutdown():
    await asyncio.sleep(0.2)
    print("shut down")
"""
    server = serve(app, config={"timeouts": {"drain": 0}, "workers": 2, "io_threads": 2})
    idle = server.connect()
    assert idle.get("/quick").status == 200
    server.signal()
    assert server.wait(10) == 0
    assert server.log.count("shut down") == 2
    assert "ERROR" not in server.log
    assert idle.is_ended()


def test_a_drain_of_0_does_not_wait_for_a_handler(serve):
    server = serve(APP, config={"timeouts": {"drain": 0}})
    _, wire = server.hold("/block")
    server.signal()
    assert wire.read().status == 503
    assert server.wait(10) == 5


def test_a_client_that_never_finishes_its_request_does_not_hold_up_the_end(serve):
    server = serve(APP, config={"timeouts": {"drain": "60s", "header": "500ms"}})
    with server.connect() as wire:
        wire.send(b"GET /quick HTT")
        assert server.get("/quick").status == 200
        server.signal()
        assert server.wait(20) == 0


def test_sigpipe_does_not_kill_it(serve):
    server = serve(APP)
    server.signal(signal.SIGPIPE)
    assert server.get("/quick").status == 200
    for _ in range(20):
        wire = server.connect()
        wire.send(request("GET", "/quick") * 50)
        wire.close()
    assert server.get("/quick").status == 200
