"""Fixtures for pytest: ``pytest -p fasterapi.testing.plugin``, or by itself where the package is
installed.

::

    def test_items(fasterapi_serve):
        client = fasterapi_serve("shop.main:app").client()
        assert client.get("/items/7").status_code == 200
"""

import contextlib
from typing import Any, Callable, Iterator

import pytest

from fasterapi.testing._process import ServerProcess
from fasterapi.testing._serving import serve


def pytest_addoption(parser: Any) -> None:
    """The app of fasterapi_server."""
    parser.addini("fasterapi_app", "the app of the fixture fasterapi_server: module:attr")


@contextlib.contextmanager
def _servers() -> Iterator[Callable[..., ServerProcess]]:
    with contextlib.ExitStack() as started:

        def start(app: Any, **options: Any) -> ServerProcess:
            server = started.enter_context(serve(app, **options))
            started.callback(_show_log, server)
            return server

        yield start


def _show_log(server: ServerProcess) -> None:
    # pytest keeps it to itself unless the test failed.
    print(f"--- log of fasterapi-server\n{server.log}")


@pytest.fixture
def fasterapi_serve() -> Iterator[Callable[..., ServerProcess]]:
    """Starts servers as ``serve()`` does; they run until the end of the test."""
    with _servers() as start:
        yield start


@pytest.fixture(scope="session")
def fasterapi_app(pytestconfig: Any) -> Any:
    """The app of fasterapi_server: the ini option of that name, unless a conftest.py has its own
    fixture."""
    app = pytestconfig.getini("fasterapi_app")
    if not app:
        pytest.fail(
            "fasterapi_server serves fasterapi_app: set it in pytest's configuration "
            "(fasterapi_app = module:attr), or make a fixture of that name."
        )
    return app


@pytest.fixture(scope="session")
def fasterapi_server(fasterapi_app: Any) -> Iterator[ServerProcess]:
    """One server for all tests that use it."""
    with _servers() as start:
        yield start(fasterapi_app)


@pytest.fixture
def fasterapi_client(fasterapi_server: ServerProcess) -> Iterator[Any]:
    """An httpx.Client of fasterapi_server, with cookies of this test alone."""
    with fasterapi_server.client() as client:
        yield client
