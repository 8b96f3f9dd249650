"""Servers by the app that they serve, while the tests of one file run."""

import contextlib
import functools
import os
import re
import sys
import tempfile
from pathlib import Path
from types import ModuleType
from typing import Any, Dict, Iterator, List, Tuple

from fasterapi.testclient import _httpx as httpx
from fasterapi.testing import ServerFailed, ServerProcess, serve
from over_sockets.routes import routes_of

SERVED = Path(__file__).with_name("served.py")
REFUSED = "does not support loading in subinterpreters"
_NEEDS_MAIN = re.compile(r"^\s*(from|import) (pydantic|sqlmodel|strawberry|pwdlib)\b", re.MULTILINE)


class InProcess(Exception):
    """Why a client has no server: the text is the reason."""


class Served:
    """A server on one app of the test's own process, imported anew there."""

    def __init__(self, app: Any) -> None:
        module, name = place_of(app)
        self.is_sub = not needs_main(module)
        self._connections = httpx.HTTPTransport()
        self._running = contextlib.ExitStack()
        with contextlib.ExitStack() as made:
            folder = made.enter_context(tempfile.TemporaryDirectory(prefix="fasterapi-"))
            routes = Path(folder, "routes")
            self.process = made.enter_context(self._start(f"{module.__name__}:{name}", routes))
            if routes.read_text(encoding="utf-8") != routes_of(app):
                raise InProcess("the test adds to the app after its import")
            self._running = made.pop_all()

    @contextlib.contextmanager
    def _start(self, reference: str, routes: Path) -> Iterator[ServerProcess]:
        with contextlib.ExitStack() as made:
            try:
                process = made.enter_context(self._serve(reference, routes))
            except ServerFailed as error:
                if not self.is_sub or REFUSED not in error.log:
                    raise
                self.is_sub = False
                process = made.enter_context(self._serve(reference, routes))
            yield process

    def _serve(self, reference: str, routes: Path) -> Any:
        return serve(
            f"{SERVED}:app",
            env={"UPSTREAM_APP": reference, "UPSTREAM_ROUTES": str(routes)},
            start_seconds=120.0,
            workers=1,
            io_threads=1,
            builtin_routes=False,
            python_use_subinterpreters=self.is_sub,
        )

    def answer(self, request: Any) -> Any:
        """The request on a connection to it, under the name that its URL has."""
        where = request.url.copy_with(scheme="http", host="127.0.0.1", port=self.process.port)
        sent = httpx.Request(
            request.method,
            where,
            headers=request.headers,
            stream=request.stream,
            extensions=request.extensions,
        )
        return self._connections.handle_request(sent)

    def stop(self) -> None:
        """The app is shut down; the server must end with 0."""
        self._connections.close()
        self._running.close()


_running: Dict[int, Tuple[Any, Served]] = {}


def server_of(app: Any) -> Served:
    """The one that runs, or a new one. InProcess where there can be none."""
    if id(app) not in _running:
        _running[id(app)] = app, Served(app)
    return _running[id(app)][1]


def stop_all() -> None:
    """The end of a file of tests."""
    while _running:
        _running.popitem()[1][1].stop()


def place_of(app: Any) -> Tuple[ModuleType, str]:
    """Module and global of an app that a test has."""
    if getattr(app, "routes", None) is None or not hasattr(app, "dependency_overrides"):
        raise InProcess("no App")
    found: List[Tuple[ModuleType, str]] = [
        (module, name)
        for module in list(sys.modules.values())
        if isinstance(module, ModuleType) and getattr(module, "__file__", None)
        for name, value in list(vars(module).items())
        if value is app
    ]
    if not found:
        raise InProcess("the app is made in a function of the test")
    return found[0]


@functools.lru_cache(maxsize=None)
def _mentions(file: str) -> bool:
    return bool(_NEEDS_MAIN.search(Path(file).read_text(encoding="utf-8")))


def needs_main(module: ModuleType) -> bool:
    """Whether the app's package says that it imports what no sub-interpreter loads."""
    assert module.__file__ is not None
    folder = os.path.dirname(module.__file__)
    in_package = module.__name__ == "main" or module.__name__.endswith(".main")
    files = [str(each) for each in Path(folder).rglob("*.py")] if in_package else [module.__file__]
    return any(_mentions(file) for file in files)
