"""Starlette and the others: where workers find them, and that only who uses them imports them."""

COLD = (
    "starlette, anyio, httpx, httpx2, python_multipart, multipart, jinja2, markupsafe, "
    "opentelemetry"
)

APP = """
import sys
import datetime
from typing import Annotated
from fasterapi import (
    App, APIRouter, BackgroundTasks, Depends, Header, HTTPException, JSONResponse, Model, Query,
    Request, Response, StreamingResponse,
)

app = App()

class Item(Model):
    name: str

@app.post("/items")
def add(item: Item, request: Request, tasks: BackgroundTasks, q: Annotated[int, Query()] = 1):
    return item

@app.middleware("http")
async def around(request, call_next):
    return await call_next(request)

@app.get("/")
def loaded():
    return sorted({name.partition(".")[0] for name in sys.modules})

@app.get("/starlette")
def starlette():
    import jinja2, python_multipart, starlette.applications
    return [jinja2.__file__, python_multipart.__file__, starlette.__file__]

@app.get("/path")
def path():
    return sys.path
"""


def test_an_app_starts_without_them(serve):
    loaded = set(serve(APP, config={"workers": 2}).get("/").json())
    assert "fasterapi" in loaded
    assert loaded.isdisjoint(COLD.split(", "))


def test_they_load_in_every_worker(serve):
    server = serve(APP, config={"workers": 2})
    for _ in range(8):
        assert all(server.get("/starlette").json())


def test_a_virtual_environment_has_its_own_first(serve, tmp_path):
    version = serve(APP).get("/path").json()
    name = next(each for each in version if "/python3." in each).rpartition("/")[2]
    packages = tmp_path / "venv" / "lib" / name / "site-packages"
    packages.mkdir(parents=True)
    (tmp_path / "venv" / "pyvenv.cfg").write_text("include-system-site-packages = false\n")
    for module in ("jinja2", "python_multipart", "starlette"):
        (packages / module).mkdir()
        (packages / module / "__init__.py").write_text("")
    (packages / "starlette" / "applications.py").write_text("")
    server = serve(APP, config={"python": {"venv": str(tmp_path / "venv")}})
    assert all(str(packages) in file for file in server.get("/starlette").json())


def test_one_that_is_missing_is_told_with_what_to_install(serve, tmp_path):
    (tmp_path / "starlette.py").write_text("raise ModuleNotFoundError(name='starlette')\n")
    app = """
    from fasterapi import _dependencies
    with _dependencies.needed_by("CORSMiddleware"):
        import starlette
    """
    server = serve(app, config={"python": {"path": [str(tmp_path)]}}, is_ready=False)
    assert server.wait() == 3
    assert "CORSMiddleware needs starlette" in server.log
    assert "pip install starlette" in server.log
