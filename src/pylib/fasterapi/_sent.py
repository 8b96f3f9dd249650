"""What is done once a response was handed over: background tasks, the ends of generators.

It runs on the worker's event loop, in the context in which it was started, and what it raises is
logged: no response can tell any more. In the server it begins before the next request is taken, so
that what waits for it is not held up by requests that need the same.
"""

import asyncio
import contextlib
import functools
import logging
import weakref
from contextvars import Context, ContextVar, copy_context
from typing import Any, Awaitable, Callable, Coroutine, Iterator, List, Optional, Set, Tuple

try:
    from _fasterapi import follow
except ImportError:

    def follow(call: Callable[[], object]) -> bool:
        """As the server's, of which there is none."""
        return False


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
        self._work: List[Tuple[Work, Context]] = []
        self._token = _held.set(self)

    def add(self, work: Work) -> bool:
        """Takes it, unless it was released."""
        if self._is_open:
            self._work.append((work, copy_context()))
        return self._is_open

    def release(self) -> None:
        """Starts what it holds."""
        self._is_open = False
        _held.reset(self._token)
        for work, context in self._work:
            _start(work, context)


_held: "ContextVar[Optional[HeldBack]]" = ContextVar("held", default=None)


def start(work: Work) -> None:
    """Has the work done after the response of the handler that runs now."""
    held = _held.get()
    if held is None or not held.add(work):
        _start(work, copy_context())


def _start(work: Work, context: Context) -> None:
    if not follow(functools.partial(_begin, work, context)):
        context.run(lambda: keep(_later(work)))


def _begin(work: Work, context: Context) -> None:
    made: Any = asyncio.Task  # with a context from Python 3.11 on, eager from 3.12 on
    loop = asyncio.get_running_loop()
    keep_task(made(logged(work), loop=loop, context=context, eager_start=True))


def as_here(work: Callable[..., Awaitable[None]]) -> Callable[..., Awaitable[None]]:
    """The work, for whose task the variables of the context have the values that they have now."""
    context = copy_context()

    async def run(*arguments: Any) -> None:
        for variable, value in context.items():
            if variable.get(None) is not value:
                variable.set(value)
        await work(*arguments)

    return run


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
