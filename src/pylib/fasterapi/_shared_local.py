"""What fasterapi.shared is made of without the server: the same, within this process."""

import asyncio
import collections
import threading
import weakref
from typing import Any, Deque, Dict, Optional, Tuple

from fasterapi._local_store import Store
from fasterapi._shared_values import Value, check_name, from_value, to_value

QUEUE_BYTES = 16 * 1024 * 1024


class Subscription:
    """What one subscriber has not taken yet. Any thread publishes."""

    def __init__(self, channel: str, limit: int) -> None:
        check_name(channel)
        self.dropped = 0
        self.is_over = False
        self._channel = channel
        self._limit = limit
        self._messages: Deque[Value] = collections.deque()
        self._bytes = 0
        self._waiter: Optional[Tuple[asyncio.AbstractEventLoop, "asyncio.Future[None]"]] = None
        # Before it is in the set: called last, then.
        weakref.finalize(self, _forget_if_empty, channel).atexit = False
        with _lock:
            _channels.setdefault(channel, weakref.WeakSet()).add(self)

    def take(self) -> Any:
        with _lock:
            if not self._messages:
                return None
            message = self._messages.popleft()
            self._bytes -= message.size
        return from_value(message)

    async def wait(self) -> None:
        loop = asyncio.get_running_loop()
        waiter: "asyncio.Future[None]" = loop.create_future()
        with _lock:
            if self._messages:
                return
            self._waiter = (loop, waiter)
        await waiter

    def close(self) -> None:
        with _lock:
            listed = _channels.get(self._channel)
            if listed is not None:
                listed.discard(self)
                _forget_if_empty(self._channel)
            self._ring()

    def push(self, message: Value) -> None:
        self._messages.append(message)
        self._bytes += message.size
        while len(self._messages) > self._limit or (
            self._bytes > QUEUE_BYTES and len(self._messages) > 1
        ):
            self._bytes -= self._messages.popleft().size
            self.dropped += 1
        self._ring()

    def _ring(self) -> None:
        waiter, self._waiter = self._waiter, None
        if waiter is not None and not waiter[0].is_closed():
            waiter[0].call_soon_threadsafe(_wake, waiter[1])


def _forget_if_empty(channel: str) -> None:
    with _lock:
        if not _channels.get(channel, True):
            del _channels[channel]


def publish(channel: str, message: Any) -> int:
    check_name(channel)
    value = to_value(message)
    with _lock:
        subscribers = list(_channels.get(channel, ()))
        for each in subscribers:
            each.push(value)
    return len(subscribers)


def _wake(waiter: "asyncio.Future[None]") -> None:
    if not waiter.done():
        waiter.set_result(None)


_lock = threading.RLock()  # a collection may end a subscription inside it
_channels: "Dict[str, weakref.WeakSet[Subscription]]" = {}
_store = Store()
get = _store.get
set = _store.set
compare_and_set = _store.compare_and_set
increment = _store.increment
remove = _store.remove
touch = _store.touch
life_left = _store.life_left
clear = _store.clear
stats = _store.stats
