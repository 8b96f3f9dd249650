"""Starlette's middleware, responses and applications through the server."""

import json

import pytest

from support.server import ROOT, wait_until
from support.websocket import connect, handshake_fields
from support.wire import request

APP = f"""
import sys
sys.path.insert(0, {str(ROOT / "tests")!r})
from support.starlette_app import app
"""


@pytest.fixture(scope="module")
def server(serve_once):
    return serve_once(APP)


def log_of(server):
    return server.get("/log").json()


def test_middleware_sees_the_request_and_its_body(server):
    reply = server.get("/passed")
    assert reply.json()[1:] == [{"user": "ann"}, "/passed", "http"]
    assert reply.headers["x-passed"] == "1"
    reply = server.post("/echo", {"a": "b" * 100_000}, "x-shout: 1")
    assert reply.json() == json.dumps({"a": "b" * 100_000}).upper()
    assert int(reply.headers["x-base"]) > 100_000
    assert server.get("/v1/passed").json()[2:] == ["/passed", "https"]
    assert (server.get("/refused").status, server.get("/fails").status) == (403, 418)


@pytest.mark.parametrize("path", ["/endless", "/plain/sub/endless"])
def test_a_stream_comes_part_by_part_and_ends_with_its_client(server, path):
    with server.connect() as wire:
        wire.send(request("GET", path))
        assert wire.head().status == 200
        assert wire.chunk() == b"first"
    closed = "endless closed" if path == "/endless" else "sub closed"
    wait_until(lambda: closed in log_of(server), "the generator's end")
    ends = [entry for entry in log_of(server) if isinstance(entry, list)]
    assert path in [entry[0] for entry in ends]


def test_responses(serve):
    plain = serve(APP.replace("import app", "import plain as app, log"))
    reply = plain.get("/json")
    assert (reply.status, reply.headers["x-a"], reply.json()) == (201, "b", {"a": 1})
    reply = plain.get("/unnamed/1")
    assert reply.json() == {"unnamed": True}
    assert reply.headers["set-cookie"].startswith("a=1")
    assert plain.get("/stream").body == b"ab"
    whole = plain.get("/file")
    assert plain.get("/file", "Range: bytes=3-11").body == whole.body[3:12]
    assert plain.get("/file", "If-None-Match: x").body == whole.body
    head = plain.request("HEAD", "/file")
    assert (head.body, head.headers["content-length"]) == (b"", str(len(whole.body)))
    assert plain.get("/redirect").headers["location"] == "/json"
    assert plain.get("/types").json() == {"path": "/types", "again": "/types"}
    for kind in ("ours", "theirs"):
        assert plain.get(f"/raises/{kind}").status == 409


def test_applications_have_the_state_and_their_own_parameters(serve):
    plain = serve(APP.replace("import app", "import plain as app, log"))
    mine = ["of the lifespan", {"name": "a b"}]
    assert plain.get("/sub/place/a%20b").json() == mine
    for path in ("/sub/talk/a%20b", "/talk/a%20b"):
        client = connect(plain, path)
        assert client.json() == mine
        assert client.closed() == (4001, "")


def test_an_application_below_a_path(server):
    reply = server.request("POST", "/plain/sub/echo", body=b"x" * 300_000)
    assert reply.body == b"onetwo300000"
    assert reply.headers["x-root"] == "/plain/sub"
    assert server.get("/plain/sub/none/none").status == 404


ANSWERING = APP.replace("starlette_app import app", "answering_app import plain as app")


def test_a_response_that_sends_itself_in_a_native_route(serve):
    plain = serve(ANSWERING)
    assert (plain.get("/own").status, plain.get("/own").body) == (299, b"own")
    assert plain.get("/counted").headers["x-counted"] == "GET"
    assert plain.get("/counted-class").status == 203
    assert plain.get("/mounted/any").json() == {"mounted": 1}


def test_one_that_its_route_does_not_know_of_says_what_to_write(serve):
    source = """
    from support.answering_app import Own

    def made():
        return Own()

    @app.get("/hidden")
    def hidden():
        return made()
    """
    plain = serve(ANSWERING + source.replace("\n    ", "\n"))
    assert plain.get("/hidden").status == 500
    plain.wait_log("a Own is sent where the handler says so: -> Own")


def test_a_handshake_is_denied_with_a_response(serve):
    server = serve(ROOT / "tests" / "support" / "answering_app.py")
    with server.connect() as wire:
        wire.send(request("GET", "/denied", *handshake_fields("a" * 22 + "==")))
        reply = wire.read()
    assert (reply.status, reply.json(), reply.headers["x-why"]) == (429, {"no": 1}, "much")


def test_a_request_is_one_of_starlettes_to_who_asks(server, serve):
    for of in (server, serve(APP.replace("import app", "import plain as app"))):
        assert of.get("/asked").json() == [True] * 3
        assert of.get("/asked-there/1").json() == [True] * 5
        assert of.get("/filled").json() == [True] * 2


def test_a_decorator_finds_arguments_by_their_names(serve):
    plain = serve(APP.replace("import app", "import plain as app"))
    assert plain.get("/known?scope=known").json() == "known"
    assert plain.get("/known?scope=other").status == 401
