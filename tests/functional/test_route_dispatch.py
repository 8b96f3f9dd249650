"""Where the handlers of single routes run, and what the figures tell of it."""

import select

import pytest

from support.server import wait_until
from support.wire import request

POLICIES = ["auto", "inline", "ring"]
APP = """
import threading
import _fasterapi
from fasterapi import App, APIRouter

app = App()
router = APIRouter(prefix="/router", dispatch="ring")

@app.get("/quick")
def quick():
    return "quick"

@app.get("/stats", dispatch="auto")
def stats():
    return {"thread": threading.get_native_id(), **_fasterapi.stats()}

@app.get("/auto", dispatch="auto")
def block():
    open(GATE).read()
    return "done"

app.get("/inline", dispatch="inline")(block)
app.get("/ring", dispatch="ring")(block)
router.get("/ring")(block)

@app.get("/async-ring", dispatch="ring")
async def suspends():
    import asyncio
    await asyncio.sleep(0)
    return "later"

@app.get("/short-inline", dispatch="inline")
def short():
    return "short"

app.include_router(router)
"""


def loans_of(server):
    stats = server.get("/stats").json()
    return {key: stats[key] for key in ("lent", "passed_on", "given_back", "taken_back")}


def blocked_at(server, gate, target):
    wire = server.connect()
    wire.send(request("GET", target))
    gate.wait_for_handler()
    return wire


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("workers", [1, 3])
def test_routes_of_every_policy_serve_beside_each_other(serve, policy, workers):
    server = serve(APP, config={"dispatch": policy, "workers": workers})
    wires = [server.connect() for _ in range(4)]
    answers = {"/quick": "quick", "/async-ring": "later", "/short-inline": "short"}
    for target, answer in [*answers.items()] * 8:
        for wire in wires:
            wire.send(request("GET", target))
        for wire in wires:
            assert wire.read().json() == answer


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("target", ["/ring", "/router/ring"])
def test_a_route_of_the_ring_leaves_connections_alone(serve, policy, target):
    server = serve(APP, config={"dispatch": policy})
    lead(server)
    gate = server.gate()
    wire = blocked_at(server, gate, target)
    for _ in range(20):
        assert server.get("/health").status == 200
    gate.open()
    assert wire.read().json() == "done"


def test_the_figures_tell_of_loans(serve):
    server = serve(APP, config={"dispatch": "auto"})
    gate = server.gate()

    def has_given_back():
        lead(server)
        wire = blocked_at(server, gate, "/ring")
        gate.open()
        assert wire.read().json() == "done"
        return loans_of(server)["given_back"] > 0

    wait_until(has_given_back, "a worker that gives its reactor back")
    assert loans_of(server)["lent"] > 0


@pytest.mark.parametrize("policy", ["auto", "ring"])
def test_a_route_that_is_inline_keeps_its_reactor_however_long_it_takes(serve, policy):
    server = serve(APP, config={"dispatch": policy, "workers": 2})
    gate = server.gate()
    # On a busy machine home may have taken the reactor back from a worker right before.
    assert any(holds_up_its_reactor(server, gate) for _ in range(20))
    assert server.get("/quick").json() == "quick"


def holds_up_its_reactor(server, gate):
    lead(server)
    wire, other = blocked_at(server, gate, "/inline"), server.connect()
    other.send(request("GET", "/health"))
    is_held_up = not select.select([other.socket], [], [], 0.1)[0]
    gate.open()
    assert wire.read().json() == "done"
    assert other.read().status == 200
    return is_held_up


def lead(server):
    """Until a worker has the reactor, as it has where requests come without a pause."""
    with server.connect() as wire:
        for _ in range(50):
            assert wire.get("/short-inline").json() == "short"


def test_a_route_that_is_auto_is_found_out_in_an_app_that_is_inline(serve):
    server = serve(APP, config={"dispatch": "inline"})
    lead(server)
    gate = server.gate()
    wire = blocked_at(server, gate, "/auto")
    assert server.get("/health").status == 200
    gate.open()
    assert wire.read().json() == "done"
    assert loans_of(server)["taken_back"] >= 1


def test_without_an_idle_worker_requests_have_their_turn_in_order(serve):
    server = serve(APP, config={"dispatch": "auto"})
    gate = server.gate()
    before = server.get("/stats").json()
    first = blocked_at(server, gate, "/ring")
    others = [server.connect() for _ in range(8)]
    for wire in others:
        wire.send(request("GET", "/stats"))
        assert server.get("/health").status == 200  # read after it, so it is in the ring
    gate.open()
    assert first.read().json() == "done"
    stats = [wire.read().json() for wire in others]
    assert [each["taken"] - before["taken"] for each in stats] == list(range(2, 10))
    assert [each["queued"] for each in stats] == list(range(7, -1, -1))
    assert stats[0]["waited_us"] > before["waited_us"]


@pytest.mark.parametrize("word", ["sometimes", "", "Ring"])
def test_a_policy_that_is_none_is_an_error_at_registration(serve, word):
    app = f"""
        from fasterapi import App
        app = App()
        @app.get("/", dispatch={word!r})
        def f(): ...
    """
    server = serve(app, is_ready=False)
    assert server.wait() == 3
    assert 'dispatch is "auto", "inline" or "ring"' in server.log
