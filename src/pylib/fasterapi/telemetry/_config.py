"""What ``App(telemetry={...})`` takes."""

from typing import Any, Callable, MutableMapping, Optional, TypedDict

from opentelemetry._logs import LoggerProvider
from opentelemetry.metrics import MeterProvider
from opentelemetry.trace import TracerProvider


class TelemetryConfig(TypedDict, total=False):
    """Settings, each of which may be left out. Providers that the app gives are never shut down
    here, and keep their exporters.

    ``tracer_provider``, ``meter_provider`` and ``logger_provider`` stand in the place of the global
    ones. ``tracing``, ``metrics`` and ``logs`` are on unless they are False, and so are
    ``operation_spans``: of dependencies, handler, serialization and background tasks.
    ``auto_configure`` adds OTLP exporters that variables of the environment name; it is off, unless
    FASTAPI_OTEL_AUTO_CONFIGURE=true is set. ``exclude`` takes the ASGI scope and gives True for
    what is not to be seen at all.
    """

    tracer_provider: Optional[TracerProvider]
    meter_provider: Optional[MeterProvider]
    logger_provider: Optional[LoggerProvider]
    tracing: bool
    metrics: bool
    logs: bool
    operation_spans: bool
    auto_configure: bool
    exclude: Optional[Callable[[MutableMapping[str, Any]], bool]]
