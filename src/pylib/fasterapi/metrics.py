"""Figures of an app's own: latencies with percentiles, and counters.

They are this worker's: each interpreter of the server counts by itself. Memory is bounded: a
histogram keeps buckets, four per doubling, so that a percentile is right to 10 %.
"""

import math
from typing import Dict

_PER_DOUBLING = 4
_SMALLEST = 1e-7  # seconds


class Histogram:
    """Durations in seconds by size."""

    def __init__(self) -> None:
        self.count = 0
        self.total = 0.0
        self._buckets: Dict[int, int] = {}

    def record(self, seconds: float) -> None:
        """Counts one."""
        bucket = math.ceil(math.log2(max(seconds, _SMALLEST) / _SMALLEST) * _PER_DOUBLING)
        self._buckets[bucket] = self._buckets.get(bucket, 0) + 1
        self.count += 1
        self.total += seconds

    def percentile(self, percent: float) -> float:
        """The duration in seconds that this share of all stayed within; 0.0 without any."""
        wanted = percent / 100 * self.count
        seen = 0
        for bucket in sorted(self._buckets):
            seen += self._buckets[bucket]
            if seen >= wanted:
                middle = bucket - 0.5 if bucket else 0
                return float(_SMALLEST * 2 ** (middle / _PER_DOUBLING))
        return 0.0

    @property
    def mean(self) -> float:
        """Seconds; 0.0 without any."""
        return self.total / self.count if self.count else 0.0


_latencies: Dict[str, Histogram] = {}
_counters: Dict[str, float] = {}


def record_latency(seconds: float, name: str = "request") -> None:
    """Counts a duration under a name."""
    latency(name).record(seconds)


def latency(name: str = "request") -> Histogram:
    """The durations under a name."""
    return _latencies.setdefault(name, Histogram())


def percentile(percent: float, name: str = "request") -> float:
    """The duration in seconds that this share of those under a name stayed within."""
    return latency(name).percentile(percent)


def increment(name: str, by: float = 1) -> float:
    """Adds to a counter, and gives its value."""
    _counters[name] = value = _counters.get(name, 0) + by
    return value


def counter(name: str) -> float:
    """A counter's value."""
    return _counters.get(name, 0)


def reset() -> None:
    """Forgets all figures."""
    _latencies.clear()
    _counters.clear()
