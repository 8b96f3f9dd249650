"""fasterapi.testing: the real server around an app of a test."""

import asyncio
import subprocess
import sys
import textwrap
import urllib.request

import pytest

from fasterapi import App
from fasterapi.testing import ServerFailed, serve
from support.server import BINARY, ROOT, environment

APP = """
    import os
    from fasterapi import App

    app = App()

    @app.get("/")
    def root():
        return {"served": os.environ.get("WHERE", "here")}
"""


@pytest.fixture(autouse=True)
def binary(monkeypatch):
    monkeypatch.setenv("FASTERAPI_SERVER", BINARY)


@pytest.fixture
def app_file(tmp_path):
    file = tmp_path / "app.py"
    file.write_text(textwrap.dedent(APP))
    return file


def get(url):
    with urllib.request.urlopen(url, timeout=20) as reply:
        return reply.read().decode()


def test_an_app_is_served_while_the_block_runs(app_file):
    with serve(f"{app_file}:app", workers=1, log_access="text") as server:
        assert server.url == f"http://127.0.0.1:{server.port}"
        assert get(server.url + "/") == '{"served":"here"}'
        server.wait_log("workers: 1")
        server.wait_log("GET / .*200")
        assert server.process.poll() is None
    assert server.process.returncode == 0
    assert not server.folder.exists()
    assert "draining" in server.log
    assert server.wait_log("stopped")


def test_a_block_that_is_given_up_on_its_way_in_leaves_no_server(tmp_path):
    (tmp_path / "gate").mkdir()
    file = tmp_path / "app.py"
    file.write_text(
        "import os, time\nwhile os.path.exists('gate'): time.sleep(0.01)\n"
        "from fasterapi import App\napp = App()\n"
    )
    serving = serve(f"{file}:app", cwd=tmp_path)

    async def enter():
        entering = asyncio.ensure_future(serving.__aenter__())
        while serving._server is None:
            await asyncio.sleep(0.005)
        entering.cancel()
        with pytest.raises(asyncio.CancelledError):
            await entering
        (tmp_path / "gate").rmdir()

    asyncio.run(enter())
    assert serving._server is not None
    assert serving._server.process.poll() is not None
    assert not serving._server.folder.exists()


def test_it_has_a_client_of_httpx(app_file):
    with serve(f"{app_file}:app") as server, server.client(timeout=20) as client:
        assert client.get("/").json() == {"served": "here"}

    async def ask():
        async with serve(f"{app_file}:app") as one, one.async_client() as of_it:
            return (await of_it.get("/")).json()

    assert asyncio.run(ask()) == {"served": "here"}


def test_a_module_is_found_from_the_working_directory(app_file, monkeypatch):
    with serve("app:app", cwd=app_file.parent, env={"WHERE": "there"}) as server:
        assert get(server.url) == '{"served":"there"}'
    monkeypatch.chdir(app_file.parent)
    with serve("app:app", host="::1") as server:
        assert server.url.startswith("http://[::1]:")
        assert get(server.url) == '{"served":"here"}'


def test_an_app_object_is_found_where_it_was_made(tmp_path, monkeypatch):
    package = tmp_path / "corner_shop"
    package.mkdir()
    (package / "main.py").write_text("from .made import shop\nagain = shop\n")
    (package / "__init__.py").write_text("from .main import shop\n")
    (package / "made.py").write_text(
        "from fasterapi import App\nshop = App()\nshop.get('/')(lambda: __name__)\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    from corner_shop import shop  # type: ignore[import-not-found]

    with serve(shop) as server:
        assert get(server.url) == '"corner_shop.made"'


def test_an_app_that_no_module_has_cannot_be_served():
    with pytest.raises(TypeError, match="must be a global of a module"):
        serve(App())


def test_the_traceback_of_an_app_that_does_not_start_is_raised(tmp_path):
    file = tmp_path / "broken.py"
    file.write_text("price = 1\nprice / 0\n")
    with pytest.raises(ServerFailed) as raised:
        with serve(f"{file}:app"):
            raise AssertionError("it was ready")
    assert raised.value.status == 3
    assert "ZeroDivisionError: division by zero" in str(raised.value)
    assert 'broken.py", line 2' in str(raised.value)


def test_an_app_that_hangs_is_given_up(tmp_path):
    file = tmp_path / "hangs.py"
    file.write_text("import time\nwhile True: time.sleep(1)\n")
    with pytest.raises(ServerFailed, match=r"not ready after 0\.5 s"):
        with serve(f"{file}:app", start_seconds=0.5):
            raise AssertionError("it was ready")


def test_a_server_that_died_is_an_error_at_the_end_of_the_block(app_file):
    with pytest.raises(ServerFailed, match="ended with -9"):
        with serve(f"{app_file}:app") as server:
            server.process.kill()
            server.wait()


def test_the_log_is_shown_where_the_block_raises(app_file, capsys):
    with pytest.raises(KeyError):
        with serve(f"{app_file}:app"):
            raise KeyError("of the test")
    assert "listening on http://" in capsys.readouterr().err


def test_it_does_not_block_the_loop_of_an_async_test(app_file):
    async def test():
        ticks = 0

        async def tick():
            nonlocal ticks
            while True:
                ticks += 1
                await asyncio.sleep(0)

        ticking = asyncio.ensure_future(tick())
        async with serve(f"{app_file}:app") as server:
            before = ticks
            text = await asyncio.get_running_loop().run_in_executor(None, get, server.url)
        ticking.cancel()
        return before, text, server.process.returncode

    before, text, status = asyncio.run(test())
    assert before > 100
    assert (text, status) == ('{"served":"here"}', 0)


TESTS = """
    import urllib.request

    def test_one(fasterapi_serve):
        server = fasterapi_serve("app:app")
        assert urllib.request.urlopen(server.url).read() == b'{"served":"here"}'

    def test_client(fasterapi_client):
        assert fasterapi_client.get("/").json() == {"served": "here"}

    def test_shared(fasterapi_server):
        assert urllib.request.urlopen(fasterapi_server.url).read() == b'{"served":"here"}'

    def test_shared_again(fasterapi_server):
        assert fasterapi_server.process.poll() is None
        assert False, "to see the log"
"""


def test_fixtures_for_pytest(app_file):
    folder = app_file.parent
    (folder / "test_it.py").write_text(textwrap.dedent(TESTS))
    (folder / "pytest.ini").write_text("[pytest]\nfasterapi_app = app:app\n")
    plugins = ["-p", "fasterapi.testing.plugin", "-p", "no:cacheprovider"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *plugins],
        cwd=folder,
        env=environment({"PYTHONPATH": str(ROOT / "src" / "pylib"), "FASTERAPI_SERVER": BINARY}),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=60,
        check=False,
    )
    assert "1 failed, 3 passed" in done.stdout, done.stdout
    assert "--- log of fasterapi-server" in done.stdout
