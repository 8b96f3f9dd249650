"""app.frontend(): the files of a front end, where no route of the app is."""

import asyncio

import pytest

from fasterapi import APIRouter, App, Depends, HTTPException, _call

HTML = [("accept", "text/html,application/xhtml+xml;q=0.9")]


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "index.html").write_text("index")
    (tmp_path / "app.js").write_text("script")
    (tmp_path / "guide").mkdir()
    (tmp_path / "guide" / "index.html").write_text("guide")
    return tmp_path


def test_files_and_pages(folder):
    app = App()
    app.frontend("/", directory=folder)
    for path, status, body in (
        ("/", 200, b"index"),
        ("/app.js", 200, b"script"),
        ("/guide/", 200, b"guide"),
        ("/users/7", 200, b"index"),
        ("/missing.js", 200, b"index"),
    ):
        answer = app._call("GET", path, "", HTML)
        assert (answer.status, answer.body) == (status, body)
    assert app._call("GET", "/missing.js", "", [("accept", "*/*")]).status == 404
    assert app._call("GET", "/users/7", "", [("accept", "text/html;q=0")]).status == 404
    assert app._call("GET", "/..%2fetc/passwd").status == 404
    answer = app._call("GET", "/guide", "a=b")
    assert (answer.status, dict(answer.headers)["location"]) == (307, "/guide/?a=b")
    assert app._call("POST", "/app.js").status == 405
    assert app._call("POST", "/users/7").status == 404


def test_a_folder_that_is_not_there_is_said_when_it_is_asked_for(tmp_path):
    app = App()
    app.frontend("/", directory=tmp_path / "none", check_dir=False)
    with pytest.raises(RuntimeError, match="none' does not exist"):
        asyncio.run(_call.answer(app, "GET", "/x", "", (), b"", None, True))


def test_a_page_of_its_own_for_what_is_not_there(folder):
    (folder / "404.html").write_text("lost")
    app = App()
    app.frontend("/auto", directory=folder)
    app.frontend("/said", directory=folder, fallback="index.html")
    app.frontend("/none", directory=folder, fallback=None)
    for path, status in (("/auto/x", 404), ("/said/x", 200), ("/none/x", 404)):
        assert app._call("GET", path, "", HTML).status == status
    assert app._call("GET", "/auto/x").body == b"lost"


def test_routes_go_first_with_their_405_and_their_slash(folder):
    app = App()
    app.frontend("/", directory=folder)
    app.get("/app.js")(lambda: "route")
    app.get("/slash/")(lambda: "route")
    assert app._call("GET", "/app.js").body == b'"route"'
    answer = app._call("POST", "/app.js")
    assert (answer.status, "GET" in dict(answer.headers)["allow"]) == (405, True)
    answer = app._call("GET", "/slash", "", HTML)
    assert (answer.status, dict(answer.headers)["location"]) == (307, "/slash/")


def test_the_longest_path_counts_and_routers_bring_theirs(folder, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    (other / "index.html").write_text("other")

    def refuse():
        raise HTTPException(403)

    router = APIRouter(prefix="/r", dependencies=[Depends(refuse)])
    router.frontend("/ui", directory=other)
    app = App()
    app.frontend("/", directory=folder)
    app.frontend("/other", directory=other)
    app.include_router(router, prefix="/v1")
    assert app._call("GET", "/other/", "", HTML).body == b"other"
    assert app._call("GET", "/v1/r/ui/x", "", HTML).status == 403
    assert app._call("GET", "/v1/r/x", "", HTML).body == b"index"
    assert app.openapi()["paths"] == {}


def test_what_is_said_wrongly(tmp_path, monkeypatch):
    app = App()
    with pytest.raises(RuntimeError, match="does not exist"):
        app.frontend("/", directory=tmp_path / "none")
    with pytest.raises(RuntimeError, match=r"404\.html"):
        app.frontend("/", directory=tmp_path, fallback="404.html")
    with pytest.raises(AssertionError, match="fallback"):
        app.frontend("/", directory=tmp_path, fallback="x.html")
    with pytest.raises(AssertionError, match="start with"):
        app.frontend("x", directory=tmp_path)
    monkeypatch.setenv("FASTERAPI_ENV", "development")
    with pytest.warns(UserWarning, match="does not exist"):
        app.frontend("/", directory=tmp_path / "none")
