"""Templates: what they are given, and what they answer with."""

import sys

import jinja2
import pytest
import starlette.templating

from fasterapi import App, BackgroundTasks, Request
from fasterapi.templating import Jinja2Templates
from fasterapi.testclient import TestClient

TEXT = "<a href='{{ url_for('show', name='x y') }}'>{{ name }} {{ more }}</a>"


@pytest.fixture
def templates(tmp_path):
    (tmp_path / "page.html").write_text(TEXT)
    return Jinja2Templates(tmp_path, context_processors=[lambda request: {"more": "!"}])


@pytest.fixture
def client(templates):
    app = App()

    @app.get("/pages/{name}")
    def show(name: str, request: Request):
        return templates.TemplateResponse(request, "page.html", {"name": name}, 201, {"x-a": "b"})

    @app.get("/later/{name}")
    async def later(name: str, request: Request):
        return templates.TemplateResponse(request, name="page.html", context={"name": name})

    return TestClient(app)


def test_a_page(client):
    response = client.get("/pages/a%3Cb")
    assert response.text == "<a href='http://testserver/pages/x%20y'>a&lt;b !</a>"
    assert (response.status_code, response.headers["x-a"]) == (201, "b")
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert client.get("/later/x").text == "<a href='http://testserver/pages/x%20y'>x !</a>"


def test_the_test_client_sees_the_context(client):
    response = client.get("/pages/a")
    assert response.template.name == "page.html"
    assert response.context["name"] == "a"


def test_background_work_and_cookies(templates):
    app, done = App(), []

    @app.get("/show/{name}", name="show")
    def show(name: str, request: Request, tasks: BackgroundTasks):
        tasks.add_task(done.append, name)
        made = templates.TemplateResponse(request, "page.html", {"name": name}, background=tasks)
        made.set_cookie("a", "1")
        return made

    assert TestClient(app).get("/show/x").cookies["a"] == "1"
    assert done == ["x"]


def test_starlettes_own_templates(tmp_path):
    (tmp_path / "page.html").write_text(TEXT)
    theirs = starlette.templating.Jinja2Templates(directory=tmp_path)
    app = App()

    @app.get("/pages/{name}", name="show")
    async def show(name: str, request: Request) -> starlette.templating._TemplateResponse:
        return theirs.TemplateResponse(request, "page.html", {"name": name})

    assert TestClient(app).get("/pages/x").text.endswith("x </a>")


def test_an_environment_of_ones_own(tmp_path):
    env = jinja2.Environment(loader=jinja2.FileSystemLoader(str(tmp_path)), autoescape=True)
    env.globals["url_for"] = "mine"
    assert Jinja2Templates(env=env).env.globals["url_for"] == "mine"


def test_without_jinja2(monkeypatch):
    monkeypatch.setitem(sys.modules, "jinja2", None)
    monkeypatch.delitem(sys.modules, "fasterapi.templating")
    with pytest.raises(ModuleNotFoundError, match="Jinja2Templates needs jinja2"):
        import fasterapi.templating  # noqa: F401
