"""Which providers an app has, of its own or global ones, and the instruments that they make."""

from typing import Any, Callable, Dict, NamedTuple, Optional, Tuple

from opentelemetry import _logs, metrics, trace
from opentelemetry._logs import Logger
from opentelemetry.metrics import Histogram, UpDownCounter
from opentelemetry.trace import Tracer

from fasterapi.telemetry._attributes import SCHEMA_URL

_NAME = "fastapi"  # the scope of FastAPI's instrumentation, which dashboards know
# What stands in the place of global providers until there are some; the API does not tell.
_UNCONFIGURED = frozenset(
    (
        ("opentelemetry.trace", "ProxyTracerProvider"),
        ("opentelemetry.metrics._internal", "_ProxyMeterProvider"),
        ("opentelemetry._logs._internal", "ProxyLoggerProvider"),
    )
)
_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0)


class Instruments(NamedTuple):
    duration: Histogram
    active: UpDownCounter


def is_configured(provider: Any) -> bool:
    """Whether it is more than the API's own stand-in."""
    return (type(provider).__module__, type(provider).__name__) not in _UNCONFIGURED


class Providers:
    """Those of one configuration. Global ones are looked up each time: they may come late."""

    def __init__(self, config: Dict[str, Any]) -> None:
        self._config = config
        self._made: Dict[str, Tuple[Any, Any]] = {}  # by kind: the provider and what it made

    def is_any(self) -> bool:
        """Whether there is one at all."""
        kinds = ("tracing", "metrics", "logs")
        return any(self._config[kind] and self._find(kind) is not None for kind in kinds)

    def tracer(self) -> Optional[Tracer]:
        """None where there are no spans."""
        provider = self._usable("tracing", trace.NoOpTracerProvider)
        return provider and self._once("tracing", provider, _tracer)  # type: ignore[no-any-return]

    def instruments(self) -> Optional[Instruments]:
        """None where nothing is measured."""
        provider = self._usable("metrics", metrics.NoOpMeterProvider)
        return provider and self._once("metrics", provider, _instruments)  # type: ignore[no-any-return]

    def logger(self) -> Optional[Logger]:
        """None where nothing is logged."""
        provider = self._usable("logs", _logs.NoOpLoggerProvider)
        return provider and self._once("logs", provider, _logger)  # type: ignore[no-any-return]

    def _find(self, kind: str) -> Any:
        """The provider in use; None for a global one that nobody has configured."""
        name, find = _KINDS[kind]
        own = self._config[name]
        if own is not None:
            return own
        found = find()
        return found if is_configured(found) else None

    def _usable(self, kind: str, idle: type) -> Any:
        provider = self._find(kind) if self._config[kind] else None
        return None if isinstance(provider, idle) else provider

    def _once(self, kind: str, provider: Any, make: Callable[[Any], Any]) -> Any:
        known = self._made.get(kind)
        if known is None or known[0] is not provider:
            known = self._made[kind] = provider, make(provider)
        return known[1]


_KINDS: Dict[str, Tuple[str, Callable[[], Any]]] = {
    "tracing": ("tracer_provider", lambda: trace.get_tracer_provider()),
    "metrics": ("meter_provider", lambda: metrics.get_meter_provider()),
    "logs": ("logger_provider", lambda: _logs.get_logger_provider()),
}


def _version() -> str:
    from fasterapi import __version__

    return __version__


def _tracer(provider: Any) -> Any:
    return provider.get_tracer(_NAME, _version(), schema_url=SCHEMA_URL)


def _logger(provider: Any) -> Any:
    return provider.get_logger(_NAME, _version(), schema_url=SCHEMA_URL)


def _instruments(provider: Any) -> Instruments:
    meter = provider.get_meter(_NAME, _version(), schema_url=SCHEMA_URL)
    return Instruments(
        meter.create_histogram(
            "http.server.request.duration",
            unit="s",
            description="Duration of HTTP server requests.",
            explicit_bucket_boundaries_advisory=_BUCKETS,
        ),
        meter.create_up_down_counter(
            "http.server.active_requests",
            unit="{request}",
            description="Number of active HTTP server requests.",
        ),
    )
