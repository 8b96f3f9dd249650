"""Answers that the server gives by itself: text where Accept prefers it, JSON otherwise."""

import pytest

from support.wire import request

APP = """
from fasterapi import App

app = App()

@app.post("/")
def root(req):
    return len(req.body())

@app.get("/block")
def block():
    open(GATE).read()
"""
CONFIG = {
    "limits": {
        "max_target_bytes": 100,
        "max_head_bytes": 2048,
        "max_header_count": 10,
        "max_body_bytes": 100,
    },
    "timeouts": {"header": "300ms", "body": "300ms"},
}
SENT = {
    "400, of a path": (400, "GET /%zz HTTP/1.1\r\nHost: a\r\nACCEPT\r\n"),
    "400, of a folded line": (400, "GET / HTTP/1.1\r\nHost: a\r\nACCEPT\r\nX: a\r\n b\r\n"),
    "400, of a line before Accept": (400, "GET / HTTP/1.1\r\nHost : a\r\nACCEPT\r\n"),
    "400, of a chunk": (
        400,
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nACCEPT\r\n\r\nz\r\n",
    ),
    "404": (404, "GET /nowhere HTTP/1.1\r\nHost: a\r\nACCEPT\r\n"),
    "405": (405, "DELETE / HTTP/1.1\r\nHost: a\r\nACCEPT\r\n"),
    "408, of a head": (408, "GET / HTTP/1.1\r\nHost: a\r\nACCEPT\r\nX: "),
    "408, of a body": (408, "POST / HTTP/1.1\r\nHost: a\r\nACCEPT\r\nContent-Length: 5\r\n"),
    "413": (413, "POST / HTTP/1.1\r\nHost: a\r\nACCEPT\r\nContent-Length: 500\r\n"),
    "414": (414, f"GET /{'a' * 200} HTTP/1.1\r\nHost: a\r\nACCEPT\r\n"),
    "417": (417, "GET / HTTP/1.1\r\nHost: a\r\nACCEPT\r\nExpect: what\r\n"),
    "426": (
        426,
        "GET / HTTP/1.1\r\nHost: a\r\nACCEPT\r\nConnection: upgrade\r\nUpgrade: websocket\r\n"
        "Sec-WebSocket-Version: 8\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n",
    ),
    "431, of many fields": (431, "GET / HTTP/1.1\r\nHost: a\r\nACCEPT\r\n" + "X: a\r\n" * 20),
    "431, of a long one": (431, f"GET / HTTP/1.1\r\nHost: a\r\nACCEPT\r\nX: {'a' * 3000}\r\n"),
    "501": (501, "GET / HTTP/1.1\r\nHost: a\r\nACCEPT\r\nTransfer-Encoding: gzip\r\n"),
    "505": (505, "GET / HTTP/2.0\r\nHost: a\r\nACCEPT\r\n"),
}


@pytest.fixture(scope="module")
def server(serve_once):
    return serve_once(APP, config=CONFIG)


def check_type(reply, accept):
    expected = {"text/plain": "text/plain; charset=utf-8", "application/json": "application/json"}
    assert reply.headers["content-type"] == expected[accept]
    if accept == "application/json":
        assert set(reply.json()) == {"detail"}
    else:
        assert reply.body and not reply.body.startswith(b"{")


either = pytest.mark.parametrize("accept", ["text/plain", "application/json"])


@either
@pytest.mark.parametrize("name", SENT)
def test_a_refusal_has_the_type_that_is_preferred(server, name, accept):
    status, text = SENT[name]
    with server.connect() as wire:
        wire.send(text.replace("ACCEPT", f"aCCept: \t{accept}").encode() + b"\r\n")
        reply = wire.read()
        assert reply.status == status
        check_type(reply, accept)


HEADS = [n for n, (_, text) in SENT.items() if text.startswith("GET") and n not in ("404", "426")]


@pytest.mark.parametrize("name", HEADS)
def test_a_refusal_of_head_has_no_body(server, name):
    status, text = SENT[name]
    with server.connect() as wire:
        wire.send(text.replace("GET", "HEAD", 1).replace("ACCEPT", "X: y").encode() + b"\r\n")
        reply = wire.read("HEAD")
        assert (reply.status, wire.rest()) == (status, b"")
        assert int(reply.headers["content-length"]) > 0


@either
def test_a_queued_request_is_refused_in_the_type_that_is_preferred(serve, accept):
    server = serve(APP, config={"timeouts": {"queue": "300ms"}, "limits": {"queue_capacity": 2}})
    gate = server.gate()
    with server.connect() as blocked:
        blocked.send(request("GET", "/block"))
        gate.wait_for_handler()
        waiting = [server.connect() for _ in range(4)]  # more than there is room for
        for each in waiting:
            each.send(request("GET", "/block", f"Accept: {accept}"))
        for each in waiting:
            reply = each.read()
            assert (reply.status, reply.headers["retry-after"]) == (503, "1")
            check_type(reply, accept)
        gate.open()
        assert blocked.read().status == 200


@either
def test_a_late_answer_is_refused_in_the_type_that_is_preferred(serve, accept):
    server = serve(APP, config={"timeouts": {"handler": "300ms"}})
    gate = server.gate()
    with server.connect() as wire:
        wire.send(request("GET", "/block", f"Accept: {accept}"))
        reply = wire.read()
        assert reply.status == 504
        check_type(reply, accept)
        gate.open()
