"""fasterapi.metrics in the server: the cases of the package, and figures of all interpreters."""

from pathlib import Path

import pytest

from support.exposition import Page
from support.metric_cases import CASES

TESTS = Path(__file__).resolve().parents[1]
CASE_APP = """
import inspect
from fasterapi import App
from support.metric_cases import CASES

app = App()

@app.get("/case/{name}")
async def case(name: str):
    result = CASES[name]()
    if inspect.isawaitable(result):
        await result
    return "passed"
"""
APP = """
import _fasterapi
from fasterapi import App, metrics

app = App()
orders = metrics.counter("orders_total", 'Orders by "shop".', labels=("shop",))
workers = metrics.counter("workers_seen", labels=("worker",))
depth = metrics.gauge("depth")
sizes = metrics.histogram("sizes_bytes", "Sizes.", buckets=(10, 100))

@app.get("/orders/{count}")
def order_many(count: int):
    open(GATE + str(_fasterapi.worker_id())).read()
    for _ in range(count):
        order('a"')

@app.get("/order/{shop}")
def order(shop: str):
    orders.labels(shop).inc()
    workers.labels(_fasterapi.worker_id()).inc()
    depth.set(7)
    sizes.observe(len(shop))
    return orders.labels(shop).value
"""
# The sample of the first plan, as its author wrote it.
MIDDLEWARE = """
import time
from fasterapi import App, metrics

app = App()

@app.middleware
async def timing_middleware(req, res):
    start = time.perf_counter()
    await next()
    duration = time.perf_counter() - start

    # Log p50, p95, p99
    metrics.record_latency(duration)

@app.get("/items/{item_id}")
def item(item_id: int):
    time.sleep(0.005)
    return item_id

@app.get("/p")
def percentiles(route: str):
    return [metrics.percentile(route, share) for share in (0.5, 0.95, 0.99)]
"""


def page_of(server):
    return Page(server.get("/metrics").body.decode())


@pytest.fixture(scope="module")
def cases(serve_once):
    return serve_once(CASE_APP, config={"python": {"path": [str(TESTS)]}})


@pytest.mark.parametrize("name", CASES)
def test_case(cases, name):
    reply = cases.get(f"/case/{name}")
    assert reply.status == 200, cases.log
    assert reply.json() == "passed"


def test_all_interpreters_count_together(serve, background):
    config = {"workers": 3, "io_threads": 3, "dispatch": "ring", "metrics": {"path": "/metrics"}}
    server = serve(APP, config=config)
    with server.worker_gates(3) as gates:
        ordered = [background(server.get, "/orders/200") for _ in range(3)]
        gates.wait_for_handlers()
        gates.open()
        assert [reply.result(20).status for reply in ordered] == [200] * 3
    page = page_of(server)
    assert page("orders_total", shop='a"') == 600
    assert page.helps["orders_total"] == 'Orders by "shop".'
    assert page.types["orders_total"] == "counter"
    assert sorted(page.all("workers_seen_total").values()) == [200, 200, 200]
    assert page("depth") == 7
    assert page("sizes_bytes_count") == 600
    assert page("sizes_bytes_bucket", le="10") == 600
    assert page("sizes_bytes_sum") == 1200
    assert server.get("/order/a%22").json() == 601


def test_the_limit_of_label_sets_is_a_key(serve):
    config = {"metrics": {"path": "/metrics", "max_label_sets": 2}}
    server = serve(APP, config=config)
    for shop in "abcda":
        assert server.get(f"/order/{shop}").status == 200
    page = page_of(server)
    assert len(page.all("orders_total")) == 2
    assert page("orders_total", shop="a") == 2
    assert page("fasterapi_metrics_dropped_total", metric="orders_total") == 2
    assert server.log.count("orders_total has as many label sets as metrics.max_label_sets") == 1


def test_the_timing_middleware_gives_percentiles_per_route(serve):
    server = serve(MIDDLEWARE, config={"workers": 2, "metrics": {"path": "/metrics"}})
    for number in range(20):
        assert server.get(f"/items/{number}").json() == number
    assert server.get("/no/such").status == 404
    p50, p95, p99 = server.get("/p?route=/items/{item_id}").json()
    assert 0.005 <= p50 <= p95 <= p99 < 5
    page = page_of(server)
    recorded = "fasterapi_recorded_latency_seconds"
    assert page(recorded + "_count", name="/items/{item_id}") == 20
    assert page(recorded + "_count", name="unmatched") == 1
    assert page(recorded + "_bucket", name="/items/{item_id}", le="0.0025") == 0
    assert page("fasterapi_requests_total", route="unmatched", method="GET", status="404") == 1
    for share in ("0.5", "0.95", "0.99"):
        labels = {"route": "/items/{item_id}", "method": "GET", "quantile": share}
        assert 0.005 <= page("fasterapi_request_duration_quantile_seconds", **labels) < 5
