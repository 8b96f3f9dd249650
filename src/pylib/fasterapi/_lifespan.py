"""Startup and shutdown of an app: FastAPI's lifespan context manager, or on_event handlers."""

import contextlib
import inspect
import sys
from typing import Any, AsyncIterator, Callable, List, Mapping, Optional, Sequence

from fasterapi.datastructures import State

Lifespan = Callable[[Any], Any]


class LifespanEvents:
    """What runs at startup and shutdown of an app or router: ``lifespan``, or else handlers in
    order of registration; and then those of the routers inside."""

    def __init__(
        self,
        startup: Optional[Sequence[Callable[[], Any]]] = None,
        shutdown: Optional[Sequence[Callable[[], Any]]] = None,
        lifespan: Optional[Lifespan] = None,
    ) -> None:
        self.startup = list(startup or ())
        self.shutdown = list(shutdown or ())
        self._own = None if lifespan is None else _as_manager(lifespan)
        self._inner: List[Lifespan] = []

    def add(self, event: str, handler: Callable[[], Any]) -> None:
        if event not in ("startup", "shutdown"):
            raise ValueError(f"event {event!r} is none of 'startup', 'shutdown'")
        (self.startup if event == "startup" else self.shutdown).append(handler)

    def include(self, router: "LifespanEvents") -> None:
        """Adds those of a router. Its handlers run with those of who includes it."""
        self.startup.extend(router.startup)
        self.shutdown.extend(router.shutdown)
        self._inner.extend(([] if router._own is None else [router._own]) + router._inner)

    @contextlib.asynccontextmanager
    async def run(self, app: Any) -> AsyncIterator[Optional[Mapping[str, Any]]]:
        """All of it as one lifespan, with what they yield in one mapping; the outermost wins."""
        async with contextlib.AsyncExitStack() as stack:
            yielded = []
            for lifespan in (self._own or self._handlers, *self._inner):
                yielded.append(await stack.enter_async_context(lifespan(app)))
            states = [state for state in reversed(yielded) if state is not None]
            yield {name: state[name] for state in states for name in state} if states else None

    @contextlib.asynccontextmanager
    async def _handlers(self, app: Any) -> AsyncIterator[None]:
        for handler in self.startup:
            await _call(handler)
        yield
        for handler in self.shutdown:
            await _call(handler)


def _as_manager(lifespan: Lifespan) -> Lifespan:
    """A generator function as what contextlib makes of it."""
    if inspect.isasyncgenfunction(lifespan):
        return contextlib.asynccontextmanager(lifespan)
    if not inspect.isgeneratorfunction(lifespan):
        return lifespan
    manager = contextlib.contextmanager(lifespan)

    @contextlib.asynccontextmanager
    async def lifted(app: Any) -> AsyncIterator[Any]:
        with manager(app) as yielded:
            yield yielded

    return lifted


class RunningLifespan:
    """One pass through an app's lifespan. start() and stop() run in one task."""

    def __init__(self, app: Any, lifespan: Lifespan) -> None:
        self._app = app
        self._lifespan = lifespan
        self._context: Any = None
        self.yielded: Mapping[str, Any] = {}  #: also in ``request.state``

    async def start(self) -> None:
        context = self._lifespan(self._app)
        yielded: Optional[Mapping[str, Any]] = await context.__aenter__()
        self._context = context
        if yielded is not None:
            state: State = self._app.state
            self.yielded = yielded
            for name, value in yielded.items():
                setattr(state, name, value)
            if "_fasterapi" in sys.modules:  # the server, which has one app
                State._of_lifespan = yielded

    async def stop(self) -> None:
        context, self._context = self._context, None
        if context is not None:
            await context.__aexit__(None, None, None)


async def _call(handler: Callable[[], Any]) -> None:
    result = handler()
    if inspect.isawaitable(result):
        await result
