"""Work that is done after the response was sent."""

import inspect
from typing import Any, Callable, List, Optional, Sequence

from fasterapi import _telemetry


class BackgroundTask:
    """A call to make later; a coroutine function is awaited."""

    def __init__(self, func: Callable[..., Any], *args: Any, **kwargs: Any) -> None:
        self.func = func
        self.args = args
        self.kwargs = kwargs

    async def __call__(self) -> None:
        result = self.func(*self.args, **self.kwargs)
        if inspect.isawaitable(result):
            await result


class BackgroundTasks(BackgroundTask):
    """Calls to make one after another. As a parameter of a handler or of its dependencies, all of
    a request share one, which runs after the response; or as ``background=`` of a Response.

    Plain functions run on the worker's thread, as handlers do. One that raises ends the row and
    is logged."""

    def __init__(self, tasks: Optional[Sequence[BackgroundTask]] = None) -> None:
        self.tasks: List[BackgroundTask] = list(tasks or ())

    def add_task(self, func: Callable[..., Any], *args: Any, **kwargs: Any) -> None:
        """Adds a call of ``func`` with these arguments."""
        self.tasks.append(BackgroundTask(func, *args, **kwargs))

    async def __call__(self) -> None:
        if _telemetry.is_observed():
            return await _telemetry.operations().run_tasks(self.tasks)  # type: ignore[no-any-return]
        for task in self.tasks:
            await task()
