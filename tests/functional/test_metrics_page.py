"""/metrics: what the server counts of its requests, read as Prometheus reads it."""

import urllib.request

import pytest

from support.exposition import Page
from support.server import wait_until
from support.wire import request

APP = """
import asyncio
import time
from fasterapi import App, HTTPException

app = App()

@app.get("/items/{item_id}")
def item(item_id: int):
    return {"item_id": item_id}

@app.post("/items")
def make(value: dict):
    raise HTTPException(409, "no")

@app.get("/later")
async def later():
    await asyncio.sleep(0.02)
    return "later"

@app.get("/slow")
def slow():
    time.sleep(0.03)
    return "slow"

@app.get("/gate")
def gate():
    open(GATE).read()
    return "done"

@app.get("/stream")
async def stream():
    async def parts():
        yield "a"
        await asyncio.sleep(0)
        yield "b"
    return parts()

@app.post("/bulk")
@app.batch_handler(max_batch_size=4, max_delay_ms=1000)
def bulk(requests):
    return [len(requests)] * len(requests)
"""
METRICS = {"metrics": {"path": "/metrics", "timed_every": 1}}


def page_of(server):
    reply = server.get("/metrics")
    assert reply.status == 200
    assert reply.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    return Page(reply.body.decode())


@pytest.mark.parametrize("policy", ["auto", "inline", "ring"])
def test_requests_are_counted_by_route_method_and_status(serve, policy):
    server = serve(APP, config={**METRICS, "dispatch": policy, "workers": 2, "io_threads": 2})
    for number in range(5):
        assert server.get(f"/items/{number}").status == 200
    assert server.get("/items/x").status == 422
    assert server.post("/items", {}).status == 409
    assert server.request("HEAD", "/items/1").status == 200
    assert server.get("/no/such/path").status == 404
    assert server.request("DELETE", "/items/1").status == 405
    assert server.request("BREW", "/pot").status == 404
    page = page_of(server)

    def count(route, method, status):
        return page("fasterapi_requests_total", route=route, method=method, status=status)

    assert count("/items/{item_id}", "GET", "200") == 5
    assert count("/items/{item_id}", "GET", "422") == 1
    assert count("/items/{item_id}", "HEAD", "200") == 1
    assert count("/items", "POST", "409") == 1
    assert count("unmatched", "GET", "404") == 1
    assert count("unmatched", "DELETE", "405") == 1
    assert count("unmatched", "other", "404") == 1
    labels = {"route": "/items/{item_id}", "method": "GET"}
    assert page("fasterapi_request_duration_seconds_count", **labels) == 6
    for share in ("0.5", "0.95", "0.99"):
        seconds = page("fasterapi_request_duration_quantile_seconds", quantile=share, **labels)
        assert 0 < seconds < 5
    assert page_of(server)(
        "fasterapi_requests_total", route="/metrics", method="GET", status="200"
    ) == 1


@pytest.mark.parametrize("policy", ["auto", "inline", "ring"])
@pytest.mark.parametrize("target", ["/slow", "/later"])
def test_the_time_of_a_handler_is_in_its_stage_and_its_route(serve, policy, target):
    server = serve(APP, config={**METRICS, "dispatch": policy})
    assert server.get(target).status == 200
    page = page_of(server)
    least = 0.03 if target == "/slow" else 0.02
    labels = {"route": target, "method": "GET"}
    assert page("fasterapi_request_duration_seconds_sum", **labels) >= least
    assert page("fasterapi_request_duration_quantile_seconds", quantile="0.5", **labels) > 0.015
    assert page("fasterapi_request_stage_seconds_sum", stage="handler") >= least
    for stage in ("parse", "queue", "interpreter", "handler", "serialise", "write"):
        assert page("fasterapi_request_stage_seconds_count", stage=stage) == 1
        if stage != "handler":
            assert page("fasterapi_request_stage_seconds_sum", stage=stage) < least


