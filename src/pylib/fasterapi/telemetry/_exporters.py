"""OTLP over HTTP: what the environment asks for, and the parts of OpenTelemetry's SDK that do it.

The SDK is imported where something is asked for."""

import importlib
import os
from typing import Any, Dict, List, Tuple
from urllib.parse import urlsplit

from opentelemetry import _logs, metrics, trace

from fasterapi.exceptions import FastAPIError

_OFF = "pass telemetry={'auto_configure': False} to FastAPI()."
_EXPORTERS = "opentelemetry.exporter.otlp.proto.http"
_PACKAGES = "opentelemetry-sdk and opentelemetry-exporter-otlp-proto-http"


def is_disabled() -> bool:
    """Whether OpenTelemetry is off as a whole."""
    return os.getenv("OTEL_SDK_DISABLED", "").lower() == "true"


def export_endpoint(signal: str) -> Any:
    """The URL that a signal ("TRACES", "METRICS", "LOGS") is sent to, None for none. FastAPIError
    where the environment asks for what is not supported here."""
    exporter = (os.getenv(f"OTEL_{signal}_EXPORTER") or "otlp").strip().lower()
    endpoint = _endpoint_of(signal)
    if not endpoint or exporter == "none":
        return None
    if exporter != "otlp":
        raise FastAPIError(
            f"FastAPI automatic telemetry supports OTEL_{signal}_EXPORTER=otlp or none. Configure "
            f"other exporters explicitly and {_OFF}"
        )
    protocol = os.getenv(f"OTEL_EXPORTER_OTLP_{signal}_PROTOCOL") or os.getenv(
        "OTEL_EXPORTER_OTLP_PROTOCOL"
    )
    if (protocol or "http/protobuf") != "http/protobuf":
        raise FastAPIError(
            "FastAPI automatic telemetry requires the OTLP http/protobuf protocol. Configure other "
            f"transports explicitly and {_OFF}"
        )
    url = urlsplit(endpoint)
    if url.scheme not in ("http", "https") or not url.hostname:
        raise FastAPIError(
            f"Invalid OTLP {signal.lower()} endpoint. Use an absolute HTTP or HTTPS URL."
        )
    return endpoint


def _endpoint_of(signal: str) -> Any:
    own = os.getenv(f"OTEL_EXPORTER_OTLP_{signal}_ENDPOINT")
    common = os.getenv("OTEL_EXPORTER_OTLP_ENDPOINT")
    if own or not common:
        return own
    return f"{common[:-1] if common.endswith('/') else common}/v1/{signal.lower()}"


def check_installed() -> None:
    """FastAPIError where the SDK or the exporter is missing."""
    try:
        importlib.import_module("opentelemetry.sdk")
        importlib.import_module(_EXPORTERS)
    except ImportError as error:
        raise FastAPIError(
            f"Automatic OpenTelemetry export requires {_PACKAGES}, which fastapi[opentelemetry] "
            f"brings. Install them, configure providers yourself, or {_OFF}"
        ) from error


def _module(name: str) -> Any:
    return importlib.import_module(f"{_EXPORTERS}.{name}")


def registration_provider(provider: Any) -> Any:
    """What exporting parts are added to: older wrappers of Logfire's meters do not hand on."""
    kind = (type(provider).__module__, type(provider).__name__)
    is_wrapper = kind == ("logfire._internal.metrics", "ProxyMeterProvider")
    if is_wrapper and not hasattr(provider, "add_metric_reader"):
        return provider.provider
    return provider


class Signal:
    """One of the three, with its parts of the SDK."""

    name = ""
    what = ""
    method = ""  # by which a provider takes an exporting part

    def find(self) -> Any:
        """The global provider."""
        raise NotImplementedError

    def set(self, provider: Any) -> None:
        """Makes it the global one, unless there is one."""
        raise NotImplementedError

    def make_part(self, endpoint: str) -> Any:
        """What exports to an endpoint."""
        raise NotImplementedError

    def make_provider(self, endpoint: str) -> Any:
        """A provider with such a part."""
        raise NotImplementedError

    def register(self, provider: Any, endpoint: str) -> Any:
        """Adds a part to a provider; the part. FastAPIError where it takes none."""
        add: Any = getattr(provider, self.method, None)
        if not callable(add):
            raise FastAPIError(
                f"The configured OpenTelemetry {self.what} provider does not support adding an "
                f"OTLP exporter. Configure environment export through that provider and {_OFF}"
            )
        part = self.make_part(endpoint)
        try:
            add(part)
        except Exception:
            part.shutdown()
            raise
        return part


class _Traces(Signal):
    name, what, method = "TRACES", "tracer", "add_span_processor"

    def find(self) -> Any:
        return trace.get_tracer_provider()

    def set(self, provider: Any) -> None:
        trace.set_tracer_provider(provider)

    def make_part(self, endpoint: str) -> Any:
        from opentelemetry.sdk.trace.export import BatchSpanProcessor

        return BatchSpanProcessor(_module("trace_exporter").OTLPSpanExporter(endpoint=endpoint))

    def make_provider(self, endpoint: str) -> Any:
        from opentelemetry.sdk.trace import TracerProvider

        part = self.make_part(endpoint)
        made = TracerProvider(shutdown_on_exit=False)
        made.add_span_processor(part)
        return made


class _Metrics(Signal):
    name, what, method = "METRICS", "meter", "add_metric_reader"

    def find(self) -> Any:
        return metrics.get_meter_provider()

    def set(self, provider: Any) -> None:
        metrics.set_meter_provider(provider)

    def make_part(self, endpoint: str) -> Any:
        from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader

        exporter = _module("metric_exporter").OTLPMetricExporter(endpoint=endpoint)
        return PeriodicExportingMetricReader(exporter)

    def make_provider(self, endpoint: str) -> Any:
        from opentelemetry.sdk.metrics import MeterProvider

        return MeterProvider(metric_readers=[self.make_part(endpoint)], shutdown_on_exit=False)


class _Logs(Signal):
    name, what, method = "LOGS", "logger", "add_log_record_processor"

    def find(self) -> Any:
        return _logs.get_logger_provider()

    def set(self, provider: Any) -> None:
        _logs.set_logger_provider(provider)

    def make_part(self, endpoint: str) -> Any:
        from opentelemetry.sdk._logs.export import BatchLogRecordProcessor

        exporter = _module("_log_exporter").OTLPLogExporter(endpoint=endpoint)
        return BatchLogRecordProcessor(exporter)

    def make_provider(self, endpoint: str) -> Any:
        from opentelemetry.sdk._logs import LoggerProvider

        part = self.make_part(endpoint)
        made = LoggerProvider(shutdown_on_exit=False)
        made.add_log_record_processor(part)
        return made


_SIGNALS: Tuple[Tuple[Signal, str, str], ...] = (
    (_Traces(), "tracing", "tracer_provider"),
    (_Metrics(), "metrics", "meter_provider"),
    (_Logs(), "logs", "logger_provider"),
)
Wanted = Tuple[Signal, Any, str]


def wanted(config: Dict[str, Any]) -> List[Wanted]:
    """The signals that the environment and the configuration ask for: with the provider that the
    app gives, if any, and where to."""
    asked = [
        (s, config[name], export_endpoint(s.name)) for s, is_on, name in _SIGNALS if config[is_on]
    ]
    return [(signal, own, to) for signal, own, to in asked if to is not None]
