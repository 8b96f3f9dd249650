"""batch_handler: one call for many requests, gathered by the server."""

from pathlib import Path

import pytest

from support.batch_app import CASES
from support.wire import request

SHARED = Path(__file__).resolve().parents[1] / "support" / "batch_app.py"
LAYERS = {
    "plain": "",
    "http": """
@app.middleware("http")
async def through(request, call_next):
    return await call_next(request)
""",
    "timing": """
from fasterapi import metrics
import time

@app.middleware
async def timing(req, res):
    start = time.perf_counter()
    await next()
    metrics.record_latency(time.perf_counter() - start)
""",
}

APP = """
from dataclasses import dataclass
from fasterapi import App, HTTPException, JSONResponse, Model, PlainTextResponse, Request

app = App()
calls = []

@app.post("/sizes")
@app.batch_handler(max_batch_size=4, max_delay_ms=20)
def sizes(requests):
    calls.append(len(requests))
    return [{"size": len(requests), "at": at} for at, _ in enumerate(requests)]

@app.batch_handler(max_batch_size=3, max_delay_ms=5000)
@app.get("/outside")
def outside(requests):
    return [request.query_params["n"] for request in requests]

@app.get("/queued")
@app.batch_handler(max_batch_size=100, max_delay_ms=0)
def queued(requests: list):
    return [len(requests)] * len(requests)

class Item(Model):
    name: str
    price: float

@app.post("/items", status_code=201)
@app.batch_handler(max_batch_size=3, max_delay_ms=5000)
def items(items: list[Item]):
    return [{"name": item.name, "of": len(items)} for item in items]

@app.post("/texts", status_code=202, response_class=PlainTextResponse)
@app.batch_handler(max_batch_size=2, max_delay_ms=5000)
def texts(items: list[Item]):
    calls.append(len(items))
    return [items[0].name, HTTPException(409, "taken")]

@app.post("/outcomes")
@app.batch_handler(max_batch_size=5, max_delay_ms=5000)
def outcomes(requests: list[Request]):
    taken, secret = HTTPException(409, "taken"), ValueError("secret")
    return ["value", JSONResponse("made", 202), taken, secret, None]

@app.get("/async")
@app.batch_handler(max_batch_size=3, max_delay_ms=5000)
async def in_async(requests):
    import asyncio
    bodies = [await request.body() for request in requests]
    await asyncio.sleep(0.01)
    return [len(bodies), HTTPException(418, "tea"), ValueError("secret")]

@app.get("/raise")
@app.batch_handler(max_batch_size=3, max_delay_ms=5000)
def fail(requests):
    raise RuntimeError("all of them")

@app.get("/split")
@app.batch_handler(max_batch_size=3, max_delay_ms=5000, on_error="split")
def split(requests):
    if any(request.query_params["n"] == "1" for request in requests):
        raise RuntimeError("only that one")
    return [request.query_params["n"] for request in requests]

@app.get("/short")
@app.batch_handler(max_batch_size=3, max_delay_ms=5000)
def short(requests):
    return ["one"]

@app.get("/calls")
def show_calls():
    return calls

@app.get("/block")
def block():
    open(GATE).read()
    return "done"
"""


@pytest.fixture(scope="module", params=LAYERS)
def layered(serve_once, request):
    return serve_once(SHARED.read_text() + LAYERS[request.param])


@pytest.mark.parametrize("name", CASES)
def test_a_crowd_gets_its_answers(layered, name):
    case = CASES[name]
    json = "Content-Type: application/json"
    messages = [request(method, target, json, body=body) for method, target, body in case.requests]
    replies = at_once(layered, messages)
    assert [(reply.status, reply.json()) for reply in replies] == case.answers


@pytest.fixture(params=["auto", "ring"])
def server(serve, request):
    return serve(APP, config={"dispatch": request.param})


def at_once(server, messages):
    """Each on a connection of its own; the answers in the same order."""
    wires = [server.connect() for _ in messages]
    for wire, message in zip(wires, messages):
        wire.send(message)
    replies = [wire.read() for wire in wires]
    for wire in wires:
        wire.close()
    return replies


def gets(path, count=3):
    return [request("GET", f"{path}?n={n}") for n in range(count)]


def test_a_full_batch_is_called_at_once(server):
    replies = at_once(server, gets("/outside"))
    assert sorted(reply.json() for reply in replies) == ["0", "1", "2"]
    assert [reply.json() for reply in replies] == ["0", "1", "2"]


def test_one_that_is_not_full_is_called_after_the_delay(server):
    assert server.post("/sizes", {}).json() == {"size": 1, "at": 0}
    assert server.get("/calls").json() == [1]


def test_larger_crowds_are_cut_into_batches(server):
    replies = at_once(server, [request("POST", "/sizes", body=b"{}")] * 8)
    assert sum(server.get("/calls").json()) == 8
    assert all(1 <= reply.json()["size"] <= 4 for reply in replies)


