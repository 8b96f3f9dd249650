"""How app.run() finds the server and what it hands over."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from fasterapi import _run

PACKAGE = Path(_run.__file__).parents[1]
APP = """
import sys
sys.path.insert(0, {package!r})
from fasterapi import App
api = App()
if __name__ == "__main__":
    api.run({arguments})
"""


@pytest.fixture
def server(tmp_path):
    """A stand-in for the binary, which prints its arguments."""
    binary = tmp_path / "fasterapi-server"
    binary.write_text('#!/bin/sh\nprintf "%s\\n" "$@"\n')
    binary.chmod(0o755)
    return binary


def run(tmp_path, arguments="", **environment):
    module = tmp_path / "my_app.py"
    module.write_text(APP.format(package=str(PACKAGE), arguments=arguments))
    clean = {k: v for k, v in os.environ.items() if not k.startswith("FASTERAPI_")}
    return subprocess.run(
        [sys.executable, str(module)],
        env={**clean, **environment},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


def test_it_becomes_the_server_on_this_module(tmp_path, server):
    done = run(tmp_path, FASTERAPI_SERVER=str(server))
    assert done.stdout.splitlines()[:2] == ["--app", f"{tmp_path}/my_app.py:api"], done.stderr


def test_arguments_become_flags(tmp_path, server):
    arguments = 'host="::", port=80, debug=True, python_path=["a", "b"], log_level=None'
    done = run(tmp_path, arguments, FASTERAPI_SERVER=str(server))
    flags = [line for line in done.stdout.splitlines()[2:] if "venv" not in line]
    assert flags == ["--host=::", "--port=80", "--debug=true", "--python-path=a", "--python-path=b"]


def test_with_reload_it_becomes_dev(tmp_path, server):
    done = run(tmp_path, "reload=True, port=80", FASTERAPI_SERVER=str(server))
    assert done.stdout.splitlines()[:3] == ["dev", "--app", f"{tmp_path}/my_app.py:api"]
    assert "--reload" not in done.stdout


def test_variables_beat_arguments(tmp_path, server):
    done = run(tmp_path, "port=80, workers=2", FASTERAPI_SERVER=str(server), FASTERAPI_PORT="81")
    assert "--workers=2" in done.stdout
    assert "--port" not in done.stdout


def test_the_server_is_found_in_the_path(tmp_path, server, monkeypatch):
    monkeypatch.setattr(_run, "_repository", lambda: None)
    monkeypatch.setattr(sys, "prefix", str(tmp_path / "none"))
    assert _run.find_server({"PATH": str(tmp_path)}) == str(server)


def test_without_a_server_it_says_how_to_get_one(monkeypatch, tmp_path):
    monkeypatch.setattr(_run, "_repository", lambda: tmp_path)
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    with pytest.raises(_run.ServerNotFound, match="scripts/build") as caught:
        _run.find_server({"PATH": str(tmp_path)})
    assert f"{tmp_path}/build/release/fasterapi-server" in str(caught.value)
    with pytest.raises(_run.ServerNotFound, match="FASTERAPI_SERVER is '/nowhere'"):
        _run.find_server({"FASTERAPI_SERVER": "/nowhere"})


def test_an_app_that_is_no_global_is_explained(tmp_path, server):
    module = tmp_path / "my_app.py"
    module.write_text(
        f"import sys; sys.path.insert(0, {str(PACKAGE)!r})\n"
        "from fasterapi import App\nApp().run()\n"
    )
    done = subprocess.run(
        [sys.executable, str(module)],
        env={**os.environ, "FASTERAPI_SERVER": str(server)},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == 1
    assert "--app module:attr" in done.stderr
