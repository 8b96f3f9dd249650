"""The event loop of a worker: asyncio's own, the hot half of which runs in C++.

Only ``fasterapi-server`` imports this module.
"""

import asyncio
import heapq
import selectors
import sys
from asyncio import format_helpers
from typing import Any, List, Optional

import _fasterapi

# What a loop has of LoopTurns, in the place of asyncio's.
_VERBS = {
    "call_soon": "call_soon",
    "get_debug": "get_debug",
    "is_running": "is_running",
    "_run_once": "run_once",
}
_MANY_TIMERS = 100  # from here on, with half of them cancelled, the heap is made anew


class JobSelector(selectors.EpollSelector):
    """epoll as usual, but select() takes the server's jobs while it waits."""

    def __init__(self) -> None:
        super().__init__()
        keys = self._fd_to_key  # type: ignore[attr-defined]
        self.jobs = _fasterapi.Selector(self.fileno(), keys)
        # No Python frame between event loop and jobs.
        self.select = self.jobs.select  # type: ignore[method-assign]


class WorkerLoop(asyncio.SelectorEventLoop):
    """A loop over a JobSelector, or another one that is given. While it is in debug mode, asyncio's
    own methods run."""

    _debug: bool
    _ready: Any
    _scheduled: List[Any]
    _timer_cancelled_count: int

    def __init__(self, selector: Optional[selectors.BaseSelector] = None) -> None:
        self._turns: Any = None
        selector = selector or JobSelector()
        super().__init__(selector)
        if isinstance(selector, JobSelector):
            selector.jobs.attach(self)
        self._turns = _fasterapi.LoopTurns(self)
        self._choose()

    def stop(self) -> None:
        """As asyncio's. A handler that calls it runs within select(), which ends once something is
        ready."""
        super().stop()
        if self.is_running() and not self._ready:
            self.call_soon(_nothing)

    def set_debug(self, enabled: bool) -> None:
        """As asyncio's."""
        super().set_debug(enabled)
        self._choose()

    def close(self) -> None:
        """As asyncio's."""
        super().close()
        self._choose()

    def _choose(self) -> None:
        methods = self.__dict__
        is_ours = self._turns is not None and not self._debug and not self.is_closed()
        for name, verb in _VERBS.items():
            if is_ours:
                methods[name] = getattr(self._turns, verb)
            else:
                methods.pop(name, None)

    def _drop_cancelled(self) -> None:
        """Takes cancelled timers off the heap: those at its head, or all where most are."""
        timers = self._scheduled
        if len(timers) > _MANY_TIMERS and self._timer_cancelled_count * 2 > len(timers):
            for handle in timers:
                handle._scheduled = not handle._cancelled
            self._scheduled = [handle for handle in timers if handle._scheduled]
            heapq.heapify(self._scheduled)
            self._timer_cancelled_count = 0
        else:
            while timers and timers[0]._cancelled:
                self._timer_cancelled_count -= 1
                heapq.heappop(timers)._scheduled = False

    def _callback_failed(self, handle: Any, error: BaseException) -> None:
        helpers: Any = format_helpers
        name = helpers._format_callback_source(handle._callback, handle._args, debug=False)
        context = {
            "message": f"Exception in callback {name}",
            "exception": error,
            "handle": handle,
        }
        if handle._source_traceback:
            context["source_traceback"] = handle._source_traceback
        self.call_exception_handler(context)


def _nothing() -> None:
    pass


def keep_tasks_in_c() -> None:
    """asyncio's set of suspended tasks costs each of them two Python frames before CPython 3.14."""
    if sys.version_info < (3, 14):
        tasks: Any = asyncio.tasks._scheduled_tasks  # type: ignore[attr-defined]
        tasks.add = _fasterapi.TaskSet(tasks).add