def test_a_wait_for_a_worker_is_the_stage_queue(serve):
    server = serve(APP, config={**METRICS, "dispatch": "ring"})
    with server.connect() as first, server.connect() as second:
        gate = server.gate()
        first.send(request("GET", "/gate"))
        gate.wait_for_handler()
        second.send(request("GET", "/items/1"))
        page = wait_until(lambda: waiting(page_of(server)), "a request in the queue")
        assert page("fasterapi_requests_in_flight") == 3  # the page's own is one
        gate.open()
        assert first.read().status == second.read().status == 200
    page = page_of(server)
    assert page("fasterapi_queue_jobs") == 0
    assert page("fasterapi_requests_in_flight") == 1
    assert page("fasterapi_request_stage_seconds_sum", stage="queue") > 0.001


def waiting(page):
    return page if page("fasterapi_queue_jobs") == 1 else None


def test_one_request_of_so_many_is_timed(serve):
    server = serve(APP, config={"metrics": {"path": "/metrics", "timed_every": 4}})
    with server.connect() as wire:
        for number in range(8):
            assert wire.get(f"/items/{number}").status == 200
        page = Page(wire.get("/metrics").body.decode())
    assert page("fasterapi_request_stage_seconds_count", stage="serialise") == 2
    labels = {"route": "/items/{item_id}", "method": "GET"}
    assert page("fasterapi_request_duration_seconds_count", **labels) == 8


def test_refusals_are_counted_by_status(serve):
    limits = {"max_body_bytes": 1024, "max_target_bytes": 64, "max_head_bytes": 1024}
    timeouts = {"header": 0.2}
    server = serve(APP, config={**METRICS, "limits": limits, "timeouts": timeouts})
    assert server.post("/items", "x" * 2000).status == 413
    assert server.get("/" + "x" * 100).status == 414
    assert server.get("/", "X-Long: " + "y" * 2000).status == 431
    with server.connect() as wire:
        wire.send(b"GET / HTTP/1.1\r\nHost : a\r\n\r\n")
        assert wire.read().status == 400
    with server.connect() as wire:
        wire.send(b"GET / HT")
        assert wire.read().status == 408
    page = page_of(server)
    for status in ("400", "408", "413", "414", "431"):
        assert page("fasterapi_refused_requests_total", status=status) == 1
    assert page("fasterapi_refused_requests_total", status="503") == 0
    assert page("fasterapi_requests_total", route="/items", method="POST", status="413") == 1
    assert page("fasterapi_requests_total", route="unmatched", method="other", status="400") == 1
    assert page("fasterapi_requests_in_flight") == 1


def test_deadlines_are_counted_and_leave_nothing_in_flight(serve):
    timeouts = {"handler": 0.3, "queue": 0.3}
    server = serve(APP, config={**METRICS, "timeouts": timeouts, "dispatch": "ring"})
    with server.connect() as first, server.connect() as second:
        gate = server.gate()
        first.send(request("GET", "/gate"))
        gate.wait_for_handler()
        second.send(request("GET", "/items/1"))
        assert second.read().status == 503
        assert first.read().status == 504
        gate.open()
    page = page_of(server)
    assert page("fasterapi_refused_requests_total", status="503") == 1
    assert page("fasterapi_refused_requests_total", status="504") == 1
    assert page("fasterapi_requests_total", route="/gate", method="GET", status="504") == 1
    assert page("fasterapi_requests_in_flight") == 1


def test_a_client_that_leaves_is_in_flight_no_more(serve):
    server = serve(APP, config={**METRICS, "dispatch": "ring"})
    gate = server.gate()
    with server.connect() as wire:
        wire.send(request("GET", "/gate"))
        gate.wait_for_handler()
        assert page_of(server)("fasterapi_requests_in_flight") == 2
    gate.open()
    wait_until(lambda: page_of(server)("fasterapi_requests_in_flight") == 1, "it to be gone")


def test_streams_are_counted(serve):
    server = serve(APP, config=METRICS)
    assert server.get("/stream").body == b"ab"
    page = page_of(server)
    assert page("fasterapi_requests_total", route="/stream", method="GET", status="200") == 1
    assert page("fasterapi_request_stage_seconds_count", stage="handler") == 1


LAYER = """
@app.middleware("http")
async def through(request, call_next):
    return await call_next(request)
"""


