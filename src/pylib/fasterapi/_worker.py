"""What the server runs inside each of its workers' interpreters; see docs/boundary.md.

Only ``fasterapi-server`` imports this module: ``_fasterapi`` is built into it.
"""

import asyncio
import atexit
import gc
import threading
from typing import Any, AsyncIterator, Awaitable, Iterator, List, Optional, Tuple, Union

import _fasterapi

from fasterapi import _dependencies, _reports, _worker_log, _worker_threads
from fasterapi._worker_import import LoadedApp, LoadError, describe_error, load_app
from fasterapi._worker_loop import WorkerLoop, keep_tasks_in_c

__all__ = [
    "LoadError",
    "await_any",
    "drive_stream",
    "finish",
    "load",
    "prepare",
    "report",
    "serve",
]

_LOOK_SECONDS = 0.05  # between two looks of a startup whether the server is to end
_loop: Optional[WorkerLoop] = None


def prepare(is_debug: bool = False) -> None:
    """Makes this interpreter a worker: its output goes to the server's log, its loop is set."""
    global _loop
    atexit.register(_worker_threads.forget_own)  # first, so that it runs last
    _worker_threads.allow_daemons()
    _worker_log.install(is_debug)
    _dependencies.add_folder(_fasterapi.packages())
    threading.current_thread().name = f"worker {_fasterapi.worker_id()}"
    keep_tasks_in_c()
    _loop = WorkerLoop()
    asyncio.set_event_loop(_loop)  # for modules that ask for it while they are imported


def load(spec: str) -> LoadedApp:
    """Imports the app that ``spec`` names. Raises LoadError, whose text is for the user."""
    loaded = load_app(spec)
    # What the import made lives as long as the worker: collections need not look at it again.
    gc.collect()
    gc.freeze()
    return loaded


def report(name: str, loaded: Optional[LoadedApp]) -> str:
    """A text about the app, if it loaded, for a command of the server: a function of
    fasterapi._reports."""
    try:
        return str(getattr(_reports, name)(loaded and loaded.app))
    except BaseException as error:
        spec = "the app" if loaded is None else loaded.spec
        text = f"{name} of {spec} failed.\n{describe_error(error)}"
        raise LoadError(text) from None


def serve(loaded: LoadedApp, startup_seconds: float) -> None:
    """Runs the app from its startup until the lane is closed and every job was answered."""
    assert _loop is not None
    selector: Any = _loop._selector  # type: ignore[attr-defined]
    lifespan = _Lifespan(loaded.app)
    try:
        if not _run(lifespan.start(startup_seconds)):
            return
    except BaseException as error:
        raise LoadError(_startup_failure(loaded, error, startup_seconds)) from None
    selector.jobs.open()
    _run_until_closed(selector.jobs)
    try:
        _run(lifespan.stop())
    except BaseException:
        _worker_log.exception("the shutdown of the app failed")


def finish() -> Tuple[List[str], bool]:
    """Ends tasks, executors and threads; the names of the threads that did not end in time, and
    whether daemons go on."""
    assert _loop is not None
    gc.unfreeze()
    try:
        _run(_end_tasks())
        _run(_loop.shutdown_asyncgens())
    except BaseException:
        _worker_log.exception("ending what still runs failed")
    executor = getattr(_loop, "_default_executor", None)
    if executor is not None:
        executor.shutdown(wait=False, cancel_futures=True)
    _worker_threads.end(_fasterapi.time_left() * 0.75)
    late, daemons = _worker_threads.left()
    if not late and not daemons:
        asyncio.set_event_loop(None)
        _loop.close()
    _worker_log.close()
    return [thread.name for thread in late], bool(daemons)


async def await_any(awaitable: Awaitable[Any]) -> Any:
    """A coroutine of whatever can be awaited."""
    return await awaitable


async def drive_stream(
    job: Any, iterator: Union[Iterator[Any], AsyncIterator[Any]]
) -> None:
    """Writes what an iterator yields to a job's connection; closes the iterator at the end."""
    try:
        if hasattr(iterator, "__aiter__"):
            async for part in iterator:
                while (taken := job.away()) is not None:
                    await taken
                job.write(part)
        else:
            for part in iterator:
                while (taken := job.away()) is not None:
                    await taken
                job.write(part)
                if job.away() is None:
                    job.flush()  # before the iterator is asked for more, which may take its time
    finally:
        await _close(iterator)


async def _close(iterator: Any) -> None:
    if hasattr(iterator, "aclose"):
        await iterator.aclose()
    elif hasattr(iterator, "close"):
        iterator.close()


class _Lifespan:
    """Startup and shutdown of an app in one task, as cancel scopes that span both need it."""

    def __init__(self, app: Any) -> None:
        self._app = app
        self._started = asyncio.Event()
        self._stopping = asyncio.Event()
        self._task: Optional[asyncio.Task[None]] = None

    async def start(self, seconds: float) -> bool:
        """False: the server is to end."""
        self._task = asyncio.ensure_future(self._live())
        others = {asyncio.ensure_future(each) for each in (self._started.wait(), _closing())}
        await asyncio.wait(
            {self._task, *others}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED
        )
        for each in others:
            each.cancel()
        if self._task.done():
            self._task.result()
        elif not self._started.is_set():  # finish() cancels it
            if not _fasterapi.is_closing():
                raise TimeoutError
            return False
        return True

    async def stop(self) -> None:
        assert self._task is not None
        self._stopping.set()
        _, running = await asyncio.wait({self._task}, timeout=_fasterapi.time_left() / 2)
        if running:
            raise TimeoutError("the app's shutdown took too long")
        self._task.result()

    async def _live(self) -> None:
        await self._app._startup()
        self._started.set()
        await self._stopping.wait()
        await self._app._shutdown()


async def _closing() -> None:
    while not _fasterapi.is_closing():
        await asyncio.sleep(_LOOK_SECONDS)


def _run(work: Any) -> Any:
    assert _loop is not None
    return _loop.run_until_complete(work)


def _run_until_closed(jobs: Any) -> None:
    # A handler that calls sys.exit() or stops the loop does not end the server.
    assert _loop is not None
    while jobs.is_open():
        if _loop.is_closed():
            raise LoadError("The app has closed the event loop of its worker.")
        try:
            _loop.run_forever()
            if jobs.is_open():
                _worker_log.warning("the app stopped the event loop; the server goes on")
        except SystemExit as error:
            _worker_log.warning(f"a task raised SystemExit({error.code!r}); the server goes on")
        except BaseException:
            _worker_log.exception("raised through the event loop")


def _startup_failure(loaded: LoadedApp, error: BaseException, seconds: float) -> str:
    if type(error) is TimeoutError and not error.args:
        return f"The startup of {loaded.spec} did not end within {seconds:g} s (timeouts.startup)."
    return f"The startup of {loaded.spec} failed.\n{describe_error(error)}"


async def _end_tasks() -> None:
    tasks = asyncio.all_tasks() - {asyncio.current_task()}
    for task in tasks:
        task.cancel()
    if tasks:
        await asyncio.wait(tasks, timeout=_fasterapi.time_left() / 2)
