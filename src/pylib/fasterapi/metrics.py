"""Figures of an app's own: counters, gauges, histograms, and latencies with percentiles.

    orders = metrics.counter("orders_total", "Orders taken.", labels=("shop",))

    @app.post("/orders")
    def order(shop: str):
        orders.labels(shop).inc()

In the server all interpreters count together, and what they count is on the page for Prometheus
(docs/metrics.md); elsewhere figures are those of the process. The interface is that of
prometheus_client. Each interpreter's import makes a metric again: one name is one metric.
"""

import contextvars
import functools
import inspect
import math
import re
import time
from typing import Any, Callable, Dict, List, Optional, Sequence, Tuple, TypeVar

from fasterapi import _metric_cells
from fasterapi._metric_cells import COUNTER, GAUGE, HISTOGRAM, Bounds, Description, Texts

__all__ = [
    "DEFAULT_BUCKETS",
    "Counter",
    "Gauge",
    "Histogram",
    "counter",
    "gauge",
    "histogram",
    "latency",
    "percentile",
    "record_latency",
    "reset",
]

# Of prometheus_client, for seconds.
DEFAULT_BUCKETS: Bounds = (
    0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0,
)  # fmt: skip
# Ten for each power of ten from 1 us to 100 s: a percentile is right to about a tenth.
_STEPS = (100, 125, 160, 200, 250, 315, 400, 500, 630, 800)
_LATENCY_BUCKETS: Bounds = (
    *(step * 10**scale / 10**9 for scale in range(1, 9) for step in _STEPS),
    100.0,
)
_LATENCY = "fasterapi_recorded_latency_seconds"

_NAME = re.compile(r"[a-zA-Z_:][a-zA-Z0-9_:]*")
_LABEL = re.compile(r"(?!__)[a-zA-Z_][a-zA-Z0-9_]*")
_OWN_PREFIXES = ("fasterapi_", "process_")

Self = TypeVar("Self", bound="_Metric")
Function = TypeVar("Function", bound=Callable[..., Any])
# Pattern of the route that is being answered, where middleware runs.
current_route: "contextvars.ContextVar[Optional[str]]" = contextvars.ContextVar(
    "fasterapi_route", default=None
)


class _Metric:
    """A metric, or with ``values`` one of its label sets, which alone has figures."""

    def __init__(self, described: Description, values: Optional[Texts] = None) -> None:
        self._described = described
        self._made: Dict[Texts, Any] = {}  # with values
        label_names = described[3]
        if values is None and not label_names:
            values = ()
        # Before the first figure, so that a counter is 0 and not absent.
        self._cell = None if values is None else _metric_cells.make_cell(described, values)

    def labels(self: Self, *values: Any, **named: Any) -> Self:
        """The metric with these values for its labels, in order or by name."""
        names = self._described[3]
        if named:
            if values or set(named) != set(names):
                raise ValueError(f"{self._described[1]} has the labels {names}")
            values = tuple(named[name] for name in names)
        if len(values) != len(names) or not names or self._cell is not None:
            raise ValueError(f"{self._described[1]} has the labels {names}")
        key = tuple(str(value) for value in values)
        for text in key:
            text.encode()  # lone surrogates are a UnicodeEncodeError
        made: Optional[Self] = self._made.get(key)
        if made is None:
            made = type(self)(self._described, key)
            if made._figures.is_counted:
                self._made[key] = made
        return made

    @property
    def _figures(self) -> Any:
        if self._cell is None:
            text = f"{self._described[1]} has the labels {self._described[3]}: use .labels(...)"
            raise ValueError(text)
        return self._cell


class Counter(_Metric):
    """A number that grows."""

    def inc(self, amount: float = 1) -> None:
        """Adds ``amount``, which is not negative."""
        if amount < 0:
            raise ValueError("a counter only grows")
        self._figures.add(amount)

    @property
    def value(self) -> float:
        """The sum over all interpreters."""
        return float(self._figures.totals()[0])


class Gauge(_Metric):
    """A number that goes up and down: one for all interpreters."""

    def inc(self, amount: float = 1) -> None:
        """Adds ``amount``."""
        self._figures.add(amount)

    def dec(self, amount: float = 1) -> None:
        """Takes ``amount`` away."""
        self._figures.add(-amount)

    def set(self, value: float) -> None:
        """Makes it ``value``."""
        self._figures.set(value)

    @property
    def value(self) -> float:
        """What it is now."""
        return float(self._figures.totals()[0])


