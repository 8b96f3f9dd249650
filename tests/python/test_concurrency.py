"""Blocking work in threads."""

import asyncio
import contextlib
import threading
from typing import Any, Iterator, List

import pytest

from fasterapi.concurrency import (
    contextmanager_in_threadpool,
    iterate_in_threadpool,
    run_in_threadpool,
)


def is_elsewhere() -> bool:
    return threading.current_thread() is not threading.main_thread()


def test_a_function_runs_in_a_thread():
    def work(a: int, *, b: int) -> Any:
        return is_elsewhere(), a + b

    assert asyncio.run(run_in_threadpool(work, 1, b=2)) == (True, 3)


def test_an_iterable_is_asked_in_threads():
    def items() -> Iterator[Any]:
        yield is_elsewhere()
        yield None

    async def collect() -> List[Any]:
        return [item async for item in iterate_in_threadpool(items())]

    assert asyncio.run(collect()) == [True, None]


@pytest.mark.parametrize("fail", [None, ValueError, KeyError])
def test_a_context_manager_is_entered_and_left_in_threads(fail):
    events: List[Any] = []

    @contextlib.contextmanager
    def manager() -> Iterator[int]:
        events.append(is_elsewhere())
        try:
            yield 7
        except ValueError:
            events.append("swallowed")
        finally:
            events.append(is_elsewhere())

    async def use() -> None:
        async with contextmanager_in_threadpool(manager()) as value:
            assert value == 7
            if fail is not None:
                raise fail

    if fail is KeyError:
        with pytest.raises(KeyError):
            asyncio.run(use())
    else:
        asyncio.run(use())
    assert events == [True, *(["swallowed"] if fail is ValueError else []), True]


def test_a_context_manager_is_left_in_a_thread_where_it_is_cancelled():
    events: List[Any] = []

    @contextlib.contextmanager
    def manager() -> Iterator[None]:
        try:
            yield
        except BaseException as error:
            events.append((type(error), is_elsewhere()))
            raise

    async def use() -> None:
        async with contextmanager_in_threadpool(manager()):
            events.append("inside")
            await asyncio.Event().wait()

    async def cancel() -> None:
        task = asyncio.ensure_future(use())
        while not events:
            await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(cancel())
    assert events == ["inside", (asyncio.CancelledError, True)]
