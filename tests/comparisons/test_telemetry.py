"""What FastAPI's telemetry and ours record of the same requests to the same app."""

import importlib
from typing import Annotated

import pytest

fastapi = pytest.importorskip("fastapi")
pytest.importorskip("opentelemetry.sdk.trace")

from opentelemetry.sdk._logs import LoggerProvider  # noqa: E402
from opentelemetry.sdk._logs.export import (  # noqa: E402
    InMemoryLogRecordExporter,
    SimpleLogRecordProcessor,
)
from opentelemetry.sdk.metrics import MeterProvider  # noqa: E402
from opentelemetry.sdk.metrics.export import InMemoryMetricReader  # noqa: E402
from opentelemetry.sdk.trace import TracerProvider  # noqa: E402
from opentelemetry.sdk.trace.export import SimpleSpanProcessor  # noqa: E402
from opentelemetry.sdk.trace.export.in_memory_span_exporter import (  # noqa: E402
    InMemorySpanExporter,
)

REQUESTS = [
    ("GET", "/items/7?q=x&sig=s"),
    ("GET", "/items/x"),
    ("GET", "/plain"),
    ("GET", "/model"),
    ("GET", "/model?wrong=true"),
    ("GET", "/nothing"),
    ("POST", "/items/7"),
    ("GET", "/items/7/"),
    ("GET", "/fails"),
    ("GET", "/busy"),
    ("GET", "/handled"),
    ("GET", "/response"),
    ("GET", "/stream"),
    ("POST", "/later"),
    ("GET", "/tenants/a/files/b"),
    ("GET", "/tenants/a/nothing"),
    ("GET", "/openapi.json"),
    ("PRIVATE", "/items/7"),
    ("GET", "/skipped"),
]


class Recorder:
    """Providers that keep what is recorded."""

    def __init__(self):
        self.spans, self.logs = InMemorySpanExporter(), InMemoryLogRecordExporter()
        self.reader = InMemoryMetricReader()
        tracers = TracerProvider(shutdown_on_exit=False)
        tracers.add_span_processor(SimpleSpanProcessor(self.spans))
        loggers = LoggerProvider(shutdown_on_exit=False)
        loggers.add_log_record_processor(SimpleLogRecordProcessor(self.logs))
        meters = MeterProvider(metric_readers=[self.reader], shutdown_on_exit=False)
        self.settings = {
            "tracer_provider": tracers,
            "logger_provider": loggers,
            "meter_provider": meters,
            "exclude": lambda scope: scope["path"] == "/skipped",
        }

    def recorded(self):
        spans = self.spans.get_finished_spans()
        names = {span.context.span_id: span.name for span in spans}
        made = [
            (s.name, s.kind.name, s.parent and names.get(s.parent.span_id, "outer"),
             {k: _plain(v) for k, v in s.attributes.items()}, s.status.status_code.name)
            for s in spans
        ]  # fmt: skip
        records = [each.log_record for each in self.logs.get_finished_logs()]
        logged = [
            (r.event_name, r.severity_text, r.body, names.get(r.span_id),
             {k: _plain(v) for k, v in r.attributes.items() if k != "exception.stacktrace"})
            for r in records
        ]  # fmt: skip
        self.spans.clear()
        self.logs.clear()
        return made, logged

    def measured(self):
        found = []
        for resource in self.reader.get_metrics_data().resource_metrics:
            for scope in resource.scope_metrics:
                for metric in scope.metrics:
                    for point in metric.data.data_points:
                        count = getattr(point, "count", None)
                        said = {k: _plain(v) for k, v in point.attributes.items()}
                        found.append((metric.name, metric.unit, sorted(said.items()), count))
        return sorted(found, key=repr)


def _plain(value):
    """Ours and FastAPI's exceptions are of different modules."""
    return value.replace("fasterapi.", "fastapi.") if isinstance(value, str) else value


def make(name, settings):
    package = importlib.import_module(name)
    responses = importlib.import_module(f"{name}.responses")
    app, inner = package.FastAPI(telemetry=settings), package.FastAPI()

    def dependency():
        return 1

    async def item(item_id: int, q: str = "", d: int = package.Depends(dependency)):
        return {"item_id": item_id}

    def plain():
        return "plain"

    async def model(wrong: bool = False):
        return "x" if wrong else 1

    async def fails():
        raise ValueError("of the handler")

    async def busy():
        raise package.HTTPException(503)

    async def handled():
        raise KeyError("handled")

    def response():
        return responses.PlainTextResponse("r")

    async def stream():
        async def parts():
            yield b"a"

        return responses.StreamingResponse(parts())

    async def work():
        pass

    async def later(tasks: package.BackgroundTasks):
        tasks.add_task(work)

    def file(name: Annotated[str, package.Path()]):
        return name

    app.get("/items/{item_id}")(item)
    app.get("/model", response_model=int)(model)
    app.post("/later")(later)
    for each in (plain, fails, busy, handled, response, stream):
        app.get(f"/{each.__name__}")(each)
    app.get("/skipped")(plain)
    app.exception_handler(KeyError)(lambda request, error: responses.JSONResponse({}, 400))
    inner.get("/files/{name}")(file)
    app.mount("/tenants/{tenant}", inner)
    return app


@pytest.fixture(scope="module")
def both():
    found = []
    for name in ("fastapi", "fasterapi"):
        recorder = Recorder()
        client = importlib.import_module(f"{name}.testclient").TestClient
        app = make(name, recorder.settings)
        found.append((recorder, client(app, raise_server_exceptions=False)))
    return found


@pytest.mark.parametrize("method, path", REQUESTS)
def test_the_same_is_recorded(both, method, path):
    headers = {"traceparent": f"00-{'1' * 32}-{'2' * 16}-01"}
    statuses, recorded = [], []
    for recorder, client in both:
        recorder.recorded()
        reply = client.request(method, path, headers=headers, follow_redirects=False)
        statuses.append(reply.status_code)
        recorded.append(recorder.recorded())
    assert statuses[0] == statuses[1]
    assert recorded[0] == recorded[1]
    assert bool(recorded[0][0]) == (path != "/skipped")


def test_the_same_is_measured(both):
    for _, client in both:
        for method, path in REQUESTS:
            client.request(method, path, follow_redirects=False)
    theirs, ours = (recorder.measured() for recorder, _ in both)
    assert theirs == ours
    assert {name for name, *_ in ours} == {
        "http.server.request.duration",
        "http.server.active_requests",
    }
