"""Handlers that run over their deadline."""

import pytest

from support.server import wait_until
from support.wire import request

APP = """
import asyncio
from fasterapi import App

app = App()
seen = []

@app.get("/async")
async def wait():
    try:
        await asyncio.sleep(30)
    except asyncio.CancelledError:
        seen.append("cancelled")
        raise

@app.get("/stubborn")
async def stubborn():
    try:
        await asyncio.sleep(30)
    except asyncio.CancelledError:
        seen.append("stubborn")
    return "late"

@app.get("/sync")
def block():
    open(GATE).read()
    seen.append("sync ended")
    return "late"

@app.get("/seen")
def show():
    return seen
"""


@pytest.fixture
def server(serve):
    return serve(APP, config={"timeouts": {"handler": "300ms", "queue": "20s"}})


@pytest.mark.parametrize("target, mark", [("/async", "cancelled"), ("/stubborn", "stubborn")])
def test_an_async_handler_is_504_and_cancelled(server, target, mark):
    reply = server.get(target)
    assert (reply.status, reply.json()) == (504, {"detail": "Gateway Timeout"})
    wait_until(lambda: mark in server.get("/seen").json(), "the cancellation")
    server.wait_log(rf"[0-9a-f]+-[0-9]+.*{target}.*deadline")


def test_a_sync_handler_is_504_and_its_late_result_is_dropped(server):
    gate = server.gate()
    with server.connect() as wire:
        wire.send(request("GET", "/sync"))
        gate.wait_for_handler()
        assert wire.read().status == 504
        gate.open()
        assert wire.is_ended()
    assert "sync ended" in server.get("/seen").json()
    with server.connect() as wire:
        assert wire.get("/seen").status == 200
        assert wire.get("/seen").status == 200


def test_a_deadline_says_nothing_where_it_is_kept(server):
    assert server.get("/seen").status == 200
    assert "deadline" not in server.log


def test_a_stuck_worker_is_replaced(server):
    gate = server.gate()
    with server.connect() as wire:
        wire.send(request("GET", "/sync"))
        gate.wait_for_handler()
        assert wire.read().status == 504
        assert server.get("/seen").json() == []  # the first worker stands at the gate
        server.wait_log("stuck in a handler")
        gate.open()
    assert server.get("/seen").status == 200


def test_as_many_workers_are_replaced_as_there_are_and_then_no_more(serve):
    timeouts = {"handler": "100ms", "queue": "200ms", "drain": "200ms"}
    server = serve(APP, config={"timeouts": timeouts})
    gate = server.gate()
    for told in ("takes the place", "no more are"):
        wire = server.connect()
        wire.send(request("GET", "/sync"))
        gate.wait_for_handler()
        assert wire.read().status == 504
        server.wait_log(told)
    reply = server.get("/seen")
    assert (reply.status, reply.headers["retry-after"]) == (503, "1")
    assert server.get("/health").status == 200
    server.stop(expected=5)