def test_without_delay_it_takes_what_has_queued_up(server):
    assert server.get("/queued").json() == 1
    gate = server.gate()
    blocked = server.connect().send(request("GET", "/block"))
    gate.wait_for_handler()
    wires = [server.connect().send(request("GET", "/queued")) for _ in range(9)]
    assert server.get("/health").status == 200  # what was sent before has been read
    gate.open()
    assert blocked.read().json() == "done"
    sizes = [wire.read().json() for wire in wires]
    assert max(sizes) > 1


def test_bodies_are_validated_one_by_one(server):
    good = [
        request("POST", "/items", "Content-Type: application/json", body=b'{"name":"a","price":1}'),
        request("POST", "/items", "Content-Type: application/json", body=b'{"name":"b","price":2}'),
    ]
    bad = request("POST", "/items", "Content-Type: application/json", body=b'{"name":"c"}')
    first, refused, second = at_once(server, [good[0], bad, good[1]])
    assert (first.status, first.json()) == (201, {"name": "a", "of": 2})
    assert (second.status, second.json()) == (201, {"name": "b", "of": 2})
    assert refused.status == 422
    assert refused.json()["detail"][0]["loc"] == ["body", "price"]


def item(name, price):
    body = f'{{"name":"{name}","price":{price}}}'.encode()
    return request("POST", "/texts", "Content-Type: application/json", body=body)


def test_results_have_the_route_s_status_and_type(server):
    replies = at_once(server, [item("a", 1), item("b", 2)])
    (named,) = (place for place, reply in enumerate(replies) if reply.status == 202)
    assert replies[named].body == b"ab"[named : named + 1]  # whichever was read first
    assert replies[named].headers["content-type"] == "text/plain; charset=utf-8"
    taken = replies[1 - named]
    assert (taken.status, taken.json()) == (409, {"detail": "taken"})


def test_where_every_body_is_refused_nothing_is_called(server):
    replies = at_once(server, [item("a", '"x"'), item("b", "null")])
    assert [reply.status for reply in replies] == [422, 422]
    assert server.get("/calls").json() == []


def test_each_result_concerns_its_own_request(server):
    replies = at_once(server, [request("POST", "/outcomes")] * 5)
    assert sorted(reply.status for reply in replies) == [200, 200, 202, 409, 500]
    assert "secret" in server.wait_log("ValueError: secret").group()
    assert not any(b"secret" in reply.body for reply in replies)


def test_an_async_batch(server):
    replies = at_once(server, gets("/async"))
    assert sorted(reply.status for reply in replies) == [200, 418, 500]
    assert [reply.json() for reply in replies if reply.status == 200] == [3]


def test_a_batch_that_raises_fails_for_all_and_is_logged_once(server):
    replies = at_once(server, gets("/raise"))
    assert [(reply.status, reply.json()["detail"]) for reply in replies] == [
        (500, "Internal Server Error")
    ] * 3
    server.wait_log("RuntimeError: all of them")
    assert server.log.count("RuntimeError: all of them") == 1


def test_a_batch_that_raises_may_be_tried_again_one_by_one(server):
    replies = at_once(server, gets("/split"))
    assert [reply.status for reply in replies] == [200, 500, 200]
    assert [replies[0].json(), replies[2].json()] == ["0", "2"]


def test_too_few_results_are_an_error_for_all(server):
    assert [reply.status for reply in at_once(server, gets("/short"))] == [500] * 3
    server.wait_log("a batch of 3 requests has 1 for results")


def test_who_left_is_not_in_the_batch(serve):
    server = serve(APP, config={"timeouts": {"handler": "300ms"}})
    late = server.connect().send(request("GET", "/outside?n=9"))
    assert late.read().status == 504
    replies = at_once(server, gets("/outside"))
    assert [reply.status for reply in replies] == [200] * 3


def test_a_batch_that_gathers_is_answered_before_the_end(serve):
    server = serve(APP)
    wire = server.connect().send(request("GET", "/outside?n=1"))
    assert server.get("/calls").status == 200
    server.signal()
    assert wire.read().json() == "1"
    assert server.wait() == 0


def test_behind_middleware(serve):
    layer = """
@app.middleware("http")
async def through(request, call_next):
    response = await call_next(request)
    response.headers["x-layer"] = "yes"
    return response
"""
    server = serve(APP + layer)
    replies = at_once(server, gets("/outside"))
    assert [reply.json() for reply in replies] == ["0", "1", "2"]
    assert replies[0].headers["x-layer"] == "yes"
    assert [reply.status for reply in at_once(server, gets("/split"))] == [200, 500, 200]


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("@app.batch_handler(max_batch_size=0)\ndef f(requests): ...", "is at least 1"),
        ("@app.batch_handler()\ndef f(a, b): ...", "has one parameter"),
        ("@app.batch_handler()\ndef f(a: int): ...", "takes list"),
        ('@app.batch_handler(on_error="ignore")\ndef f(requests): ...', "on_error is"),
    ],
)
def test_a_handler_that_cannot_be_one_is_refused_at_start(serve, code, message):
    app = f"from fasterapi import App\napp = App()\n@app.get('/')\n{code}\n"
    server = serve(app, is_ready=False)
    assert server.wait() == 3
    assert message in server.log
