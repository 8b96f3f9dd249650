"""python3 my_app.py becomes the server."""

import os
import sys
from pathlib import Path

import pytest

from support.server import BINARY, ROOT, Server

PYTHONS = sorted(
    {os.path.realpath(sys.executable), *os.environ.get("FASTERAPI_TEST_PYTHONS", "").split()}
)


@pytest.fixture
def start(tmp_path):
    started = []

    def run(command, **options):
        server = Server(tmp_path / f"server{len(started)}", command=command, **options)
        started.append(server)
        server.wait_ready()
        return server

    yield run
    for server in started:
        server.finish()


@pytest.mark.parametrize("python", PYTHONS)
def test_the_basic_app_serves_itself(start, python):
    server = start([python, str(ROOT / "python_apps" / "basic_app.py")])
    assert server.get("/").json() == {"message": "Hello, world"}
    assert server.get("/hello/Ann?times=2&language=de").json() == {"messages": ["Hallo, Ann"] * 2}
    assert server.get("/items/1").json()["name"] == "spanner"
    assert server.get("/items/x").status == 422
    assert server.post("/orders", {"count": 2}).json()["total"] == 25.0
    assert server.get("/slow?seconds=0").status == 200
    assert server.request("PUT", "/echo", body=b"abc").body == b"abc"
    assert Path(f"/proc/{server.process.pid}/exe").resolve() == Path(BINARY).resolve()


def test_variables_apply(start):
    server = start(
        [sys.executable, str(ROOT / "python_apps" / "basic_app.py")],
        env={"FASTERAPI_WORKERS": "2", "FASTERAPI_LOG_ACCESS": "text"},
    )
    server.get("/")
    server.wait_log("workers: 2")
    server.wait_log("GET / ")


def test_arguments_of_run_are_beaten_by_variables(start, tmp_path):
    app = tmp_path / "mine.py"
    app.write_text(
        f"import sys\nsys.path.insert(0, {str(ROOT / 'src' / 'pylib')!r})\n"
        "from fasterapi import App\nmine = App()\nmine.get('/')(lambda: 'mine')\n"
        "if __name__ == '__main__':\n"
        "    mine.run(host='127.0.0.1', port=1, workers=3, log_access='text')\n"
    )
    server = start([sys.executable, str(app)])
    assert server.get("/").json() == "mine"
    server.wait_log("workers: 3")
    server.wait_log("GET / ")


def test_run_does_nothing_in_the_server(start, tmp_path):
    app = tmp_path / "unguarded.py"
    app.write_text(
        f"import sys\nsys.path.insert(0, {str(ROOT / 'src' / 'pylib')!r})\n"
        "from fasterapi import App\napp = App()\napp.get('/')(lambda: 'unguarded')\napp.run()\n"
    )
    server = start([sys.executable, str(app)])
    assert server.get("/").json() == "unguarded"
    server.wait_log("app.run.. does nothing in the server")
