"""What all workers share: a store of keys and values, and channels for messages.

Each worker of the server has an interpreter, and so module globals, of its own. What one sets here,
all see; it lives in the server, outside of every interpreter, until the server ends. Without the
server the same functions work within the process.

Values and messages are ``bytes``, ``str``, ``int``, or anything that has a JSON form, which comes
back as a fresh copy of that: a tuple as a list. ``None`` is no value. See docs/shared.md.
"""

import asyncio
import operator
import sys
from types import TracebackType
from typing import Any, Dict, Optional, Type

try:
    import _fasterapi

    _is_worker = _fasterapi.worker_id() >= 0
except ImportError:
    _is_worker = False

if _is_worker:
    from fasterapi import _shared_server as _backend
else:
    from fasterapi import _shared_local as _backend  # type: ignore[no-redef]

__all__ = [
    "StoreFull",
    "SubscriberTooSlow",
    "Subscription",
    "add",
    "clear",
    "compare_and_set",
    "decr",
    "delete",
    "get",
    "incr",
    "publish",
    "set",
    "stats",
    "subscribe",
    "touch",
    "ttl",
]

_DONE, _UNMET, _NO_ROOM, _NO_INTEGER, _OUT_OF_RANGE = range(5)


class StoreFull(Exception):
    """The value is larger than the store, or that is full and shared.when_full is "refuse"."""


class SubscriberTooSlow(Exception):
    """Messages were dropped, and the subscription was made with ``overflow="error"``."""


def get(key: str, default: Any = None) -> Any:
    """The value of a key, or ``default`` where there is none."""
    value = _backend.get(key)
    return default if value is None else value


def set(key: str, value: Any, ttl: Optional[float] = None) -> None:
    """Sets a key, for ``ttl`` seconds or until it is removed. Raises StoreFull."""
    _check(key, _backend.set(key, value, ttl, False))


def add(key: str, value: Any, ttl: Optional[float] = None) -> bool:
    """Sets a key that does not exist; False: it does, and keeps its value."""
    return _check(key, _backend.set(key, value, ttl, True))


def compare_and_set(key: str, expected: Any, value: Any, ttl: Optional[float] = None) -> bool:
    """Sets a key whose value is ``expected`` (None: that does not exist); False: it is not, and
    keeps its value. Values are equal where their type and their bytes, or JSON text, are."""
    return _check(key, _backend.compare_and_set(key, expected, value, ttl))


def incr(key: str, by: int = 1, *, initial: int = 0, ttl: Optional[float] = None) -> int:
    """Adds to an integer of 64 bits and gives the sum. A key that does not exist becomes
    ``initial + by``, for ``ttl`` seconds; one that does keeps its life. TypeError where the value
    is no integer, OverflowError beyond 64 bits."""
    outcome, value = _backend.increment(key, by, initial, ttl)
    _check(key, outcome)
    return int(value)


def decr(key: str, by: int = 1, *, initial: int = 0, ttl: Optional[float] = None) -> int:
    """``incr`` downwards."""
    return incr(key, -by, initial=initial, ttl=ttl)


def delete(key: str) -> bool:
    """Removes a key; whether there was one."""
    return bool(_backend.remove(key))


def touch(key: str, ttl: Optional[float]) -> bool:
    """Gives a key another ``ttl`` seconds from now, or no end; whether there is one."""
    return bool(_backend.touch(key, ttl))


def ttl(key: str) -> Optional[float]:
    """Seconds until a key ends, ``math.inf`` for one without an end, None where there is none."""
    left: Optional[float] = _backend.life_left(key)
    return left


def clear() -> None:
    """Removes all keys."""
    _backend.clear()


def stats() -> Dict[str, int]:
    """keys, bytes, max_bytes, hits, misses, evicted, expired, refused."""
    figures: Dict[str, int] = _backend.stats()
    return figures


def _check(key: str, outcome: int) -> bool:
    if outcome == _NO_ROOM:
        raise StoreFull(f"no room for {key!r} (shared.max_bytes)")
    if outcome == _NO_INTEGER:
        raise TypeError(f"the value of {key!r} is no integer")
    if outcome == _OUT_OF_RANGE:
        raise OverflowError(f"{key!r} would be beyond 64 bits")
    return outcome == _DONE


def publish(channel: str, message: Any) -> int:
    """Sends a message to all subscribers of a channel, in every worker; how many there were. It
    does not wait for them."""
    return int(_backend.publish(channel, message))


def subscribe(channel: str, *, limit: int = 1000, overflow: str = "drop_oldest") -> "Subscription":
    """The messages published in a channel from now on: ``async for message in subscribe("room")``.

    Of those that wait for the subscriber, ``limit`` (and 16 MiB) are kept. When another comes, the
    oldest is dropped and counted in ``dropped``; with ``overflow="error"`` the subscriber gets
    SubscriberTooSlow next. All subscribers of a channel see its messages in one order. It ends when
    the server begins to stop."""
    limit = min(operator.index(limit), sys.maxsize)
    if limit < 1:
        raise ValueError("limit is at least 1")
    if overflow not in ("drop_oldest", "error"):
        raise ValueError('overflow is "drop_oldest" or "error"')
    return Subscription(channel, limit, overflow == "error")


class Subscription:
    """Messages of a channel, for one task. It is left by ``close``, at the end of a ``with`` block,
    when an ``async for`` over it is cancelled, or when nothing refers to it any more."""

    def __init__(self, channel: str, limit: int, raises: bool) -> None:
        self.channel = channel
        self._raises = raises
        self._is_closed = False
        self._inner = _backend.Subscription(channel, limit)

    @property
    def dropped(self) -> int:
        """Messages that made way for later ones."""
        return self._inner.dropped

    def close(self) -> None:
        """Ends it: nothing comes any more."""
        self._is_closed = True
        self._inner.close()

    def __aiter__(self) -> "Subscription":
        return self

    async def __anext__(self) -> Any:
        try:
            return await self._next()
        except asyncio.CancelledError:
            # The exception's traceback would keep it until the next collection.
            self.close()
            raise

    async def _next(self) -> Any:
        while not self._is_closed:
            if self._raises and self._inner.dropped:
                self.close()
                text = f"{self._inner.dropped} messages of {self.channel!r} were dropped"
                raise SubscriberTooSlow(text)
            message = self._inner.take()
            if message is not None:
                return message
            if self._inner.is_over:
                break
            await self._inner.wait()
        raise StopAsyncIteration

    async def get(self) -> Any:
        """The next message. EOFError where none will come. It may be cancelled, by a timeout say,
        and asked for again."""
        try:
            return await self._next()
        except StopAsyncIteration:
            raise EOFError(f"the subscription of {self.channel!r} has ended") from None

    def __enter__(self) -> "Subscription":
        return self

    def __exit__(
        self,
        kind: Optional[Type[BaseException]],
        error: Optional[BaseException],
        trace: Optional[TracebackType],
    ) -> None:
        self.close()

    async def __aenter__(self) -> "Subscription":
        return self

    async def __aexit__(
        self,
        kind: Optional[Type[BaseException]],
        error: Optional[BaseException],
        trace: Optional[TracebackType],
    ) -> None:
        self.close()