class Histogram(_Metric):
    """How often values of which size came."""

    def observe(self, value: float) -> None:
        """Counts a value."""
        self._figures.record(value)

    def time(self) -> "_Timer":
        """Observes the seconds that a block, or a function it decorates, takes; of an ``async def``
        until it has returned."""
        return _Timer(self)

    @property
    def count(self) -> int:
        """Values seen by all interpreters."""
        return sum(self._figures.totals()[1])

    @property
    def sum(self) -> float:
        """Their sum."""
        return float(self._figures.totals()[0])

    @property
    def mean(self) -> float:
        """Their mean; 0.0 without any."""
        total, counts = self._figures.totals()
        return float(total / sum(counts)) if any(counts) else 0.0

    def percentile(self, share: float) -> float:
        """What that share of the values (0.99: of 99 in 100) stayed within, as exact as the buckets
        are; 0.0 without any."""
        if not 0 <= share <= 1:
            raise ValueError("a share is between 0 and 1, such as 0.99")
        return _quantile(self._described[4], self._figures.totals()[1], share)


class _Timer:
    """One block, or any number of calls."""

    def __init__(self, histogram: Histogram) -> None:
        self._histogram = histogram
        self._starts: List[float] = []

    def __enter__(self) -> None:
        self._starts.append(time.perf_counter())

    def __exit__(self, *_: Any) -> None:
        self._histogram.observe(time.perf_counter() - self._starts.pop())

    def __call__(self, function: Function) -> Function:
        histogram = self._histogram
        call: Any = function

        @functools.wraps(function)
        async def timed_async(*args: Any, **named: Any) -> Any:
            with histogram.time():
                return await call(*args, **named)

        @functools.wraps(function)
        def timed(*args: Any, **named: Any) -> Any:
            with histogram.time():
                return call(*args, **named)

        made: Any = timed_async if inspect.iscoroutinefunction(function) else timed
        return made  # type: ignore[no-any-return]


def counter(name: str, help: str = "", labels: Sequence[str] = ()) -> Counter:
    """A counter; ``_total`` is put behind its name where it is missing."""
    name = name if name.endswith("_total") else name + "_total"
    return Counter(_describe(COUNTER, name, help, labels))


def gauge(name: str, help: str = "", labels: Sequence[str] = ()) -> Gauge:
    """A gauge."""
    return Gauge(_describe(GAUGE, name, help, labels))


def histogram(
    name: str,
    help: str = "",
    labels: Sequence[str] = (),
    buckets: Sequence[float] = DEFAULT_BUCKETS,
) -> Histogram:
    """A histogram; ``buckets`` are its upper bounds, rising, without infinity."""
    bounds = tuple(float(bound) for bound in buckets if bound != math.inf)
    rises = all(low < high for low, high in zip(bounds, bounds[1:]))
    if not bounds or not rises or not all(map(math.isfinite, bounds)):
        raise ValueError(f"{name}: buckets are rising numbers")
    return Histogram(_describe(HISTOGRAM, name, help, labels, bounds))


def _describe(
    kind: int, name: str, help: str, labels: Sequence[str], bounds: Bounds = ()
) -> Description:
    names = tuple(labels)
    if not _NAME.fullmatch(name) or name.startswith(_OWN_PREFIXES):
        raise ValueError(f"{name!r} is no name of a metric, or one of the server's own")
    if "\0" in help:
        raise ValueError(f"{name}: help has a null character")
    for label in names:
        if not _LABEL.fullmatch(label) or label == "le" or names.count(label) > 1:
            raise ValueError(f"{name}: {label!r} is no name of a label")
    return kind, name, help, names, bounds, False


def record_latency(seconds: float, name: Optional[str] = None) -> None:
    """Counts a duration under a name: without one, in middleware that of the route, its pattern,
    elsewhere "request"."""
    latency(name).observe(seconds)


def latency(name: Optional[str] = None) -> Histogram:
    """The durations under a name, as ``record_latency`` has it."""
    return _latencies().labels(current_route.get() or "request" if name is None else name)


def percentile(name: str, share: float) -> float:
    """The seconds that a share of the durations under a name stayed within: ``percentile("/items",
    0.99)``; 0.0 without any."""
    return latency(name).percentile(share)


_known_latencies: Optional[Histogram] = None  # before its `global`s: PyPy 3.9 insists


def reset() -> None:
    """Forgets all figures of latencies. For tests; a RuntimeError in the server."""
    global _known_latencies
    _metric_cells.forget()
    _known_latencies = None


def _latencies() -> Histogram:
    global _known_latencies
    if _known_latencies is None:
        text = "Durations recorded by the app, in seconds."
        described = (HISTOGRAM, _LATENCY, text, ("name",), _LATENCY_BUCKETS, True)
        _known_latencies = Histogram(described)
    return _known_latencies


def _quantile(bounds: Bounds, counts: Tuple[int, ...], share: float) -> float:
    wanted = share * sum(counts)
    seen = 0
    for place, here in enumerate(counts[:-1]):
        if here and seen + here >= wanted:
            low = bounds[place - 1] if place else min(0.0, bounds[0])
            return low + (bounds[place] - low) * (wanted - seen) / here
        seen += here
    return bounds[-1] if counts and counts[-1] else 0.0
