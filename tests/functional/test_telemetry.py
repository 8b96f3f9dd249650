"""What OpenTelemetry's SDK gets of an app that the server serves: spans, measurements, logs."""

import pytest

from support.server import ROOT, wait_until
from support.websocket import CLOSE, connect
from support.wire import request

PACKAGES = ROOT / "build" / "test-packages"
TRACE, PARENT = "0123456789abcdef" * 2, "0123456789abcdef"
APP = f"""
import sys
sys.path.insert(0, {str(ROOT / "tests")!r})
from support.telemetry_app import app, guarded
"""
CONFIG = {"workers": 1, "python": {"path": [str(PACKAGES)]}}

pytestmark = pytest.mark.skipif(
    not (PACKAGES / "opentelemetry" / "sdk").is_dir(),
    reason="OpenTelemetry's SDK is not installed: scripts/setup --test",
)


@pytest.fixture(scope="module")
def server(serve_once):
    return serve_once(APP, config=CONFIG)


def seen(server):
    return server.get("/seen").json()


def spans_of(server):
    """The request's span, and those below it."""
    spans = seen(server)["spans"]
    (outer,) = [span for span in spans if span["kind"] == "SERVER"]
    return outer, [span for span in spans if span is not outer]


def test_a_request_is_a_span_with_its_operations_below_it(server):
    seen(server)
    headers = (f"traceparent: 00-{TRACE}-{PARENT}-01", "baggage: a=1")
    with server.connect() as wire:
        wire.send(request("GET", "/items/7?q=x&sig=secret", *headers, host="shop.example:81"))
        assert wire.read().json() == {"item_id": 7, "baggage": {"a": "1"}}
    outer, inner = spans_of(server)
    assert outer["name"] == "GET /items/{item_id}"
    assert (outer["trace"], outer["parent"]) == (TRACE, int(PARENT, 16))
    assert outer["attributes"] == {
        "http.request.method": "GET",
        "http.response.status_code": 200,
        "http.route": "/items/{item_id}",
        "network.protocol.version": "1.1",
        "server.address": "shop.example",
        "server.port": 81,
        "url.path": "/items/7",
        "url.query": "q=x&sig=REDACTED",
        "url.scheme": "http",
    }
    names = [span["name"] for span in inner]
    assert names == ["fastapi.dependencies", "fastapi.endpoint", "fastapi.serialization"]
    assert {span["parent"] for span in inner} == {outer["id"]}
    functions = {span["attributes"]["code.function.name"] for span in inner}
    assert functions == {"support.telemetry_app.item"}


@pytest.mark.parametrize(
    "method, path, status, name, error",
    [
        ("GET", "/items/x", 422, "GET /items/{item_id}", None),
        ("POST", "/items/1", 405, "POST /items/{item_id}", None),
        ("GET", "/items/1/", 307, "GET /items/{item_id}", None),
        ("GET", "/nothing", 404, "GET", None),
        ("GET", "/busy", 503, "GET /busy", "503"),
        ("GET", "/fails", 500, "GET /fails", "ValueError"),
        ("GET", "/tenants/a/v1/files/b/", 200, "GET /tenants/{tenant}/v1/files/{name}/", None),
        ("GET", "/tenants/a/nothing", 404, "GET /tenants/{tenant}/{path}", None),
        ("GET", "/docs", 200, "GET /docs", None),
    ],
)
def test_how_it_went(server, method, path, status, name, error):
    seen(server)
    with server.connect() as wire:
        wire.send(request(method, path))
        assert wire.read().status == status
    outer, _ = spans_of(server)
    assert outer["name"] == name
    assert outer["attributes"]["http.response.status_code"] == status
    assert outer["attributes"].get("error.type") == error
    assert outer["status"] == ("UNSET" if error is None else "ERROR")


def test_what_does_not_fit_and_what_nobody_catches_is_logged(server):
    seen(server)
    assert server.post("/users", {"a": "b"}).status == 422
    assert server.get("/fails").status == 500
    made = seen(server)
    invalid, failed = made["logs"]
    assert (invalid["event"], invalid["severity"]) == ("fastapi.validation.failed", "WARN")
    assert invalid["attributes"] == {"http.route": "/users", "fastapi.validation.error_count": 1}
    assert (failed["event"], failed["severity"]) == ("http.server.request.exception", "ERROR")
    assert failed["attributes"]["exception.type"] == "ValueError"
    of_failed = [s for s in made["spans"] if s["name"] == "GET /fails"]
    assert failed["span"] == of_failed[0]["id"]
    endpoint = [s for s in made["spans"] if s["name"] == "fastapi.endpoint"]
    assert [s["status"] for s in endpoint] == ["ERROR"]


def test_handlers_see_the_data_of_their_own_request(server):
    reply = server.post("/users", {"a": 1})
    assert reply.json() == {"values": {"body": {"a": 1}, "user": "{'a': 1}"}, "errors": []}


