"""Apps with dependencies, response models, exception handlers and middleware: the server answers
as the package does in Python, whose answers tests/python holds to literal ones."""

import importlib
from pathlib import Path

import pytest

from support.server import wait_until
from support.wire import request

SUPPORT = Path(__file__).resolve().parents[1] / "support"
JSON = "content-type: application/json"
KEY, WHO = "x-key: right", "authorization: Bearer right"
ORIGIN, OTHER = "origin: http://a.example", "origin: http://c.example"
ASKS = "access-control-request-method: GET"

DEPENDENCIES = [
    *(f"/{name}" for name in ("sync", "async", "sync-of-async", "class", "object", "partial")),
    *("/sync?n=1&q=a", "/async?n=x&limit=1000", "/sync-of-async?n=2", "/class?page=x"),
    *(f"/yield?fail={kind}" for kind in ("", "value", "key", "http")),
    *(f"/yield-async?fail={kind}" for kind in ("", "value", "key", "http")),
    *("/swallow", "/early", "/stream", "/stream-async", "/tasks", "/own-task", "/native-task"),
    *("/v1/r/i/x?q=1", "/me", "/items", "/basic", "/bearer", "/own-bearer", "/keys?key=1"),
    "/errors?limit=1000",
]
RESPONSES = [
    *("/cut", "/annotated", "/none", "/wrong", "/wrong-type", "/list", "/union?which=1", "/unset"),
    *("/nones", "/include", "/exclude", "/alias", "/scalar", "/when", "/status?n=2", "/status?n=9"),
    *("/native-status?n=3", "/html", "/text", "/redirect", "/redirect-seen", "/response"),
    *("/from-dependency", "/null-from-dependency"),
    *("/infinite", "/infinite-model", "/infinite-cut", "/infinite-union"),
    *(f"/shown-{place}" for place in range(6)),
    *(f"/shown-made-{place}" for place in range(6)),
]
LAYERS = [
    *(f"/raise/{kind}" for kind in ("unicorn", "foal", "404", "409", "204", "value", "key")),
    *("/dependency", "/native/1", "/native/x", "/native/x?plain=1", "/native-async/2"),
    *("/general?n=1", "/general", "/large", "/streamed", "/tasks", "/slash/", "/slash?a=1"),
    *("/nothing", "/native", "/native/1?stop=1"),
]
ANSWERS = [
    *("/value", "/text", "/stream", "/stream-async", "/file", "/nothing", "/length"),
    *("/own", "/counted", "/counted-class"),
]
KINDS = ["json", "stream", "file", "none"]
CASES = [
    *(("dependency_app", "GET", target, ()) for target in DEPENDENCIES),
    *(("dependency_app", "GET", target, (KEY, WHO)) for target in DEPENDENCIES),
    *(("response_app", "GET", target, ()) for target in RESPONSES),
    ("response_app", "DELETE", "/gone", ()),
    *(("layered_app", "GET", target, ()) for target in LAYERS),
    *(("layered_app", "GET", target, (ORIGIN,)) for target in LAYERS),
    *(("layered_app", "POST", target, ()) for target in ("/native/1", "/nothing", "/slash")),
    *(("layered_app", "OPTIONS", target, ()) for target in ("/native/1", "/nothing")),
    *(("layered_app", "OPTIONS", "/any", (origin, ASKS)) for origin in (ORIGIN, OTHER)),
    ("layered_app", "HEAD", "/native/1", ()),
    *(("answering_app", "GET", target, ()) for target in ANSWERS),
    *(("answering_app", "GET", target, ("x-logged: 1",)) for target in ANSWERS),
    *(("answering_app", "GET", target, ("x-again: 1",)) for target in ANSWERS),
    *(("answering_app", "GET", target, ("x-turned: 1",)) for target in ANSWERS),
    *(("answering_app", "GET", "/value", (f"x-kind: {kind}",)) for kind in KINDS),
    ("answering_app", "GET", "/value", ("x-kind: file", "range: bytes=3-11")),
    ("answering_app", "HEAD", "/value", ("x-kind: file",)),
    ("answering_app", "GET", "/value", ("x-refused: 1",)),
]
OWN = {"date", "content-length", "connection", "server", "transfer-encoding"}  # the server's own


@pytest.fixture(scope="module")
def servers(serve_once):
    made = {}

    def server_of(name):
        if name not in made:
            made[name] = serve_once(
                SUPPORT / f"{name}.py", flags=["--log-level=off", "--workers=1"]
            )
        return made[name]

    return server_of


def shown(fields):
    return sorted((name.lower(), value) for name, value in fields if name.lower() not in OWN)


def both(servers, name, method, target, fields=(), body=b"", host="testserver"):
    """The server's answer and the package's."""
    app = importlib.import_module(f"support.{name}").app
    path, _, query = target.partition("?")
    sent = [("host", host), *(tuple(line.split(": ", 1)) for line in fields)]
    with servers(name).connect() as wire:
        wire.send(request(method, target, *fields, body=body, host=host))
        return wire.read(method), app._call(method, path, query, sent, body)


@pytest.mark.parametrize("name, method, target, fields", CASES)
def test_the_same_answer(servers, name, method, target, fields):
    reply, expected = both(servers, name, method, target, fields)
    assert (reply.status, reply.body) == (expected.status, expected.body)
    assert shown(reply.fields) == shown(expected.headers)


@pytest.mark.parametrize("body", [b"{}", b"[]", b"{", b""])
def test_bodies_pass_through_middleware(servers, body):
    reply, expected = both(servers, "layered_app", "POST", "/body", (JSON,), body)
    assert (reply.status, reply.body) == (expected.status, expected.body)


def test_an_unknown_host(servers):
    reply, expected = both(servers, "layered_app", "GET", "/native/1", host="bad.example")
    assert (reply.status, reply.body) == (expected.status, expected.body)
    assert reply.status == 400


@pytest.mark.parametrize(
    "target, events",
    [
        ("/yield", ["open x", "handler", "close x"]),
        ("/early", ["open early", "open x", "close early", "task", "close x"]),
        ("/tasks", ["from dependency", "from handler"]),
        ("/stream", ["open x", "a", "b", "c", "close x"]),
        ("/yield-async", ["open x", "open async", "handler", "close async", "close x"]),
        ("/native-task", ["native"]),
        ("/own-task", ["own"]),
    ],
)
def test_what_follows_a_response(serve, target, events):
    server = serve(SUPPORT / "dependency_app.py", flags=["--workers=1"])
    assert server.get(target).status in (200, 202)

    def logged():
        return [e for e in server.get("/log").json() if not e.startswith("app ")]

    wait_until(lambda: logged() == events, str(events))


def test_a_root_path_is_that_of_every_request(serve):
    server = serve(
        """
        from fasterapi import App, Request
        app = App(root_path="/api/v1")

        @app.get("/a")
        def a(request: Request):
            return [request.root_path, request.url.path, request.scope["route"].path]
        """
    )
    assert server.get("/a").json() == ["/api/v1", "/api/v1/a", "/a"]
    assert server.get("/openapi.json").json()["servers"] == [{"url": "/api/v1"}]
