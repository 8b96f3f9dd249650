"""``serve()``: a server for the time of a with block."""

import asyncio
import os
import sys
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Any, Dict, Mapping, Optional, Type, Union

from fasterapi import _run
from fasterapi.testing._process import ServerProcess
from fasterapi.testing._reference import reference_of, search_path

_MAY_END = 2.0  # seconds
_ANY_ADDRESS = {"0.0.0.0": "127.0.0.1", "::": "::1"}


def serve(
    app: Any,
    *,
    cwd: Union[str, "os.PathLike[str]", None] = None,
    env: Optional[Mapping[str, str]] = None,
    start_seconds: float = 30.0,
    **config: Any,
) -> "Serving":
    """A context manager, also for ``async with``: fasterapi-server with this app, on a port that
    the system chooses.

    ``app`` is "module:attr" or "path/file.py:attr", or an app that is a global of a module: the
    server imports that module itself, so what the test changes in its own process is not there.
    ``config`` are keys of the configuration as in ``app.run()``; FASTERAPI_ variables do not count,
    ``env`` adds to the others. ServerFailed, with the traceback, where the app does not start."""
    return Serving(app, cwd, env or {}, start_seconds, config)


class Serving:
    """The context manager of serve(); its value is the ServerProcess. At the end of the block the
    server is stopped, and must have done so cleanly; where the block raises, its log is printed."""

    def __init__(
        self,
        app: Any,
        cwd: Union[str, "os.PathLike[str]", None],
        env: Mapping[str, str],
        start_seconds: float,
        config: Mapping[str, Any],
    ) -> None:
        self._app = reference_of(app)
        self._cwd = None if cwd is None else Path(cwd)
        self._env = env
        self._start_seconds = start_seconds
        self._config = {"port": 0, **config}
        self._folder: Optional[tempfile.TemporaryDirectory[str]] = None
        self._server: Optional[ServerProcess] = None

    def __enter__(self) -> ServerProcess:
        self._folder = tempfile.TemporaryDirectory(prefix="fasterapi-")
        folder = Path(self._folder.name)
        config = {
            "python_path": search_path(),
            **_run.usable_venv(),
            "port_file": folder / "port",
            **self._config,
        }
        command = [_run.find_server(os.environ), "--app", self._app, *_run.flags(config, {})]
        try:
            self._server = ServerProcess(command, folder, self._cwd, self._environment())
            host = str(self._config.get("host", ServerProcess.host))
            self._server.host = _ANY_ADDRESS.get(host, host)
            self._server.wait_ready(self._start_seconds)
        except BaseException:
            self._end()
            raise
        return self._server

    def __exit__(
        self,
        kind: Optional[Type[BaseException]],
        error: Optional[BaseException],
        frames: Optional[TracebackType],
    ) -> None:
        assert self._server is not None
        try:
            if error is None:
                self._server.stop()
        finally:
            if error is not None:
                self._server.kill(_MAY_END)  # with the last lines of its log
                print(f"--- log of fasterapi-server\n{self._server.log}", file=sys.stderr)
            self._end()

    async def __aenter__(self) -> ServerProcess:
        entering = asyncio.get_running_loop().run_in_executor(None, self.__enter__)
        try:
            return await asyncio.shield(entering)
        except asyncio.CancelledError:
            entering.add_done_callback(self._abandon)
            raise

    def _abandon(self, entered: "asyncio.Future[ServerProcess]") -> None:
        if entered.exception() is None:
            self._end()

    async def __aexit__(
        self,
        kind: Optional[Type[BaseException]],
        error: Optional[BaseException],
        frames: Optional[TracebackType],
    ) -> None:
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(None, self.__exit__, kind, error, frames)

    def _environment(self) -> Dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith("FASTERAPI_")}
        return {**kept, **self._env}

    def _end(self) -> None:
        if self._server is not None:
            self._server.kill()
            self._server.keep_log()
        if self._folder is not None:
            self._folder.cleanup()