def test_a_stream_is_a_span_until_its_last_part(server):
    seen(server)
    with server.connect() as wire:
        wire.send(request("GET", "/stream"))
        assert wire.head().status == 200
        assert wire.chunk() == b"first"
        assert "GET /stream" not in [span["name"] for span in seen(server)["spans"]]
        assert server.post("/stream", None).status == 200
        assert wire.chunk() == b"last"
    made = []

    def has_ended():
        made.extend(span["name"] for span in seen(server)["spans"])
        return "GET /stream" in made

    wait_until(has_ended, "the span's end")


def test_background_tasks_are_below_the_request_that_they_follow(server):
    seen(server)
    assert server.post("/later", None).status == 200
    made = []

    def has_run():
        made.extend(seen(server)["spans"])
        return "fastapi.background_task" in [span["name"] for span in made]

    wait_until(has_run, "the task's span")
    (outer,) = [span for span in made if span["kind"] == "SERVER"]
    (task,) = [span for span in made if span["name"] == "fastapi.background_task"]
    assert task["parent"] == outer["id"]
    assert task["attributes"] == {"code.function.name": "support.telemetry_app.work"}


def test_a_websocket_is_a_span(server):
    seen(server)
    client = connect(server, "/rooms/7")
    assert "SERVER" not in [span["kind"] for span in seen(server)["spans"]]
    assert client.send_text("private").message() == "private"
    frame = client.frame()
    assert frame is not None and frame.opcode == CLOSE
    made = []

    def has_ended():
        made.extend(seen(server)["spans"])
        return "SERVER" in [span["kind"] for span in made]

    wait_until(has_ended, "the span's end")
    (outer,) = [span for span in made if span["kind"] == "SERVER"]
    assert [span["parent"] for span in made] == [outer["id"], outer["parent"]]
    assert outer["name"] == "WS /rooms/{room}"
    assert outer["attributes"]["network.protocol.name"] == "websocket"


def test_durations_are_measured_by_route(server):
    before = server.get("/measured").json()
    for number in range(3):
        server.get(f"/items/{number}")
    after = server.get("/measured").json()
    assert after["/items/{item_id}"] - before.get("/items/{item_id}", 0) == 3
    assert "/seen" not in after


def test_middleware_and_error_handlers_stand_inside(serve):
    server = serve(APP.replace("app, guarded", "guarded as app"), config=CONFIG)
    assert server.get("/items/1").status == 200
    outer, inner = spans_of(server)
    assert outer["name"] == "GET /items/{item_id}"
    assert {span["parent"] for span in inner} == {outer["id"]}
    assert server.get("/refused").status == 403
    (outer,) = seen(server)["spans"]
    assert (outer["name"], outer["attributes"]["http.response.status_code"]) == ("GET", 403)
    reply = server.get("/fails")
    assert (reply.status, reply.json()) == (500, "sorry")
    made = seen(server)
    (outer,) = [span for span in made["spans"] if span["kind"] == "SERVER"]
    assert outer["attributes"]["error.type"] == "ValueError"
    assert [log["event"] for log in made["logs"]] == ["http.server.request.exception"]


LATE = """
from fasterapi import App
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

spans = InMemorySpanExporter()
app = App()

@app.on_event("startup")
def configure():
    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(spans))
    trace.set_tracer_provider(provider)

@app.get("/items/{item_id}")
def item(item_id: int):
    return item_id

@app.get("/seen")
def seen():
    return [span.name for span in spans.get_finished_spans()]
"""


def test_a_global_provider_may_be_configured_at_startup(serve):
    server = serve(LATE, config=CONFIG)
    assert server.get("/items/1").status == 200
    assert "GET /items/{item_id}" in server.get("/seen").json()


BATCH = """
from fasterapi import App
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult

class ToFile(SpanExporter):
    def export(self, spans):
        with open("spans.txt", "a") as file:
            file.writelines(span.name + "\\n" for span in spans)
        return SpanExportResult.SUCCESS

provider = TracerProvider()
provider.add_span_processor(BatchSpanProcessor(ToFile(), schedule_delay_millis=60_000))
app = App(telemetry={"tracer_provider": provider})

@app.get("/items/{item_id}")
def item(item_id: int):
    return item_id
"""


@pytest.mark.parametrize("workers", [1, 2])
def test_spans_that_are_sent_in_batches_are_sent_before_the_end(serve, workers):
    server = serve(BATCH, config={**CONFIG, "workers": workers})
    for number in range(8):
        assert server.get(f"/items/{number}").status == 200
    server.stop()
    names = (server.folder / "spans.txt").read_text().splitlines()
    assert names.count("GET /items/{item_id}") == 8
    assert "did not end" not in server.log
