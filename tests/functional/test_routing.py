"""Paths and methods, on the wire."""

import pytest

APP = """
from fasterapi import App, Request

app = App()

def show(name):
    def handler(request: Request):
        return [name, request.path_params]
    return handler

for path in ("/items/me", "/items/{id:int}", "/items/{name}", "/files/{rest:path}", "/{a}/b/c",
             "/items/me/b/{x}", "/only", "/with-slash/", "/sp ace", "/caf\\u00e9"):
    app.add_api_route(path, show(path))
app.add_api_route("/items/{name}", show("delete"), methods=["DELETE"])
app.add_api_route("/only", show("options"), methods=["OPTIONS"])
app.add_api_route("/all", show("all"), methods=["GET", "POST", "PUT", "PATCH", "DELETE"])
"""


@pytest.fixture(scope="module")
def server(serve_once):
    return serve_once(APP)


@pytest.mark.parametrize(
    "target, expected",
    [
        ("/items/me", ["/items/me", {}]),
        ("/items/17", ["/items/{id:int}", {"id": 17}]),
        ("/items/17a", ["/items/{name}", {"name": "17a"}]),
        ("/items/a%20b", ["/items/{name}", {"name": "a b"}]),
        ("/items/a%2520b", ["/items/{name}", {"name": "a%20b"}]),
        ("/files/a/b/c", ["/files/{rest:path}", {"rest": "a/b/c"}]),
        ("/files/", ["/files/{rest:path}", {"rest": ""}]),
        ("/items/b/c", ["/{a}/b/c", {"a": "items"}]),
        ("/items/me/b/q", ["/items/me/b/{x}", {"x": "q"}]),
        ("/sp%20ace", ["/sp ace", {}]),
        ("/caf%C3%A9", ["/caf\u00e9", {}]),
        ("/%69tems/%6De", ["/items/me", {}]),
        ("/items/m?e", ["/items/{name}", {"name": "m"}]),
    ],
)
def test_found(server, target, expected):
    reply = server.get(target)
    assert (reply.status, reply.json()) == (200, expected)


@pytest.mark.parametrize("target", ["/", "/items/a/b", "/ITEMS/me", "/items//me", "/nope/"])
def test_not_found(server, target):
    reply = server.get(target)
    assert (reply.status, reply.json()) == (404, {"detail": "Not Found"})


def test_wrong_methods_are_told_the_right_ones(server):
    reply = server.request("POST", "/items/me")
    assert (reply.status, reply.json()) == (405, {"detail": "Method Not Allowed"})
    assert set(reply.headers["allow"].split(", ")) >= {"GET", "HEAD", "OPTIONS"}
    assert server.request("BREW", "/all").status == 405


def test_another_pattern_of_the_path_may_have_the_method(server):
    assert server.request("DELETE", "/items/me").json() == ["delete", {"name": "me"}]


def test_a_head_is_the_get_without_body(server):
    get, head = server.get("/items/me"), server.request("HEAD", "/items/me")
    same = ("content-length", "content-type")
    assert [head.headers[n] for n in same] == [get.headers[n] for n in same]
    assert (head.status, head.body) == (200, b"")


def test_options_are_automatic_but_for_handlers_of_their_own(server):
    reply = server.request("OPTIONS", "/all")
    assert reply.status == 204
    assert set(reply.headers["allow"].split(", ")) == {
        "DELETE",
        "GET",
        "HEAD",
        "OPTIONS",
        "PATCH",
        "POST",
        "PUT",
    }
    assert server.request("OPTIONS", "/only").json() == ["options", {}]
    assert server.request("OPTIONS", "*").status == 204


ANY_METHOD = """
from fasterapi import App, Request

app = App()

@app.api_route("/pots/{pot}", methods=["BREW", "query"])
def brew(pot: int, request: Request, milk: dict = None):
    return [request.method, pot, milk]

@app.get("/pots/{pot}")
def show(pot: int):
    return pot

@app.get("/cups")
def cups():
    return []
"""
AROUND = """
@app.middleware("http")
async def around(request, call_next):
    response = await call_next(request)
    response.headers["x-around"] = request.method
    return response
"""


@pytest.mark.parametrize("around", ["", AROUND])
def test_any_token_may_be_a_method(serve_once, around):
    server = serve_once(ANY_METHOD + around)
    json = "Content-Type: application/json"
    for method in ("BREW", "QUERY"):
        reply = server.request(method, "/pots/7", json, body=b'{"a": 1}')
        assert (reply.status, reply.json()) == (200, [method, 7, {"a": 1}])
        assert server.request(method, "/pots/x", json, body=b"{}").status == 422
        refused = server.request(method, "/cups")
        assert (refused.status, refused.headers["allow"]) == (405, "GET, HEAD, OPTIONS")
        unknown = [server.request(each, "/saucers") for each in (method, "PROPFIND")]
        assert [each.status for each in unknown] == [404, 404]
        replies = [reply, refused, unknown[0]]
        assert all(r.headers.get("x-around") == (method if around else None) for r in replies)
    allow = server.request("POST", "/pots/7").headers["allow"]
    assert allow == "BREW, GET, HEAD, OPTIONS, QUERY"
    assert server.request("brew", "/pots/7").status == 405


@pytest.mark.parametrize(
    "target, location",
    [
        ("/only/", "/only"),
        ("/with-slash", "/with-slash/"),
        ("/only/?a=b%20c", "/only?a=b%20c"),
        ("/sp%20ace/", "/sp%20ace"),
    ],
)
def test_a_slash_too_much_or_too_little_redirects(server, target, location):
    reply = server.get(target)
    assert (reply.status, reply.headers["location"]) == (307, location)


def test_no_redirect_to_another_host(server):
    assert server.get("//evil.example/").status in (400, 404)


def test_redirects_can_be_switched_off(serve):
    by_config = serve(APP, config={"redirect_slashes": False})
    by_app = serve(
        "from fasterapi import App\napp = App(redirect_slashes=False)\napp.get('/only')(lambda: 1)"
    )
    assert by_config.get("/only/").status == 404
    assert by_app.get("/only/").status == 404


@pytest.mark.parametrize("second", ["/items/{b}", "/items/{a:str}"])
def test_conflicting_routes_are_an_error_at_start_with_both_places(serve, second):
    server = serve(
        f"""
        from fasterapi import App
        app = App()

        @app.get("/items/{{a}}")
        def one(a): ...

        @app.get("{second}")
        def two(request): ...
        """,
        is_ready=False,
    )
    assert server.wait() == 3
    assert "app.py:5" in server.log
    assert "app.py:8" in server.log
