"""Mounted apps and folders through the server."""

import json

import pytest

from support import mounted_app
from support.server import ROOT, wait_until
from support.wire import request

APP = """
import sys
sys.path.insert(0, SUPPORT)
from support.mounted_app import app
from fasterapi.staticfiles import StaticFiles

app.mount("/static", StaticFiles(directory=".", html=True))
"""


@pytest.fixture(scope="module")
def server(serve_once):
    server = serve_once(APP.replace("SUPPORT", repr(str(ROOT / "tests"))))
    (server.folder / "big.bin").write_bytes(b"0123456789" * 300_000)
    (server.folder / "sub").mkdir()
    (server.folder / "sub" / "index.html").write_text("index")
    return server


@pytest.mark.parametrize(
    ("method", "path", "status", "expected"), mounted_app.CASES, ids=mounted_app.NAMES
)
def test_the_mounted_app_answers(server, method, path, status, expected):
    body = b'{"a": 1}' if method == "POST" else b""
    with server.connect() as wire:
        field = "Content-Type: application/json"
        wire.send(request(method, path, field, body=body, host="testserver"))
        reply = wire.read(method)
    assert (reply.status, json.loads(reply.body)) == (status, expected)


def test_streams_and_redirects(server):
    assert server.get("/sub/slow/").body == b"ab"
    assert server.get("/sub/slow").headers["location"] == "/sub/slow/"
    assert server.get("/sub").headers["location"] == "/sub/"
    reply = server.request("PUT", "/asgi/x", body=b"body")
    assert (reply.status, reply.body) == (202, b"PUT /asgi/x body")
    wait_until(lambda: "http.disconnect" in server.get("/seen").json(), "the application's end")


def test_a_folder(server):
    with server.connect() as wire:
        whole = wire.get("/static/big.bin")
        assert whole.body == b"0123456789" * 300_000
        part = wire.get("/static/big.bin", "Range: bytes=-3")
        assert (part.status, part.body) == (206, b"789")
        assert wire.get("/static/big.bin", f"If-None-Match: {whole.headers['etag']}").status == 304
        assert wire.get("/static/sub/").body == b"index"
        assert wire.get("/static/sub").headers["location"] == "/static/sub/"
        assert wire.get("/static/big.bin", method="DELETE").status == 405
    for path in ("%2e%2e/x", "..%2f..%2fetc/passwd", "/etc/passwd", "a%00b", "none"):
        assert server.get(f"/static/{path}").status in (400, 404), path


ANY_METHOD = """
from fasterapi import App

async def methods(scope, receive, send):
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": scope["method"].encode()})

app = App()
app.mount("/dav", methods)

@app.get("/own")
def own():
    return 1
"""


def test_a_mounted_app_is_asked_for_every_method(serve_once):
    server = serve_once(ANY_METHOD)
    for method in ("GET", "PROPFIND", "QUERY", "mkcol"):
        reply = server.request(method, "/dav/a")
        assert (reply.status, reply.body) == (200, method.encode())
    assert server.request("PROPFIND", "/own").status == 405


ENDS_CONNECTION = """
from fasterapi import App, Response

async def close(scope, receive, send):
    await receive()
    fields = [(b"connection", b"close"), (b"content-length", b"4")]
    await send({"type": "http.response.start", "status": 200, "headers": fields})
    is_streamed = scope["path"].endswith("/streamed")
    await send({"type": "http.response.body", "body": b"last", "more_body": is_streamed})
    if is_streamed:
        await send({"type": "http.response.body"})

inner = App()

@inner.get("/own")
def own():
    return Response("last", headers={"connection": "close"})

async def around(scope, receive, send):
    await inner(scope, receive, send)

app = App()
app.mount("/asgi", close)
app.mount("/app", around)
"""


@pytest.mark.parametrize("target", ["/asgi/whole", "/asgi/streamed", "/app/own"])
def test_a_mounted_application_may_end_the_connection(serve_once, target):
    server = serve_once(ENDS_CONNECTION)
    with server.connect() as wire:
        reply = wire.get(target)
        assert (reply.body, reply.headers["connection"]) == (b"last", "close")
        assert wire.is_ended()
