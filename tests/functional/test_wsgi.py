"""Applications for WSGI below a path: Flask by a2wsgi, as a user would mount it."""

import pytest

from support.server import ROOT
from support.wire import request

PACKAGES = ROOT / "build" / "test-packages"

APP = """
from a2wsgi import WSGIMiddleware
from fasterapi import App
from flask import Flask, Response, request

app = App()
flask = Flask(__name__)

@flask.get("/hello/<name>")
def hello(name):
    return {
        "name": name,
        "query": request.args.to_dict(),
        "root": request.script_root,
        "path": request.path,
        "url": request.url,
        "field": request.headers.get("X-Thing"),
    }

@flask.post("/echo")
def echo():
    return Response(request.get_data(), 201, {"X-Length": request.content_length})

@flask.post("/form")
def form():
    file = request.files["file"]
    return {**request.form, "name": file.filename, "size": len(file.read())}

@flask.get("/stream")
def stream():
    return Response(b"x" * 100_000 for _ in range(30))

@flask.get("/raises")
def raises():
    raise KeyError("of flask")

app.mount("/flask", WSGIMiddleware(flask))
"""
FORM = (
    b'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n'
    b'--b\r\nContent-Disposition: form-data; name="file"; filename="f.bin"\r\n\r\n'
    + b"0" * 500_000
    + b"\r\n--b--\r\n"
)


@pytest.fixture(scope="module")
def server(serve_once):
    if not (PACKAGES / "flask").is_dir():
        pytest.skip("Flask and a2wsgi are not installed: scripts/setup --test")
    return serve_once(APP, config={"workers": 2, "python": {"path": [str(PACKAGES)]}})


def test_flask_knows_where_it_is(server):
    reply = server.get("/flask/hello/Ann%20B?x=1&y=%C3%BC", "X-Thing: t")
    assert reply.json() == {
        "name": "Ann B",
        "query": {"x": "1", "y": "ü"},
        "root": "/flask",
        "path": "/hello/Ann B",
        "url": "http://test/flask/hello/Ann%20B?x=1&y=ü",
        "field": "t",
    }
    assert server.get("/flask/none").status == 404
    assert server.get("/flask/echo").status == 405


def test_bodies_and_forms(server):
    with server.connect() as wire:
        for size in (1, 3_000_000):
            wire.send(request("POST", "/flask/echo", body=b"x" * size))
            reply = wire.read()
            assert (reply.status, reply.body) == (201, b"x" * size)
            assert reply.headers["x-length"] == str(size)
        wire.send(
            request(
                "POST", "/flask/form", "Content-Type: multipart/form-data; boundary=b", body=FORM
            )
        )
        assert wire.read().json() == {"a": "1", "name": "f.bin", "size": 500_000}


def test_a_stream_a_head_and_an_error(server):
    with server.connect() as wire:
        assert wire.get("/flask/stream").body == b"x" * 3_000_000
        assert wire.get("/flask/hello/a", method="HEAD").body == b""
        assert wire.get("/flask/raises").status == 500
        assert wire.get("/flask/hello/a").status == 200
    server.wait_log("KeyError: 'of flask'")
