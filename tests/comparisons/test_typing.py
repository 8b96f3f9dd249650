"""What type checkers say of apps, where mypy is installed."""

import os
import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# What an app imports is not the app's to mend, as where it is installed.
FLAGS = ["--strict", "--config-file=", "--follow-imports=silent"]
TYPED = ["todo", "bulk", "ticker", "upload", "auth", "metrics", "chat"]


def mypy():
    if find_spec("mypy") is not None:
        return [sys.executable, "-m", "mypy"]
    found = shutil.which("mypy")
    return [] if found is None else [found]


pytestmark = pytest.mark.skipif(not mypy(), reason="mypy is not installed")


def check(folder, *files):
    return subprocess.run(
        [*mypy(), *FLAGS, f"--cache-dir={folder}", *map(str, files)],
        cwd=folder,
        env={
            **os.environ,
            "MYPYPATH": str(ROOT / "src" / "pylib"),
            "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )


@pytest.mark.timeout(300)
def test_strict_mypy_has_nothing_to_say_about_example_apps(tmp_path):
    done = check(tmp_path, *(ROOT / "python_apps" / f"{name}_app.py" for name in TYPED))
    assert done.returncode == 0, done.stdout


@pytest.mark.timeout(300)
def test_strict_mypy_sees_a_mistake_in_an_app(tmp_path):
    app = tmp_path / "mistaken.py"
    app.write_text("from fasterapi import App\napp = App(title=1)\n")
    done = check(tmp_path, app)
    assert done.returncode == 1
    assert 'has incompatible type "int"; expected "str"' in done.stdout


APP = """
from typing import Annotated, Any, Dict

from fasterapi import APIRouter, App, Header, Query, Request, Response
from fasterapi.middleware.base import RequestResponseEndpoint

app = App(title="x", telemetry=None)
router = APIRouter(prefix="/r", tags=["r"], max_body_size=5)
app.include_router(router, prefix="/p", dispatch="inline")

@app.middleware("http")
async def around(request: Request, call_next: RequestResponseEndpoint) -> Response:
    return await call_next(request)

@app.middleware
async def timed(req: Any, res: Any) -> None:
    return None

@app.exception_handler(KeyError)
async def handle(request: Request, error: KeyError) -> Response:
    return Response()

@app.get("/a", response_model=Dict[str, int], status_code=201, tags=["x"], responses={404: {}})
def a(q: Annotated[int, Query(ge=3)] = 1, x: str = Header("x", min_length=1)) -> Dict[str, int]:
    return {x: q}
"""
MISSPELLED = [
    ("app = App(opnapi_url=None)", "opnapi_url"),
    ("@app.get('/b', response_modle=int)\ndef b() -> int: return 1", "response_modle"),
    ("def c(q: int = Query(1, gee=3)) -> int: return q", "gee"),
    ("def d(q: str = Header('', allias='x')) -> str: return q", "allias"),
    ("app.include_router(APIRouter(), prefx='/x')", "prefx"),
    ("APIRouter(dependncies=[])", "dependncies"),
]


@pytest.mark.timeout(300)
def test_strict_mypy_takes_decorators_and_sees_misspelled_keywords(tmp_path):
    right = tmp_path / "right.py"
    right.write_text(APP)
    wrong = tmp_path / "wrong.py"
    wrong.write_text(APP + "\n".join(line for line, _ in MISSPELLED))
    done = check(tmp_path, right, wrong)
    assert "right.py" not in done.stdout
    said = re.findall(r'wrong.py:\d+: error: Unexpected keyword argument "(\w+)"', done.stdout)
    assert said == [name for _, name in MISSPELLED], done.stdout
