"""One request or connection from its start to its end: its span, and what is measured of it."""

import contextlib
from time import perf_counter
from typing import Any, Dict, FrozenSet, Iterator, List, NamedTuple, Optional

from opentelemetry import context as otel_context
from opentelemetry import propagate, trace
from opentelemetry._logs import Logger
from opentelemetry.propagators.textmap import Getter
from opentelemetry.trace import Span, SpanKind, StatusCode, Tracer

from fasterapi._telemetry import SCOPE_KEY
from fasterapi.datastructures import Headers
from fasterapi.telemetry import _attributes, _events
from fasterapi.telemetry._observed import KEY, Observed
from fasterapi.telemetry._providers import Instruments


class Signals(NamedTuple):
    """What of a request is recorded."""

    tracer: Optional[Tracer]
    instruments: Optional[Instruments]
    logger: Optional[Logger]


class Observation:
    """Begins where it is made; ``finish`` ends it, once."""

    def __init__(
        self, scope: Dict[str, Any], signals: Signals, known: FrozenSet[str], has_operations: bool
    ) -> None:
        self._scope = scope
        self.is_websocket = scope["type"] == "websocket"
        self._instruments = signals.instruments
        self._attributes = _attributes.common(scope, known)
        self._active = {
            k: v for k, v in self._attributes.items() if k != "network.protocol.version"
        }
        if self._instruments is not None:
            self._instruments.active.add(1, self._active)
        self._begun = perf_counter()
        self._parent = otel_context.get_current()
        span: Optional[Span] = None
        name = _attributes.span_method(scope, self._attributes)
        if signals.tracer is not None:
            self._parent = propagate.extract(_headers(scope), getter=_GETTER)
            span = self._begin_span(signals.tracer, name)
        tracer = signals.tracer if has_operations else None
        root = scope.get("app_root_path", scope.get("root_path", "")).rstrip("/")
        self.observed = Observed(span, name, tracer, signals.logger, root)
        self.is_finished = False

    def _begin_span(self, tracer: Tracer, name: str) -> Span:
        attributes = _attributes.of_span(self._scope, self._attributes)
        return tracer.start_span(
            name, context=self._parent, kind=SpanKind.SERVER, attributes=attributes
        )

    @contextlib.contextmanager
    def current(self) -> Iterator[None]:
        """Around what serves it, which sees the span and the data."""
        self._scope[SCOPE_KEY] = self.observed
        context = otel_context.set_value(KEY, self.observed, self._parent)
        if self.observed.span is not None:
            context = trace.set_span_in_context(self.observed.span, context)
        token = otel_context.attach(context)
        try:
            yield
        finally:
            self.observed.forget()
            otel_context.detach(token)
            self._scope.pop(SCOPE_KEY, None)

    def finish(self, error: Optional[BaseException] = None) -> None:
        """Ends the span, and counts."""
        if self.is_finished:
            return
        self.is_finished = True
        observed, attributes = self.observed, self._attributes
        if observed.route is not None:
            attributes["http.route"] = observed.route
        if observed.status_code is not None:
            attributes["http.response.status_code"] = observed.status_code
        has_failed = error is not None or self._is_error()
        if has_failed:
            attributes["error.type"] = self._error_type(error)
        if observed.span is not None:
            observed.span.set_attributes(attributes)
            if has_failed:
                observed.span.set_status(StatusCode.ERROR)
        if self._instruments is not None:  # while the span is current, for exemplars
            taken = max(0, perf_counter() - self._begun)
            self._instruments.duration.record(taken, attributes)
            self._instruments.active.add(-1, self._active)
        if observed.span is not None:
            observed.span.end()

    def _is_error(self) -> bool:
        status = self.observed.status_code
        return not self.is_websocket and (status is None or status >= 500)

    def _error_type(self, error: Optional[BaseException]) -> str:
        seen = self.observed.exceptions
        failure = error or (seen[-1] if seen else None)
        if failure is not None:
            return _events.type_of(failure)
        return str(self.observed.status_code or "incomplete_response")


@contextlib.contextmanager
def unobserved(scope: Dict[str, Any]) -> Iterator[None]:
    """Around a request that is left out: what is below it, and the request that it may be made in,
    do not observe it either."""
    scope[SCOPE_KEY] = None
    token = otel_context.attach(otel_context.set_value(KEY, None))
    try:
        yield
    finally:
        otel_context.detach(token)
        scope.pop(SCOPE_KEY, None)


class _HeadersGetter(Getter[Headers]):
    def get(self, carrier: Headers, key: str) -> Optional[List[str]]:
        values = carrier.getlist(key)
        # The propagator of baggage reads the first value alone.
        return [",".join(values)] if values and key.lower() == "baggage" else values or None

    def keys(self, carrier: Headers) -> List[str]:
        return list(carrier)


def _headers(scope: Dict[str, Any]) -> Headers:
    fields = scope.get("headers", ())
    return Headers([(n.decode("latin-1"), v.decode("latin-1")) for n, v in fields])


_GETTER = _HeadersGetter()
