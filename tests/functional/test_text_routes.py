"""Routes with response_class and status_code, which the server answers by itself."""

import pytest

APP = """
from fasterapi import App, HTMLResponse, HTTPException, JSONResponse, PlainTextResponse, Response

app = App()

@app.get("/text/{what}", response_class=PlainTextResponse)
def text(what: str):
    return {"str": "h\\u00e9", "bytes": b"\\xff", "none": None, "int": 5, "surrogate": "\\ud800",
            "response": Response("own", 202)}[what]

@app.get("/html", response_class=HTMLResponse, status_code=201)
async def html():
    return "<p>"

@app.post("/made", status_code=201)
def made(body: dict):
    return body

@app.delete("/gone", status_code=204)
def gone():
    return {"ignored": True}

@app.get("/refused", response_class=PlainTextResponse, status_code=202)
def refused():
    raise HTTPException(418, "tea")
"""


@pytest.fixture(scope="module")
def server(serve_once):
    return serve_once(APP)


@pytest.mark.parametrize(
    ("what", "status", "body"),
    [
        ("str", 200, "hé".encode()),
        ("bytes", 200, b"\xff"),
        ("none", 200, b""),
        ("response", 202, b"own"),
    ],
)
def test_a_text_route_sends_str_and_bytes(server, what, status, body):
    reply = server.get(f"/text/{what}")
    assert (reply.status, reply.body) == (status, body)
    if what != "response":
        assert reply.headers["content-type"] == "text/plain; charset=utf-8"


@pytest.mark.parametrize("what", ["int", "surrogate"])
def test_what_is_no_text_is_an_error_of_the_handler(server, what):
    assert server.get(f"/text/{what}").status == 500
    assert server.get("/text/str").status == 200


def test_a_text_route_may_be_async_and_have_a_status(server):
    reply = server.get("/html")
    assert (reply.status, reply.body) == (201, b"<p>")
    assert reply.headers["content-type"] == "text/html; charset=utf-8"


def test_a_status_of_ones_own(server):
    reply = server.post("/made", {"a": 1})
    assert (reply.status, reply.json()) == (201, {"a": 1})
    assert reply.headers["content-type"] == "application/json"


def test_a_status_without_a_body(server):
    reply = server.request("DELETE", "/gone")
    assert (reply.status, reply.body) == (204, b"")


def test_an_exception_has_its_own_status(server):
    reply = server.get("/refused")
    assert (reply.status, reply.json()) == (418, {"detail": "tea"})
