"""Templates: what they are given. A stand-in for jinja2 where that is not installed."""

import sys
import types

import pytest

from fasterapi import App, Request
from fasterapi.templating import Jinja2Templates
from fasterapi.testclient import TestClient

TEXT = "<a href='{{ url_for('show', name='x y') }}'>{{ name }} {{ more }}</a>"


def _stand_in():
    """As much of jinja2 as the module uses, for the one template above."""

    class Environment:
        def __init__(self, loader, autoescape):
            self.folder = loader
            self.autoescape = autoescape
            self.globals = {}

        def get_template(self, name):
            with open(f"{self.folder}/{name}") as file:
                assert file.read() == TEXT
            return types.SimpleNamespace(name=name, render=self._render)

        def _render(self, context):
            name = context["name"].replace("<", "&lt;")
            href = self.globals["url_for"](context, "show", name="x y")
            return f"<a href='{href}'>{name} {context['more']}</a>"

    return types.SimpleNamespace(
        Environment=Environment,
        FileSystemLoader=str,
        select_autoescape=lambda: True,
        pass_context=lambda function: function,
    )


@pytest.fixture
def jinja2(monkeypatch):
    try:
        import jinja2
    except ImportError:
        jinja2 = _stand_in()
        monkeypatch.setitem(sys.modules, "jinja2", jinja2)
    return jinja2


@pytest.fixture
def client(tmp_path, jinja2):
    (tmp_path / "page.html").write_text(TEXT)
    templates = Jinja2Templates(tmp_path, context_processors=[lambda request: {"more": "!"}])
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


def test_an_environment_of_ones_own(tmp_path, jinja2):
    env = jinja2.Environment(loader=jinja2.FileSystemLoader(str(tmp_path)), autoescape=True)
    env.globals["url_for"] = "mine"
    assert Jinja2Templates(env=env).env.globals["url_for"] == "mine"
    for wrong in ({}, {"directory": str(tmp_path), "env": env}):
        with pytest.raises(TypeError, match="either"):
            Jinja2Templates(**wrong)


def test_without_jinja2(monkeypatch):
    monkeypatch.setitem(sys.modules, "jinja2", None)
    with pytest.raises(RuntimeError, match="pip install jinja2"):
        Jinja2Templates("templates")
