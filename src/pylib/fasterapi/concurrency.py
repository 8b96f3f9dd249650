"""Blocking work in threads, beside the worker's event loop."""

import asyncio
import contextlib
import functools
import sys
from typing import Any, AsyncIterator, Callable, ContextManager, Iterable, TypeVar

T = TypeVar("T")
_END: Any = object()


async def run_in_threadpool(func: Callable[..., T], *args: Any, **kwargs: Any) -> T:
    """The function's result, from a thread of the loop's pool. It sees the context variables."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:  # another kind of loop, which anyio knows
        import anyio.to_thread

        return await anyio.to_thread.run_sync(functools.partial(func, *args, **kwargs))
    return await asyncio.to_thread(func, *args, **kwargs)


async def iterate_in_threadpool(iterable: Iterable[T]) -> AsyncIterator[T]:
    """What a blocking iterable gives, each asked for in a thread."""
    iterator = iter(iterable)
    while (item := await run_in_threadpool(next, iterator, _END)) is not _END:
        yield item


@contextlib.asynccontextmanager
async def contextmanager_in_threadpool(manager: ContextManager[T]) -> AsyncIterator[T]:
    """A blocking context manager, entered and left in threads; left also where it is cancelled."""
    value = await run_in_threadpool(manager.__enter__)
    try:
        yield value
    except BaseException as error:
        left = await _uninterrupted(manager.__exit__, type(error), error, error.__traceback__)
        if not left:
            raise
    else:
        await _uninterrupted(manager.__exit__, None, None, None)


async def _uninterrupted(func: Callable[..., T], *args: Any) -> T:
    anyio: Any = sys.modules.get("anyio")
    if anyio is None:
        return await asyncio.shield(asyncio.ensure_future(run_in_threadpool(func, *args)))
    with anyio.CancelScope(shield=True):
        return await run_in_threadpool(func, *args)
