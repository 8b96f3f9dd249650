"""Requests that an app or a test makes of a scope."""

import asyncio

import pytest

from fasterapi import Request
from fasterapi._plain_request import PlainRequest
from support.request_app import CASES, app, check


@pytest.mark.parametrize("case", CASES, ids=lambda case: case[1])
def test_a_request_made_of_a_scope(case):
    method, target, fields, body = case[:4]
    path, _, query = target.partition("?")
    answer = app._call(method, path, query, fields, body)
    check(case, answer.status, answer.body)


def test_a_scope_may_have_little():
    request = Request({"type": "http"})
    assert (request.method, request.path, request.client, dict(request.headers)) == (
        "GET", "/", None, {},
    )
    request = Request(scope={"type": "http", "headers": [(b"x-a", b"1")], "query_string": b"a=b"})
    assert (request.headers["x-a"], request.query_params["a"]) == ("1", "b")
    with pytest.raises(RuntimeError, match="no receive"):
        asyncio.run(request.body())


def test_the_body_is_received_once():
    messages = [
        {"type": "http.request", "body": b"[1,", "more_body": True},
        {"type": "http.request", "body": b"2]"},
    ]

    async def receive():
        return messages.pop(0)

    async def read():
        request = Request({"type": "http"}, receive)
        return await request.body(), await request.json(), await request.body()

    assert asyncio.run(read()) == (b"[1,2]", [1, 2], b"[1,2]")


def test_a_client_that_left_sends_no_body():
    async def receive():
        return {"type": "http.disconnect"}

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(Request({"type": "http"}, receive).body())


def test_every_request_is_one():
    assert isinstance(PlainRequest(), Request) and issubclass(PlainRequest, Request)
    assert not isinstance(object(), Request)

    class Own(Request):
        pass

    assert not isinstance(PlainRequest(), Own) and isinstance(Own({"type": "http"}), Request)
