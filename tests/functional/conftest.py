"""Fixtures around the real binary: $FASTERAPI_SERVER, or build/release/fasterapi-server."""

import contextlib
import functools
import itertools
import os
from concurrent.futures import ThreadPoolExecutor

import pytest

from support import browser
from support.server import BINARY, Server


def pytest_configure(config):
    if not os.access(BINARY, os.X_OK):
        pytest.exit(f"{BINARY} does not exist: run scripts/build, or set FASTERAPI_SERVER", 4)


@pytest.fixture
def serve(tmp_path):
    """Starts servers: ``serve(app_source_or_path, config={...}, flags=[...])``; see
    support.server."""
    with contextlib.ExitStack() as started:
        names = (tmp_path / f"server{number}" for number in itertools.count())

        def start(app=None, **options):
            server = Server(next(names), app, **options)
            started.callback(server.finish)
            if options.get("is_ready", True):
                server.wait_ready()
            return server

        yield start


@pytest.fixture(scope="module")
def serve_once(tmp_path_factory):
    """The same for servers that a module's tests share."""
    with contextlib.ExitStack() as started:

        def start(app=None, **options):
            server = Server(tmp_path_factory.mktemp("server"), app, **options)
            started.callback(server.finish)
            server.wait_ready()
            return server

        yield start


@pytest.fixture
def background():
    """``background(function, ...)`` runs it in a thread and gives its future."""
    with ThreadPoolExecutor(16) as pool:
        yield pool.submit


@pytest.fixture
def browse(tmp_path):
    """``browse(url, "--dump-dom")``: what the browser prints."""
    if browser.CHROMIUM is None:
        pytest.skip("chromium is not installed")
    return functools.partial(browser.browse, tmp_path / "profile")
