"""Where the figures of a metric are kept: in the server, for all interpreters together, or here.

A cell is a metric with values for its labels; it has ``add``, ``set``, ``record``, ``totals`` and
``is_counted``.
"""

import bisect
import logging
import threading
from typing import Any, Dict, List, Tuple

try:
    import _fasterapi

    _is_worker = _fasterapi.worker_id() >= 0
except ImportError:
    _is_worker = False

MAX_LABEL_SETS = 1000  # of each metric; the server has metrics.max_label_sets
COUNTER, GAUGE, HISTOGRAM = range(3)
_PARTS = ("_bucket", "_count", "_sum")

Texts = Tuple[str, ...]
Bounds = Tuple[float, ...]
# Kind, name, help, names of labels, bounds of a histogram, and whether few of them are shown.
Description = Tuple[int, str, str, Texts, Bounds, bool]


class LocalCell:
    """A cell of this process."""

    def __init__(self, bounds: Bounds, is_counted: bool = True) -> None:
        self.is_counted = is_counted
        self._bounds = bounds
        self._sum = 0.0
        self._counts: List[int] = [0] * (len(bounds) + 1)
        self._lock = threading.Lock()

    def add(self, amount: float) -> None:
        number = _number(amount)
        if self.is_counted:
            with self._lock:
                self._sum += number

    def set(self, amount: float) -> None:
        number = _number(amount)
        if self.is_counted:
            with self._lock:
                self._sum = number

    def record(self, amount: float) -> None:
        number = _number(amount)
        if self.is_counted:
            with self._lock:
                self._counts[bisect.bisect_left(self._bounds, number)] += 1
                self._sum += number

    def totals(self) -> Tuple[float, Tuple[int, ...]]:
        with self._lock:
            return self._sum, tuple(self._counts)


def _number(amount: float) -> float:
    if isinstance(amount, (str, bytes)):
        raise TypeError(f"a figure is a number, not {type(amount).__name__}")
    return float(amount)


_descriptions: Dict[str, Description] = {}
_cells: Dict[str, Dict[Texts, LocalCell]] = {}
_series: Dict[str, str] = {}  # of this interpreter: a name on the page to its metric


def _claim(described: Description) -> None:
    """ValueError where a name that the metric has on the page is that of another one's: a scrape
    with both would fail as a whole."""
    kind, name = described[:2]
    parts = [name + part for part in _PARTS] if kind == HISTOGRAM else []
    for each in (name, *parts):
        owner = _series.get(each, name)
        if owner != name:
            raise ValueError(f"{name}: {owner} has {each} on the page already")
    _series.update(dict.fromkeys((name, *parts), name))


def make_cell(described: Description, values: Texts) -> Any:
    """The cell of a metric. ValueError where its name is that of another metric."""
    _claim(described)
    if _is_worker:
        return _fasterapi.metric_cell(*described, values)
    name = described[1]
    if _descriptions.setdefault(name, described) != described:
        raise ValueError(f"{name} is already a metric of another kind, help, labels or buckets")
    cells = _cells.setdefault(name, {})
    if values not in cells:
        if len(cells) >= MAX_LABEL_SETS:
            if len(cells) == MAX_LABEL_SETS:
                text = "%s has %d label sets: what has others is not counted"
                logging.getLogger("fasterapi").warning(text, name, MAX_LABEL_SETS)
                cells[()] = LocalCell(described[4], False)
            return cells[()]
        cells[values] = LocalCell(described[4])
    return cells[values]


def forget() -> None:
    """For tests outside the server: no metric was ever made."""
    if _is_worker:
        raise RuntimeError("the server's metrics are never forgotten")
    _descriptions.clear()
    _cells.clear()
    _series.clear()
