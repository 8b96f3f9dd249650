"""An app whose telemetry stays in memory, and is told at /seen."""

import asyncio
import collections
from typing import Annotated, Any

from opentelemetry import baggage
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk._logs.export import InMemoryLogRecordExporter, SimpleLogRecordProcessor
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from fasterapi import APIRouter, App, BackgroundTasks, Depends, HTTPException, Request, WebSocket
from fasterapi.responses import JSONResponse, StreamingResponse
from fasterapi.telemetry import get_telemetry_data

spans = InMemorySpanExporter()
logs = InMemoryLogRecordExporter()
reader = InMemoryMetricReader()
tracers = TracerProvider(shutdown_on_exit=False)
tracers.add_span_processor(SimpleSpanProcessor(spans))
loggers = LoggerProvider(shutdown_on_exit=False)
loggers.add_log_record_processor(SimpleLogRecordProcessor(logs))
meters = MeterProvider(metric_readers=[reader], shutdown_on_exit=False)
TELEMETRY: Any = {
    "tracer_provider": tracers,
    "logger_provider": loggers,
    "meter_provider": meters,
    "exclude": lambda scope: scope["path"] == "/seen",
}

app = App(telemetry=TELEMETRY)
parts_left = asyncio.Event()


@app.get("/seen")
def seen():
    """What was recorded since the last look."""
    made = {"spans": [_span(each) for each in spans.get_finished_spans()]}
    made["logs"] = [_log(each.log_record) for each in logs.get_finished_logs()]
    spans.clear()
    logs.clear()
    return made


def _span(span: Any) -> Any:
    return {
        "name": span.name,
        "kind": span.kind.name,
        "trace": format(span.context.trace_id, "032x"),
        "id": span.context.span_id,
        "parent": span.parent and span.parent.span_id,
        "attributes": dict(span.attributes),
        "status": span.status.status_code.name,
    }


def _log(record: Any) -> Any:
    return {
        "event": record.event_name,
        "attributes": {k: v for k, v in record.attributes.items() if not k.endswith("stacktrace")},
        "span": record.span_id,
        "severity": record.severity_text,
    }


@app.get("/measured")
def measured():
    """How many durations were recorded, by route."""
    found = collections.Counter()
    for resource in reader.get_metrics_data().resource_metrics:
        for metric in (metric for scope in resource.scope_metrics for metric in scope.metrics):
            if metric.name == "http.server.request.duration":
                for point in metric.data.data_points:
                    found[point.attributes.get("http.route", "")] += point.count
    return found


@app.get("/items/{item_id}")
def item(item_id: int, q: str = ""):
    return {"item_id": item_id, "baggage": dict(baggage.get_all())}


async def user(request: Request) -> str:
    data = get_telemetry_data()
    assert data is not None and data.values is None
    return str(data.body)


@app.post("/users")
async def users(body: dict[str, int], user: Annotated[str, Depends(user)]):
    data = get_telemetry_data()
    assert data is not None and data.values is not None
    return {"values": data.values, "errors": data.errors}


@app.get("/fails")
async def fails():
    raise ValueError("private")


@app.get("/busy")
def busy():
    raise HTTPException(503)


@app.get("/stream")
async def stream():
    async def parts():
        yield b"first"
        await parts_left.wait()
        yield b"last"

    return StreamingResponse(parts())


@app.post("/stream")
async def end_stream():
    parts_left.set()


def work() -> None: ...


@app.post("/later")
async def later(tasks: BackgroundTasks):
    tasks.add_task(work)


@app.websocket("/rooms/{room}")
async def room(websocket: WebSocket, room: int):
    await websocket.accept()
    await websocket.send_text(await websocket.receive_text())
    await websocket.close()


inner = App()
router = APIRouter(prefix="/v1")


@router.get("/files/{name}/")
def file(name: str):
    return name


inner.include_router(router)
app.mount("/tenants/{tenant}", inner)

guarded = App(telemetry=TELEMETRY)
guarded.get("/seen")(seen)
guarded.get("/fails")(fails)
guarded.get("/items/{item_id}")(item)


@guarded.middleware("http")
async def timed(request: Any, call_next: Any) -> Any:
    if request.path == "/refused":
        return JSONResponse("no", 403)
    return await call_next(request)


@guarded.exception_handler(500)
async def failed(request: Any, error: Exception) -> Any:
    return JSONResponse("sorry", 500)
