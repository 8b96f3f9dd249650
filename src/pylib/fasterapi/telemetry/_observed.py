"""The request or connection that is observed now, in OpenTelemetry's context."""

from dataclasses import dataclass
from typing import Any, Dict, List, Optional, Sequence

from opentelemetry import context as otel_context
from opentelemetry._logs import Logger
from opentelemetry.context import Context
from opentelemetry.trace import Span, Tracer

KEY = otel_context.create_key("fasterapi.observed")
_REST = "/{path}"  # of a mount


@dataclass
class TelemetryData:
    """What processors of spans and logs can see of a request or connection, while it lasts. It is
    not exported by itself: take what may leave the process.

    ``request`` or ``websocket`` is there when its route begins; ``body`` is what was read, before
    it is validated; ``values`` are the handler's arguments by name, once its dependencies are
    solved; ``errors`` those of the validation."""

    request: Any = None
    websocket: Any = None
    body: Any = None
    values: Optional[Dict[str, Any]] = None
    errors: Optional[Sequence[Any]] = None


class Observed:
    """One of them. ``tracer`` is None where operations have no spans, ``logger`` where nothing is
    logged."""

    def __init__(
        self,
        span: Optional[Span],
        span_method: str,
        tracer: Optional[Tracer],
        logger: Optional[Logger],
        prefix: str,
    ) -> None:
        self.span = span
        self.tracer = tracer
        self.logger = logger
        self.route: Optional[str] = None
        self.status_code: Optional[int] = None
        self.data: Optional[TelemetryData] = TelemetryData()
        self.exceptions: List[BaseException] = []
        self._span_method = span_method
        self._prefix = prefix

    def select(self, path: str) -> None:
        """A route was found: its path, without what is in front of it."""
        self._name(self._prefix + path)

    def descend(self, path: str) -> None:
        """A mount was found, whose app may say more."""
        self._prefix += path
        self._name(self._prefix + _REST)

    def _name(self, route: str) -> None:
        self.route = route
        if self.span is not None:
            self.span.set_attribute("http.route", route)
            self.span.update_name(f"{self._span_method} {route}")

    def forget(self) -> None:
        """It is over: contexts that are kept keep nothing of it."""
        self.data = None
        self.exceptions.clear()


def current(context: Optional[Context] = None) -> Optional[Observed]:
    """That of a context, the running one unless said."""
    value = otel_context.get_value(KEY, context)
    return value if isinstance(value, Observed) else None


def get_telemetry_data(context: Optional[Context] = None) -> Optional[TelemetryData]:
    """The data of the request that a context belongs to, the running one unless said; processors
    of logs pass ``record.context``. None outside of requests, and once the request is over."""
    observed = current(context)
    return None if observed is None else observed.data
