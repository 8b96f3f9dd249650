"""An event loop in a thread of its own, so that a test client can be used anywhere, in an ``async
def`` test too."""

import asyncio
import threading
from typing import Any, Coroutine, Optional

from fasterapi import _sent


class Portal:
    """Runs coroutines, and one app's lifespan around them. Closed by ``close()``."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="test client")
        self._thread.start()
        self._lifespan: Optional[_Lifespan] = None

    def call(self, work: "Coroutine[Any, Any, Any]") -> Any:
        """The coroutine's result."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    def start(self, app: Any) -> None:
        """The app's startup; what it raises is raised."""
        self._lifespan = _Lifespan(app)
        self.call(self._lifespan.start())

    def close(self) -> None:
        """The app's shutdown, if it was started, and the end of the thread."""
        try:
            if self._lifespan is not None:
                self.call(self._lifespan.stop())
        finally:
            self.call(_end_tasks())
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()
            self._loop.close()


class _Lifespan:
    """Startup and shutdown in one task, as cancel scopes that span both need it."""

    def __init__(self, app: Any) -> None:
        self._app = app
        self._started = asyncio.Event()
        self._stopping = asyncio.Event()
        self._task: "Optional[asyncio.Task[None]]" = None

    async def start(self) -> None:
        self._task = asyncio.ensure_future(self._live())
        waiting = asyncio.ensure_future(self._started.wait())
        await asyncio.wait({self._task, waiting}, return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()
        if self._task.done():
            self._task.result()

    async def stop(self) -> None:
        await _sent.drain()
        self._stopping.set()
        if self._task is not None:
            await self._task

    async def _live(self) -> None:
        await self._app._startup()
        self._started.set()
        await self._stopping.wait()
        await self._app._shutdown()


async def _end_tasks() -> None:
    tasks = asyncio.all_tasks() - {asyncio.current_task()}
    for task in tasks:
        task.cancel()
    if tasks:
        await asyncio.wait(tasks)
    loop = asyncio.get_running_loop()
    await loop.shutdown_asyncgens()
    await loop.shutdown_default_executor()
