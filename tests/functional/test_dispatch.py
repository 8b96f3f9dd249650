"""Where handlers run: on the thread that read the request, or on another."""

import re
import subprocess
from pathlib import Path

import pytest

from support.wire import request

POLICIES = ["auto", "inline", "ring"]
APP = """
import asyncio
import os
import threading
from fasterapi import App

app = App()

@app.get("/quick")
def quick():
    return "quick"

@app.get("/block")
def block():
    open(GATE).read()
    return "done"

@app.get("/suspend")
async def suspend():
    await asyncio.to_thread(lambda: open(GATE).read())
    return "done"

@app.get("/timer")
async def timer():
    await asyncio.sleep(0.01)
    return "later"

@app.get("/streams")
async def streams():
    reader, writer = await asyncio.open_unix_connection(os.environ["ECHO"])
    writer.write(b"there and back")
    answer = await reader.readexactly(14)
    writer.close()
    return answer.decode()

@app.on_event("startup")
async def serve_echo():
    os.environ["ECHO"] = f"{GATE}.echo.{threading.get_native_id()}"
    async def echo(reader, writer):
        writer.write(await reader.readexactly(14))
        await writer.drain()
        writer.close()
    app.state.echo = await asyncio.start_unix_server(echo, os.environ["ECHO"])
"""


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize(("workers", "loops"), [(1, 1), (1, 3), (2, 1), (2, 2), (4, 2)])
def test_every_policy_serves(serve, policy, workers, loops):
    server = serve(APP, config={"dispatch": policy, "workers": workers, "io_threads": loops})
    wires = [server.connect() for _ in range(8)]
    for _ in range(20):
        for wire in wires:
            wire.send(request("GET", "/quick"))
        for wire in wires:
            assert wire.read().json() == "quick"
    assert server.get("/timer").json() == "later"


@pytest.mark.parametrize("policy", POLICIES)
def test_the_app_own_sockets_and_timers_go_on(serve, policy):
    server = serve(APP, config={"dispatch": policy})
    with server.connect() as wire:
        for _ in range(20):
            assert wire.get("/streams").json() == "there and back"
            assert wire.get("/timer").json() == "later"


@pytest.mark.parametrize("policy", ["auto", "ring"])
@pytest.mark.parametrize("loops", [1, 2])
def test_a_blocking_handler_leaves_the_others_to_the_idle_worker(serve, policy, loops):
    server = serve(APP, config={"dispatch": policy, "workers": 2, "io_threads": loops})
    gate = server.gate()
    with server.connect() as other:
        assert other.get("/quick").status == 200
        blocked = server.connect()
        blocked.send(request("GET", "/block"))
        gate.wait_for_handler()
        for _ in range(50):
            assert other.get("/quick").json() == "quick"
            assert server.get("/quick").json() == "quick"
        gate.open()
        assert blocked.read().json() == "done"
        assert blocked.get("/quick").json() == "quick"


def test_a_blocking_handler_leaves_connections_and_routes_in_cpp_alone(serve):
    server = serve(APP, config={"dispatch": "auto"})
    gate = server.gate()
    blocked = server.connect()
    for _ in range(2):  # the first time it is found out, the second it is known
        blocked.send(request("GET", "/block"))
        gate.wait_for_handler()
        for _ in range(20):
            assert server.get("/health").status == 200
        gate.open()
        assert blocked.read().json() == "done"
    assert server.get("/quick").json() == "quick"


def test_after_a_blocking_handler_the_reactor_is_lent_again(serve):
    server = serve(APP, config={"dispatch": "auto"})
    with server.connect() as wire:
        gate = server.gate()
        wire.send(request("GET", "/block"))
        gate.wait_for_handler()
        gate.open()
        assert wire.read().json() == "done"
        for _ in range(300):
            assert wire.get("/quick").json() == "quick"


@pytest.mark.parametrize("policy", ["auto", "ring"])
@pytest.mark.parametrize("target", ["/block", "/suspend"])
def test_a_pipelined_answer_does_not_wait_for_a_blocking_one(serve, policy, target):
    server = serve(APP, config={"dispatch": policy})
    gate = server.gate()
    wire = server.connect()
    wire.send(request("GET", "/quick") * 3 + request("GET", target) + request("GET", "/quick"))
    gate.wait_for_handler()
    for _ in range(3):
        assert wire.read().json() == "quick"
    gate.open()
    assert wire.read().json() == "done"
    assert wire.read().json() == "quick"


def test_pipelined_answers_leave_together(serve):
    server = serve(APP, config={"dispatch": "inline"})
    with server.connect() as wire:
        wire.send(request("GET", "/quick") * 16)
        answers = [wire.read().json() for _ in range(16)]
    assert answers == ["quick"] * 16


def test_an_idle_server_sleeps(serve):
    server = serve(APP, config={"dispatch": "auto", "workers": 2, "io_threads": 2})
    with server.connect() as wire:
        assert wire.get("/quick").status == 200
        before = sleeps_of(server)
        with pytest.raises(subprocess.TimeoutExpired):
            server.process.wait(2)
        # The connection's timeouts tick ten times a second; a watch that does not end would do so
        # two thousand times.
        assert sleeps_of(server) - before < 200


def sleeps_of(server):
    tasks = Path(f"/proc/{server.process.pid}/task").glob("*/status")
    found = [re.search(r"^voluntary_ctxt_switches:\s*(\d+)", t.read_text(), re.M) for t in tasks]
    return sum(int(each[1]) for each in found)


def test_an_unknown_policy_is_refused(serve):
    server = serve(APP, config={"dispatch": "sometimes"}, is_ready=False)
    assert server.wait() == 2
    assert '"auto"' in server.log
