"""The generators that a request entered, and how they are left."""

import contextlib
import inspect
import sys
from typing import Any, Awaitable, Callable, NoReturn, Optional

from fasterapi.exceptions import FasterAPIError

Background = Optional[Callable[[], Awaitable[None]]]

_SWALLOWED = (
    "a dependency with yield caught an exception and did not raise it again, so there is no "
    "response: end its except block with `raise`"
)


class Cleanup:
    """Two stacks of generators: those left before the response is sent, and those left after it.

    In a request that is ``async`` both stacks are, whatever is on them."""

    def __init__(self, is_async: bool, is_shielded: bool = False) -> None:
        make: Any = contextlib.AsyncExitStack if is_async else contextlib.ExitStack
        self.is_async = is_async
        self._anyio: Any = sys.modules.get("anyio") if is_shielded else None
        self._scope: Any = None
        self._before = make()
        self._after = make()

    def enter(self, generator: Any, is_late: bool) -> Any:
        """What a generator yields; it is left with the stack."""
        manager = contextlib.contextmanager(lambda: generator)()
        return self._stack(is_late).enter_context(manager)

    async def enter_async(self, generator: Any, is_late: bool) -> Any:
        """The same for an async generator."""
        manager = contextlib.asynccontextmanager(lambda: generator)()
        if self._anyio is not None:
            manager = self._shielded(manager)
        return await self._stack(is_late).enter_async_context(manager)

    @contextlib.asynccontextmanager
    async def _shielded(self, manager: Any) -> Any:
        """The manager, whose end is not interrupted where the server cancels by scopes. The scope is
        around all generators, so that those which have scopes leave them in order."""
        if self._scope is None:
            self._scope = self._after.enter_context(self._anyio.CancelScope())
        was_shielded = self._scope.shield
        try:
            async with manager as value:
                try:
                    yield value
                finally:
                    self._scope.shield = True
        finally:
            self._scope.shield = was_shielded
        await self._anyio.lowlevel.checkpoint_if_cancelled()

    async def enter_limited(self, semaphore: Any, is_late: bool) -> None:
        """Takes a place in a dependency, given back with the stack."""
        await self._stack(is_late).enter_async_context(semaphore)

    def _stack(self, is_late: bool) -> Any:
        return self._after if is_late else self._before

    def close_early(self) -> None:
        """Leaves those that end before the response."""
        self._before.close()

    async def close_early_async(self) -> None:
        """Leaves those that end before the response."""
        await self._before.aclose()

    def fail(self, error: BaseException) -> NoReturn:
        """Throws an exception into all. Raises it, or what they make of it."""
        with self._after, self._before:
            raise error
        raise FasterAPIError(_SWALLOWED) from error

    async def fail_async(self, error: BaseException) -> NoReturn:
        """The same where the stacks are async."""
        async with self._after, self._before:
            raise error
        raise FasterAPIError(_SWALLOWED) from error

    async def end(self, background: Background, error: Optional[BaseException] = None) -> None:
        """Does the background work, then leaves the late ones, which see what it raises, or why the
        response was not sent."""
        if self.is_async:
            async with self._after:
                await _do(background, error)
        else:
            with self._after:
                await _do(background, error)


async def _do(work: Background, error: Optional[BaseException]) -> None:
    if error is not None:
        raise error
    result = None if work is None else work()
    if inspect.isawaitable(result):
        await result
