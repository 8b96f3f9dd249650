"""Startup and shutdown of an app: FastAPI's lifespan context manager, or on_event handlers."""

import contextlib
import inspect
from typing import Any, AsyncIterator, Callable, List, Mapping, Optional

from fasterapi.datastructures import State

Lifespan = Callable[[Any], Any]


class LifespanEvents:
    """Handlers of startup and shutdown, in order of registration."""

    def __init__(self) -> None:
        self.startup: List[Callable[[], Any]] = []
        self.shutdown: List[Callable[[], Any]] = []

    def add(self, event: str, handler: Callable[[], Any]) -> None:
        if event not in ("startup", "shutdown"):
            raise ValueError(f"event {event!r} is none of 'startup', 'shutdown'")
        (self.startup if event == "startup" else self.shutdown).append(handler)

    @contextlib.asynccontextmanager
    async def run(self, app: Any) -> AsyncIterator[None]:
        """The handlers as a lifespan."""
        for handler in self.startup:
            await _call(handler)
        yield
        for handler in self.shutdown:
            await _call(handler)


class RunningLifespan:
    """One pass through an app's lifespan. start() and stop() run in one task."""

    def __init__(self, app: Any, lifespan: Lifespan) -> None:
        self._app = app
        self._lifespan = lifespan
        self._context: Any = None

    async def start(self) -> None:
        context = self._lifespan(self._app)
        if inspect.isasyncgen(context):
            raise TypeError(
                f"lifespan {self._lifespan.__name__!r} needs @contextlib.asynccontextmanager"
            )
        yielded: Optional[Mapping[str, Any]] = await context.__aenter__()
        self._context = context
        if yielded is not None:
            state: State = self._app.state
            for name, value in yielded.items():
                setattr(state, name, value)

    async def stop(self) -> None:
        context, self._context = self._context, None
        if context is not None:
            await context.__aexit__(None, None, None)


async def _call(handler: Callable[[], Any]) -> None:
    result = handler()
    if inspect.isawaitable(result):
        await result
