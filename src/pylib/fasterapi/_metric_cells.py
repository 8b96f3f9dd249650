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
        if self.is_counted:
            with self._lock:
                self._sum += amount

    def set(self, amount: float) -> None:
        if self.is_counted:
            with self._lock:
                self._sum = float(amount)

    def record(self, amount: float) -> None:
        if self.is_counted:
            with self._lock:
                self._counts[bisect.bisect_left(self._bounds, amount)] += 1
                self._sum += amount

    def totals(self) -> Tuple[float, Tuple[int, ...]]:
        with self._lock:
            return self._sum, tuple(self._counts)


_descriptions: Dict[str, Description] = {}
_cells: Dict[str, Dict[Texts, LocalCell]] = {}


def make_cell(described: Description, values: Texts) -> Any:
    """The cell of a metric. ValueError where its name is that of another metric."""
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
