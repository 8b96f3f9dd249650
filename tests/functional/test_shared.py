"""fasterapi.shared in the server: the cases of the package, and rooms over several workers."""

import re
from pathlib import Path

import pytest

from support.exposition import Page
from support.server import wait_until
from support.shared_cases import CASES
from support.wire import request

TESTS = Path(__file__).resolve().parents[1]
APP = """
import inspect
import _fasterapi
from fasterapi import App, EventSourceResponse, shared
from support.shared_cases import CASES

app = App()

@app.get("/case/{name}")
async def case(name: str):
    result = CASES[name]()
    if inspect.isawaitable(result):
        await result
    return "passed"

@app.get("/clear")
def clear():
    shared.clear()

@app.get("/visit/{times}")
def visit(times: int):
    worker = _fasterapi.worker_id()
    open(GATE + str(worker)).read()
    return [worker, [shared.incr("visits") for _ in range(times)]]

@app.get("/room/{name}", response_class=EventSourceResponse)
async def room(name: str):
    yield _fasterapi.worker_id()
    async for message in shared.subscribe(name):
        yield message

@app.post("/room/{name}")
def say(name: str, message: dict):
    return shared.publish(name, message)

@app.get("/wait/{name}")
async def wait(name: str):
    with shared.subscribe(name) as messages:
        return await messages.get()
"""
CONFIG = {"python": {"path": [str(TESTS)]}, "shared": {"max_bytes": "1MiB"}}


@pytest.fixture(scope="module")
def one(serve_once):
    return serve_once(APP, config={**CONFIG, "workers": 2})


@pytest.mark.parametrize("name", CASES)
def test_case(one, name):
    one.get("/clear")
    reply = one.get(f"/case/{name}")
    assert reply.status == 200, one.log
    assert reply.json() == "passed"


def subscribe_in_several_workers(server, target):
    """Connections that wait for events, and those."""
    wires, streams, workers = [], [], set()
    while len(wires) < 24 or len(workers) < 2:
        assert len(wires) < 400, "one worker takes them all"
        added = [server.connect() for _ in range(12)]
        for wire in added:
            wire.send(request("GET", target))
        opened = [events_of(wire) for wire in added]
        workers |= {read_until(events, 1)[0] for events in opened}
        wires += added
        streams += opened
    return wires, streams


def events_of(wire):
    """The data of the events as they come."""
    text = b""
    while True:
        text += wire.socket.recv(65536)
        found = re.findall(rb"data: (.*)\n", text)
        yield [each.decode().strip() for each in found]


def read_until(events, count):
    for found in events:
        if len(found) >= count:
            return found


@pytest.mark.parametrize("policy", ["auto", "inline", "ring"])
def test_a_message_reaches_the_subscribers_of_all_workers(serve, policy):
    config = {**CONFIG, "dispatch": policy, "workers": 3, "io_threads": 3}
    server = serve(APP, config={**config, "metrics": {"path": "/metrics"}})
    wires, streams = subscribe_in_several_workers(server, "/room/a")
    count = len(wires)

    def subscribers():
        page = Page(server.get("/metrics").body.decode())
        return page("fasterapi_shared_subscribers")

    wait_until(lambda: subscribers() == count, "all to have subscribed")
    for number in range(3):
        assert server.post("/room/a", {"number": number}).json() == count
    assert server.post("/room/b", {"number": 7}).json() == 0
    for events in streams:
        assert read_until(events, 4)[1:] == ['{"number":0}', '{"number":1}', '{"number":2}']
    for wire in wires[4:]:
        wire.close()
    # That they have left shows when something is written to them.
    wait_until(lambda: server.post("/room/a", {}).json() == 4, "those who left to be gone")
    assert subscribers() == 4
    server.signal()
    assert server.wait(10) == 0  # rooms end when the server stops, or this took timeouts.drain


def test_workers_count_together(serve, background):
    server = serve(APP, config={**CONFIG, "workers": 3, "io_threads": 3, "dispatch": "ring"})
    with server.worker_gates(3) as gates:
        visits = [background(server.get, "/visit/2000") for _ in range(3)]
        gates.wait_for_handlers()
        gates.open()
        replies = [visit.result(20).json() for visit in visits]
    assert {worker for worker, _ in replies} == {0, 1, 2}
    assert sorted(sum((counts for _, counts in replies), [])) == list(range(1, 6001))


def test_a_handler_that_waits_for_a_message_wakes(serve):
    server = serve(APP, config={**CONFIG, "workers": 2, "io_threads": 2})
    for number in range(20):
        with server.connect() as wire:
            wire.send(request("GET", "/wait/a"))
            publish_to_one(server, {"n": number})
            assert wire.read().json() == {"n": number}


def publish_to_one(server, message):
    wait_until(lambda: server.post("/room/a", message).json() == 1, "a subscriber")


def test_a_store_that_refuses_when_it_is_full(serve):
    app = """
from fasterapi import App, shared

app = App()

@app.get("/fill")
def fill():
    stored = 0
    try:
        while stored < 10000:
            shared.set(f"key {stored}", stored)
            stored += 1
    except shared.StoreFull as full:
        return [stored, str(full), shared.stats()]
"""
    server = serve(app, config={"shared": {"max_bytes": "64KiB", "when_full": "refuse"}})
    stored, text, stats = server.get("/fill").json()
    assert 100 < stored < 1000
    assert "shared.max_bytes" in text
    assert stats["keys"] == stored
    assert stats["evicted"] == 0
    assert stats["refused"] == 1


def test_what_subscribes_in_the_main_interpreter_is_served_as_well(serve):
    python = {**CONFIG["python"], "use_subinterpreters": False}
    server = serve(APP, config={**CONFIG, "python": python})
    with server.connect() as wire:
        wire.send(request("GET", "/wait/a"))
        publish_to_one(server, {"n": 1})
        assert wire.read().json() == {"n": 1}
