"""What is done once a response was handed over: background tasks, the ends of generators.

It runs on the worker's event loop, and what it raises is logged: no response can tell any more.
"""

import asyncio
import contextlib
import logging
import weakref
from contextvars import ContextVar
from typing import Any, Awaitable, Callable, Coroutine, Iterator, List, Optional, Set

Work = Callable[[], Awaitable[None]]

# Until a handler's response was handed over: its task ends, a callback sees it, one to be sure.
_TURNS = 3
_logger = logging.getLogger("fasterapi")
_open: "Set[asyncio.Task[None]]" = set()
_gathered: "ContextVar[Optional[Set[asyncio.Task[None]]]]" = ContextVar("gathered", default=None)


class HeldBack:
    """Holds back the work that is started from its making on, until the middleware around a handler
    is through, too: release()."""

    def __init__(self) -> None:
        self._is_open = True
        self._work: List[Work] = []
        self._token = _held.set(self)

    def add(self, work: Work) -> bool:
        """Takes it, unless it was released."""
        if self._is_open:
            self._work.append(work)
        return self._is_open

    def release(self) -> None:
        """Starts what it holds."""
        self._is_open = False
        _held.reset(self._token)
        for work in self._work:
            start(work)


_held: "ContextVar[Optional[HeldBack]]" = ContextVar("held", default=None)


def start(work: Work) -> None:
    """Has the work done after the response of the handler that runs now."""
    held = _held.get()
    if held is None or not held.add(work):
        keep(_later(work))


def keep(work: "Coroutine[Any, Any, None]") -> "asyncio.Task[None]":
    """Runs it as a task that drain() waits for."""
    return keep_task(asyncio.get_running_loop().create_task(work))


def keep_task(task: "asyncio.Task[None]") -> "asyncio.Task[None]":
    """The task, which drain() waits for."""
    if not task.done():
        gathered = _gathered.get()
        if gathered is not None:
            gathered.add(task)
        _open.add(task)
        task.add_done_callback(_open.discard)
    return task


@contextlib.contextmanager
def gathered() -> Iterator[Set["asyncio.Task[None]"]]:
    """The tasks that are kept inside of the block, and in what it starts."""
    tasks: "Set[asyncio.Task[None]]" = set()
    token = _gathered.set(tasks)
    try:
        yield tasks
    finally:
        _gathered.reset(token)


async def done(tasks: Set["asyncio.Task[None]"]) -> None:
    """Waits for tasks, and for those that they add."""
    while waiting := [task for task in tasks if not task.done()]:
        await asyncio.wait(waiting)


async def handed_over() -> None:
    """Waits until the response of a handler that is about to return was handed over."""
    for _ in range(_TURNS):
        await asyncio.sleep(0)


async def logged(work: Work) -> None:
    """Does the work, and logs what it raises."""
    try:
        await work()
    except Exception:
        _logger.exception("after a response")


async def drain() -> None:
    """Waits for all such work of the running loop."""
    loop = asyncio.get_running_loop()
    while waiting := [task for task in _open if task.get_loop() is loop]:
        await asyncio.wait(waiting)


def attach(response: Any, work: Work) -> None:
    """Has the work done when the server lets go of a response, which it wrote by then."""
    response._on_sent = weakref.finalize(response, _start_if_running, work)
    response._on_sent.atexit = False


def detach(response: Any) -> bool:
    """Undoes attach(), for who does the work himself. Whether there was anything to undo."""
    on_sent = getattr(response, "_on_sent", None)
    return on_sent is not None and on_sent.detach() is not None


def _start_if_running(work: Work) -> None:
    try:
        asyncio.get_running_loop()
    except RuntimeError:  # dropped where nothing is served
        return
    start(work)


async def _later(work: Work) -> None:
    await handed_over()
    await logged(work)
