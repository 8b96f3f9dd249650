"""The store of fasterapi.shared without the server: that of src/store, within this process."""

import collections
import heapq
import math
import operator
import threading
import time
from typing import Any, Dict, List, Optional, Tuple

from fasterapi._shared_values import INT_MAX, INT_MIN, Value, check_name, from_value, to_value

MAX_BYTES = 64 * 1024 * 1024
_OVERHEAD = 192
_DONE, _UNMET, _NO_ROOM, _NO_INTEGER, _OUT_OF_RANGE = range(5)


class _Entry:
    __slots__ = ("end", "value")

    def __init__(self, value: Value, end: float) -> None:
        self.value = value
        self.end = end


class Store:
    """Keys and values, the one that was used last at the end."""

    def __init__(self, max_bytes: int = MAX_BYTES, refuses: bool = False) -> None:
        self._max_bytes = max_bytes
        self._refuses = refuses
        self._lock = threading.Lock()
        self._entries: "collections.OrderedDict[str, _Entry]" = collections.OrderedDict()
        self._ends: List[Tuple[float, str]] = []  # a heap; some are out of date
        self._bytes = 0
        self._counts = dict.fromkeys(("hits", "misses", "evicted", "expired", "refused"), 0)

    def get(self, key: str) -> Any:
        with self._lock:
            found = self._find(key)
            self._counts["hits" if found else "misses"] += 1
        return None if found is None else from_value(found.value)

    def set(self, key: str, value: Any, ttl: Optional[float], adds: bool) -> int:
        end, held = _end(ttl), to_value(value)
        with self._lock:
            found = self._find(key)
            return _UNMET if adds and found else self._put(key, held, end, found)

    def compare_and_set(self, key: str, expected: Any, value: Any, ttl: Optional[float]) -> int:
        end = _end(ttl)
        wanted = None if expected is None else to_value(expected)
        held = to_value(value)
        with self._lock:
            found = self._find(key)
            if (found and found.value) != wanted:
                return _UNMET
            return self._put(key, held, end, found)

    def increment(self, key: str, by: int, initial: int, ttl: Optional[float]) -> Tuple[int, int]:
        end, by, initial = _end(ttl), operator.index(by), operator.index(initial)
        if not (INT_MIN <= by <= INT_MAX and INT_MIN <= initial <= INT_MAX):
            raise OverflowError("an integer beyond 64 bits")
        with self._lock:
            found = self._find(key)
            if found and found.value.kind != "integer":
                return _NO_INTEGER, 0
            now = (found.value.content if found else initial) + by
            if not INT_MIN <= now <= INT_MAX:
                return _OUT_OF_RANGE, 0
            outcome = self._put(key, Value("integer", now), found.end if found else end, found)
            return outcome, now

    def remove(self, key: str) -> bool:
        with self._lock:
            found = self._find(key)
            if found:
                self._erase(key)
            return found is not None

    def touch(self, key: str, ttl: Optional[float]) -> bool:
        end = _end(ttl)
        with self._lock:
            found = self._find(key)
            if found:
                self._set_end(key, found, end)
            return found is not None

    def life_left(self, key: str) -> Optional[float]:
        with self._lock:
            found = self._find(key)
            return found.end - time.monotonic() if found else None

    def clear(self) -> None:
        with self._lock:
            self._entries.clear()
            self._ends.clear()
            self._bytes = 0

    def stats(self) -> Dict[str, int]:
        with self._lock:
            sizes = {"keys": len(self._entries), "bytes": self._bytes}
            return {**sizes, "max_bytes": self._max_bytes, **self._counts}

    def _find(self, key: str) -> Optional[_Entry]:
        check_name(key)
        self._drop_expired()
        found = self._entries.get(key)
        if found:
            self._entries.move_to_end(key)
        return found

    def _put(self, key: str, value: Value, end: float, instead: Optional[_Entry]) -> int:
        size = _size(key, value)
        grows = size - (_size(key, instead.value) if instead else 0)
        if size > self._max_bytes or (self._refuses and self._bytes + grows > self._max_bytes):
            self._counts["refused"] += 1
            return _NO_ROOM
        entry = self._entries.setdefault(key, _Entry(value, math.inf))
        entry.value = value
        self._set_end(key, entry, end)
        self._bytes += grows
        while self._bytes > self._max_bytes:
            self._erase(next(iter(self._entries)))
            self._counts["evicted"] += 1
        return _DONE

    def _set_end(self, key: str, entry: _Entry, end: float) -> None:
        if end not in (math.inf, entry.end):
            heapq.heappush(self._ends, (end, key))
        entry.end = end
        if len(self._ends) > 2 * len(self._entries) + 64:  # most are out of date
            ends = ((each.end, name) for name, each in self._entries.items())
            self._ends = sorted(pair for pair in ends if pair[0] != math.inf)

    def _erase(self, key: str) -> None:
        self._bytes -= _size(key, self._entries.pop(key).value)

    def _drop_expired(self) -> None:
        now = time.monotonic()
        while self._ends and self._ends[0][0] <= now:
            end, key = heapq.heappop(self._ends)
            found = self._entries.get(key)
            if found and found.end == end:
                self._erase(key)
                self._counts["expired"] += 1


def _size(key: str, value: Value) -> int:
    return _OVERHEAD + len(key.encode()) + value.size


def _end(ttl: Optional[float]) -> float:
    if ttl is None:
        return math.inf
    if isinstance(ttl, (str, bytes, bytearray)):
        raise TypeError(f"ttl is a number of seconds, not {type(ttl).__name__}")
    seconds = float(ttl)
    if not seconds > 0:
        raise ValueError("ttl is a number of seconds above 0, or None")
    return time.monotonic() + seconds