@pytest.mark.parametrize("layer", ["", LAYER])
def test_batches_have_size_fill_and_wait(serve, layer):
    server = serve(APP + layer, config=METRICS)
    wires = [server.connect() for _ in range(4)]
    for wire in wires:
        wire.send(request("POST", "/bulk"))
    assert [wire.read().json() for wire in wires] == [4] * 4
    page = page_of(server)
    assert page("fasterapi_batch_size_count", route="/bulk") == 1
    assert page("fasterapi_batch_size_sum", route="/bulk") == 4
    assert page("fasterapi_batch_fill_ratio_bucket", route="/bulk", le="0.75") == 0
    assert page("fasterapi_batch_fill_ratio_sum", route="/bulk") == 1
    assert page("fasterapi_batch_wait_seconds_count", route="/bulk") == 1


def test_batches_of_a_mounted_app_are_counted(serve):
    inner = "\nfrom fasterapi import App\ninner, app = app, App()\napp.mount('/inner', inner)\n"
    server = serve(APP + inner, config=METRICS)
    wires = [server.connect() for _ in range(4)]
    for wire in wires:
        wire.send(request("POST", "/inner/bulk"))
    assert [wire.read().json() for wire in wires] == [4] * 4
    assert page_of(server)("fasterapi_batch_size_count", route="/bulk") == 1


def test_connections_workers_and_process(serve):
    server = serve(APP, config={**METRICS, "workers": 3})
    with server.connect() as wire:
        assert wire.get("/items/1").status == 200
        page = page_of(server)
    assert page("fasterapi_connections") == 2
    assert page("fasterapi_connections_accepted_total") == 2
    assert page("fasterapi_workers") == 3
    assert page("fasterapi_workers_replaced_total") == 0
    assert page("fasterapi_queue_capacity") == 16384
    assert page("fasterapi_queue_submitted_total") == 1
    assert page("fasterapi_reactor_loans_total", event="lent") >= 1
    assert page("process_resident_memory_bytes") > 1e6
    assert page("process_open_fds") > 5
    assert page.types["fasterapi_request_duration_seconds"] == "histogram"
    assert all(page.helps[name] for name in page.types)


def test_pipelined_requests_are_counted_one_by_one(serve):
    server = serve(APP, config=METRICS)
    with server.connect() as wire:
        wire.send((request("GET", "/health") + request("GET", "/items/1")) * 10)
        assert [wire.read().status for _ in range(20)] == [200] * 20
    page = page_of(server)
    for route in ("/health", "/items/{item_id}"):
        assert page("fasterapi_requests_total", route=route, method="GET", status="200") == 10


def test_without_the_key_there_is_no_page(serve):
    server = serve(APP)
    assert server.get("/metrics").status == 404


def test_a_route_of_the_app_at_that_path_is_an_error_at_start(serve):
    app = APP + '\n@app.get("/metrics")\ndef mine():\n    return "mine"\n'
    server = serve(app, config=METRICS, is_ready=False)
    assert server.wait() == 3
    assert "GET /metrics (metrics.path) is already taken by GET /metrics (app.py:" in server.log
    assert serve(app).get("/metrics").json() == "mine"


def test_a_listener_of_its_own_serves_the_page_alone(serve):
    server = serve(APP, config={"metrics": {"listen": "127.0.0.1:0"}, "dispatch": "inline"})
    address = server.wait_log(r"metrics on (http://127\.0\.0\.1:\d+/metrics)")[1]

    def read():
        with urllib.request.urlopen(address, timeout=20) as reply:
            return Page(reply.read().decode())

    assert server.get("/metrics").status == 404
    with server.connect() as wire:
        gate = server.gate()
        wire.send(request("GET", "/gate"))
        gate.wait_for_handler()  # nothing but the page is answered now
        assert read()("fasterapi_requests_in_flight") == 1
        gate.open()
        assert wire.read().status == 200
    labels = {"route": "/gate", "method": "GET", "status": "200"}
    assert read()("fasterapi_requests_total", **labels) == 1
    with pytest.raises(urllib.error.HTTPError):
        urllib.request.urlopen(address.replace("/metrics", "/health"), timeout=20)


def test_an_address_without_a_port_is_refused(serve):
    server = serve(APP, config={"metrics": {"listen": "localhost"}}, is_ready=False)
    assert server.wait() == 2
    assert '/metrics/listen: "localhost" is not valid: expected an address with a port' in server.log
