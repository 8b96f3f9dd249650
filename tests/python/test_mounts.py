"""Apps below a path of another app."""

import asyncio
import json

import pytest

from fasterapi import App, Body, Form, Request
from fasterapi.routing import NoMatchFound
from fasterapi.testclient import TestClient
from support import mounted_app


@pytest.fixture
def client():
    return TestClient(mounted_app.app)


@pytest.mark.parametrize(
    ("method", "path", "status", "expected"), mounted_app.CASES, ids=mounted_app.NAMES
)
def test_the_mounted_app_answers(client, method, path, status, expected):
    response = client.request(method, path, json={"a": 1} if method == "POST" else None)
    assert (response.status_code, response.json()) == (status, expected)


def test_its_middleware_headers_and_redirects(client):
    assert client.get("/sub/in/where").headers["x-inner"] == "/sub/in"
    assert client.get("/sub/in/none").headers["x-inner"] == "/sub/in"
    assert client.post("/sub/echo", json={}).headers["x-sub"] == "1"
    response = client.get("/sub/slow?a=1", follow_redirects=False)
    assert (response.status_code, response.headers["location"]) == (307, "/sub/slow/?a=1")
    assert client.get("/sub/slow/").text == "ab"
    assert client.get("/sub", follow_redirects=False).headers["location"] == "/sub/"


def test_an_asgi_application(client):
    mounted_app.seen.clear()
    response = client.put("/asgi/x", content=b"body")
    assert (response.status_code, response.text) == (202, "PUT /asgi/x body")
    assert response.headers["x-root"] == "/asgi"
    assert mounted_app.seen == ["http.disconnect"]
    with pytest.raises(RuntimeError, match="did not complete"):
        client.get("/asgi/silent")


def test_what_a_mounted_app_raises_is_raised():
    outer, inner = App(), App()

    @inner.get("/")
    def fail():
        raise KeyError("inner")

    outer.mount("/in", inner)
    with pytest.raises(KeyError, match="inner"):
        TestClient(outer).get("/in/")
    client = TestClient(outer, raise_server_exceptions=False)
    assert client.get("/in/").status_code == 500


def test_form_limits_hold_below_a_mount_where_it_says_nothing():
    outer, inner = App(form_limits={"max_fields": 1, "max_part_size": 3}), App()
    inner.post("/")(lambda a=Form(): a)
    inner.post("/own", form_limits={"max_fields": 2})(lambda a=Form(): a)
    outer.mount("/in", inner)
    client = TestClient(outer)
    assert client.post("/in/", data={"a": "1"}).json() == "1"
    assert client.post("/in/", data={"a": "1", "b": "2"}).status_code == 400
    assert client.post("/in/own", data={"a": "1", "b": "2"}).json() == "1"
    assert client.post("/in/own", data={"a": "123"}).status_code == 400
    assert TestClient(inner).post("/", data={"a": "123", "b": "2"}).json() == "123"


def test_a_body_over_the_limit_is_not_read_to_its_end():
    app, sent = App(), []
    app.post("/", max_body_size=4)(lambda a=Body(): a)

    def parts():
        for part in (b"123", b"456", b"789"):
            sent.append(part)
            yield {"type": "http.request", "body": part, "more_body": True}

    received = parts()
    answer = []

    async def receive():
        return next(received)

    async def send(message):
        answer.append(message.get("status"))

    scope = {"type": "http", "method": "POST", "path": "/"}
    asyncio.run(app(scope, receive, send))
    assert (answer[0], sent) == (413, [b"123", b"456"])


def test_paths_by_name():
    app = mounted_app.app
    assert app.url_path_for("sub:item", item=3) == "/sub/items/3"
    assert app.url_path_for("sub:in:where") == "/sub/in/where"
    assert app.url_path_for("item", tenant="a b", item=3) == "/of/a%20b/items/3"
    assert app.url_path_for("sub", path="x/y") == "/sub/x/y"
    for name in ("sub:none", "none", "sub"):
        with pytest.raises(NoMatchFound):
            app.url_path_for(name)


def test_what_cannot_be_mounted():
    with pytest.raises(TypeError, match=r"mount\(\) takes"):
        App().mount("/x", object())
    with pytest.raises(ValueError, match="must start"):
        App().mount("x", App())


def test_a_mount_that_is_added_later_is_served():
    app = App()
    client = TestClient(app)
    assert client.get("/late/openapi.json").status_code == 404
    app.mount("/late", App())
    assert client.get("/late/openapi.json").status_code == 200


def test_below_a_mount_routes_of_the_outermost_app_are_found_by_their_whole_names():
    outer, inner = App(), App()

    @outer.get("/there", name="there")
    def there():
        return 1

    @inner.get("/here/{n}", name="here")
    def here(n: int, request: Request):
        found = [request.url_for("here", n=2), request.url_for("inner:here", n=3)]
        return [str(url) for url in (*found, request.url_for("there"))]

    outer.mount("/inner", inner, name="inner")
    answer = outer._call("GET", "/inner/here/1", "", [("host", "x")], b"")
    expected = ["http://x/inner/here/2", "http://x/inner/here/3", "http://x/there"]
    assert json.loads(answer.body) == expected


def test_below_a_mount_the_scope_has_what_middleware_has_put_there():
    outer, inner = App(), App()

    @outer.middleware("http")
    async def named(request, call_next):
        request.scope["session"] = {"user": "ann"}
        return await call_next(request)

    @inner.get("/")
    def root(request: Request):
        scope = request.scope
        return [request.session, scope["root_path"], scope["path"], scope["app"] is inner]

    outer.mount("/inner", inner)
    answer = outer._call("GET", "/inner/", "", [("host", "x")], b"")
    assert json.loads(answer.body) == [{"user": "ann"}, "/inner", "/inner/", True]
