"""Folders of files: what is found, and what stays out of reach."""

import os

import pytest
from starlette.applications import Starlette
from starlette.exceptions import HTTPException as StarletteHTTPException
from starlette.routing import Mount

from fasterapi import App
from fasterapi.staticfiles import StaticFiles
from fasterapi.testclient import TestClient


@pytest.fixture
def folder(tmp_path):
    root = tmp_path / "public"
    (root / "sub").mkdir(parents=True)
    (root / "a b.txt").write_text("text")
    (root / "sub" / "index.html").write_text("<p>index</p>")
    (tmp_path / "secret.txt").write_text("secret")
    (tmp_path / "public-too").mkdir()
    (tmp_path / "public-too" / "secret.txt").write_text("secret")
    (root / "link.txt").symlink_to(tmp_path / "secret.txt")
    return root


def client_of(folder, at="/static", **options):
    app = App()
    app.mount(at, StaticFiles(directory=folder, **options), name="static")
    return TestClient(app)


@pytest.mark.parametrize("at", ["/static", "/"])
def test_a_file(folder, at):
    client = client_of(folder, at)
    prefix = at.rstrip("/")
    response = client.get(f"{prefix}/a%20b.txt")
    assert (response.status_code, response.text) == (200, "text")
    assert response.headers["content-type"] == "text/plain; charset=utf-8"
    fields = {"if-none-match": response.headers["etag"]}
    assert client.get(f"{prefix}/a%20b.txt", headers=fields).status_code == 304
    part = client.get(f"{prefix}/a%20b.txt", headers={"range": "bytes=1-2"})
    assert (part.status_code, part.text) == (206, "ex")
    head = client.head(f"{prefix}/a%20b.txt")
    assert (head.text, head.headers["content-length"]) == ("", "4")


@pytest.mark.parametrize(
    "path",
    [
        "/nothing",
        "/",
        "/sub",
        "/a%20b.txt/more",
        "/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "/sub/../../secret.txt",
        "/%2fetc/passwd",
        "//etc/passwd",
        "/../public-too/secret.txt",
        "/link.txt",
        "/a%00b.txt",
        "/" + "x" * 300,
    ],
)
def test_what_is_not_there(folder, path):
    response = client_of(folder).get("/static" + path)
    assert (response.status_code, response.json()) == (404, {"detail": "Not Found"})


def test_links_that_are_followed(folder):
    client = client_of(folder, follow_symlink=True)
    assert client.get("/static/link.txt").text == "secret"
    assert client.get("/static/%2e%2e/secret.txt").status_code == 404


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_other_methods(folder, method):
    response = client_of(folder).request(method, "/static/a%20b.txt")
    assert (response.status_code, response.headers["allow"]) == (405, "GET, HEAD")


def test_pages(folder):
    client = client_of(folder, html=True)
    assert client.get("/static/sub/").text == "<p>index</p>"
    redirect = client.get("/static/sub?x=1", follow_redirects=False)
    assert (redirect.status_code, redirect.headers["location"]) == (307, "/static/sub/?x=1")
    assert client.get("/static/none").json() == {"detail": "Not Found"}
    (folder / "404.html").write_text("none such")
    missing = client.get("/static/none", headers={"range": "bytes=0-1"})
    assert (missing.status_code, missing.text) == (404, "none such")
    (folder / "index.html").write_text("root")
    assert client.get("/static", follow_redirects=False).headers["location"] == "/static/"
    assert client.get("/static").text == "root"


def test_a_folder_that_may_not_be_read(folder, monkeypatch):
    def refuse(path):
        raise PermissionError(13, "no", path)

    client = client_of(folder)
    monkeypatch.setattr(os, "stat", refuse)
    assert client.get("/static/a%20b.txt").status_code == 401


def test_packages(tmp_path, monkeypatch):
    package = tmp_path / "has_statics"
    for name in ("statics", "more"):
        (package / name).mkdir(parents=True)
        (package / name / f"{name}.txt").write_text(name)
    (package / "__init__.py").touch()
    monkeypatch.syspath_prepend(str(tmp_path))
    app = App()
    app.mount("/s", StaticFiles(packages=["has_statics", ("has_statics", "more")]))
    client = TestClient(app)
    assert [client.get(f"/s/{name}.txt").text for name in ("statics", "more")] == [
        "statics",
        "more",
    ]
    with pytest.raises(AssertionError, match="in package"):
        StaticFiles(packages=[("has_statics", "none")])
    with pytest.raises(AssertionError, match="could not be found"):
        StaticFiles(packages=["no_such_package"])


def test_a_directory_that_does_not_exist(tmp_path):
    with pytest.raises(RuntimeError, match="does not exist"):
        StaticFiles(directory=tmp_path / "none")
    app = App()
    app.mount("/s", StaticFiles(directory=tmp_path / "none", check_dir=False))
    assert TestClient(app).get("/s/a").status_code == 404


def test_urls(folder):
    client = client_of(folder)
    assert client.app.url_path_for("static", path="/a b.txt") == "/static/a%20b.txt"


def test_a_subclass_that_answers_in_its_own_way(tmp_path):
    (tmp_path / "index.html").write_text("index")

    class Pages(StaticFiles):
        async def get_response(self, path, scope):
            try:
                return await super().get_response(path, scope)
            except StarletteHTTPException:
                return await super().get_response("index.html", scope)

    app = App()
    app.mount("/pages", Pages(directory=tmp_path))
    response = TestClient(app).get("/pages/some/where")
    assert (response.status_code, response.text) == (200, "index")


def test_it_is_an_application_of_starlettes(tmp_path):
    (tmp_path / "a.txt").write_text("a")
    theirs = Starlette(routes=[Mount("/s", StaticFiles(directory=tmp_path))])
    assert TestClient(theirs).get("/s/a.txt").text == "a"
