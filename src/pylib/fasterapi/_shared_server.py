"""What fasterapi.shared is made of inside the server: the store and the channels of the process."""

import asyncio
from typing import Any, Dict

import _fasterapi

get = _fasterapi.shared_get
set = _fasterapi.shared_set
compare_and_set = _fasterapi.shared_compare_and_set
increment = _fasterapi.shared_increment
remove = _fasterapi.shared_remove
touch = _fasterapi.shared_touch
life_left = _fasterapi.shared_life_left
clear = _fasterapi.shared_clear
stats = _fasterapi.shared_stats
publish = _fasterapi.shared_publish


class Subscription:
    """A subscription of the process's hub, whose bell is watched by this worker's event loop."""

    def __init__(self, channel: str, limit: int) -> None:
        self._held = _fasterapi.shared_subscribe(channel, limit)
        self.take = self._held.take

    @property
    def dropped(self) -> int:
        return int(self._held.dropped)

    @property
    def is_over(self) -> bool:
        return bool(self._held.is_over)

    def close(self) -> None:
        self._held.close()
        _wake(self._held.number)

    async def wait(self) -> None:
        """Until something has come since take() had nothing, or may have."""
        loop = asyncio.get_running_loop()
        _watch(loop)
        waiter = loop.create_future()
        _waiting[self._held.number] = waiter
        try:
            await waiter
        finally:
            if _waiting.get(self._held.number) is waiter:
                del _waiting[self._held.number]


_waiting: Dict[int, "asyncio.Future[None]"] = {}  # by number of the subscription
_watched: Any = None  # the loop that watches the mailbox


def _watch(loop: asyncio.AbstractEventLoop) -> None:
    global _watched
    if _watched is not loop:
        _watched = loop
        loop.add_reader(_fasterapi.shared_mailbox(), _on_ready)


def _on_ready() -> None:
    for number in _fasterapi.shared_ready():
        _wake(number)


def _wake(number: int) -> None:
    waiter = _waiting.get(number)
    if waiter is not None and not waiter.done():
        waiter.set_result(None)
