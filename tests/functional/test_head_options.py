"""Answers without a body, and what every answer has."""

import pytest

from support.wire import request

APP = """
from fasterapi import App, Response

app = App()
ran = []

@app.get("/get")
def get():
    ran.append(1)
    return {"ran": len(ran)}

@app.head("/own")
def own():
    return Response(headers={"x-own": "head"})

@app.get("/own")
def own_get():
    return "get"

@app.get("/status/{code}")
def status(code: int):
    return Response(b"body", status_code=code)

@app.delete("/nothing", status_code=204)
def nothing(): ...
"""


@pytest.fixture(scope="module")
def server(serve_once):
    return serve_once(APP)


@pytest.mark.parametrize("target", ["/get", "/health"])
def test_head_has_the_length_but_not_the_body(server, target):
    with server.connect() as wire:
        for _ in range(3):
            wire.send(request("HEAD", target))
            reply = wire.read("HEAD")
            assert reply.status == 200
            assert int(reply.headers["content-length"]) > 0
        assert wire.get(target).status == 200  # nothing of a body stood in between


def test_head_runs_the_handler(server):
    before = server.get("/get").json()["ran"]
    server.request("HEAD", "/get")
    assert server.get("/get").json()["ran"] == before + 2


def test_a_head_handler_of_its_own(server):
    assert server.request("HEAD", "/own").headers["x-own"] == "head"
    assert server.get("/own").json() == "get"


@pytest.mark.parametrize("code", [204, 304])
def test_204_and_304_have_no_body_whatever_the_handler_gives(server, code):
    with server.connect() as wire:
        assert wire.get(f"/status/{code}").status == code
        assert wire.get("/get").status == 200


@pytest.mark.parametrize("target", ["/get", "/nope", "/health", "/status/418", "/status/500"])
def test_every_answer_has_date_and_length(server, target):
    reply = server.get(target)
    assert int(reply.headers["content-length"]) == len(reply.body)
    assert "date" in reply.headers


def test_reasons(server):
    assert server.get("/status/418").reason.lower() == "i'm a teapot"
    assert server.get("/nope").reason == "Not Found"


def test_errors_for_head_have_no_body(server):
    with server.connect() as wire:
        wire.send(request("HEAD", "/nope"))
        assert wire.read("HEAD").status == 404
        assert wire.get("/get").status == 200


def test_no_content(server):
    assert server.request("DELETE", "/nothing").status == 204
