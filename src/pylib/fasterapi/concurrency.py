"""Blocking work in threads, beside the worker's event loop."""

import asyncio
import contextlib
from typing import Any, AsyncIterator, Callable, ContextManager, Iterable, TypeVar

T = TypeVar("T")
_END: Any = object()


async def run_in_threadpool(func: Callable[..., T], *args: Any, **kwargs: Any) -> T:
    """The function's result, from a thread of the loop's pool. It sees the context variables."""
    return await asyncio.to_thread(func, *args, **kwargs)


async def iterate_in_threadpool(iterable: Iterable[T]) -> AsyncIterator[T]:
    """What a blocking iterable gives, each asked for in a thread."""
    iterator = iter(iterable)
    while (item := await run_in_threadpool(next, iterator, _END)) is not _END:
        yield item


@contextlib.asynccontextmanager
async def contextmanager_in_threadpool(manager: ContextManager[T]) -> AsyncIterator[T]:
    """A blocking context manager, entered and left in threads."""
    value = await run_in_threadpool(manager.__enter__)
    try:
        yield value
    except Exception as error:
        left = await run_in_threadpool(manager.__exit__, type(error), error, error.__traceback__)
        if not left:
            raise
    else:
        await run_in_threadpool(manager.__exit__, None, None, None)
