"""Large results go out from where they lie: whole, in order, and they are let go of afterwards."""

import pytest

from support.server import wait_until
from support.wire import request

APP = """
import sys
from fasterapi import App, PlainTextResponse, Response

app = App()
BODY = bytes(range(256)) * 4 * 1024
TEXT = "0123456789abcdef" * 64 * 1024 + "\\u00e9"
VIEWED = memoryview(BODY)[1:]
REFS = sys.getrefcount(BODY), sys.getrefcount(TEXT)

@app.get("/bytes")
def as_bytes():
    return BODY

@app.get("/view")
def view():
    return VIEWED

@app.get("/response")
async def response():
    return Response(BODY, 201, {"x-a": "1"}, "text/csv")

@app.get("/text", response_class=PlainTextResponse)
def text():
    return TEXT

@app.get("/changing")
def changing():
    made = bytearray(BODY)
    made[:3] = b"abc"
    app.last = made
    return made

@app.get("/changed")
def changed():
    app.last[:] = b"x"
    return len(app.last)

@app.get("/small")
def small():
    return {"small": True}

@app.get("/kept")
def kept():
    return [now - before for now, before in
            zip((sys.getrefcount(BODY), sys.getrefcount(TEXT)), REFS)]
"""

BODY = bytes(range(256)) * 4 * 1024
TEXT = ("0123456789abcdef" * 64 * 1024 + "\u00e9").encode()


@pytest.fixture(scope="module", params=["auto", "ring"])
def server(serve_once, request):
    return serve_once(APP, config={"dispatch": request.param, "workers": 1})


def test_bytes_a_view_and_text_arrive_whole(server):
    with server.connect() as wire:
        for _ in range(3):
            assert wire.get("/bytes").body == BODY
            assert wire.get("/view").body == BODY[1:]
            assert wire.get("/text").body == TEXT
            answer = wire.get("/response")
            assert (answer.status, answer.headers["x-a"]) == (201, "1")
            assert answer.headers["content-type"] == "text/csv; charset=utf-8"
            assert answer.body == BODY
            assert wire.get("/small").json() == {"small": True}


def test_they_keep_their_place_among_pipelined_answers(server):
    targets = ["/small", "/bytes", "/text", "/small", "/view", "/bytes"]
    with server.connect() as wire:
        wire.send(b"".join(request("GET", target) for target in targets))
        bodies = [wire.read().body for _ in targets]
    small = b'{"small":true}'
    assert bodies == [small, BODY, TEXT, small, BODY[1:], BODY]


def test_head_has_their_length(server):
    with server.connect() as wire:
        assert wire.get("/bytes", method="HEAD").headers["content-length"] == str(len(BODY))
        assert wire.get("/small").status == 200


def test_what_may_change_is_copied(server):
    with server.connect() as wire:
        assert wire.get("/changing").body == b"abc" + BODY[3:]
        assert wire.get("/changed").json() == 1


def test_they_are_let_go_of_when_sent_and_when_the_client_leaves(server):
    with server.connect() as wire:
        wire.get("/bytes")
        wire.get("/text")
    for _ in range(5):
        with server.connect() as wire:
            wire.send(request("GET", "/bytes") * 20)
            wire.head()
    with server.connect() as wire:
        wait_until(lambda: wire.get("/kept").json() == [0, 0], "no reference is left")
