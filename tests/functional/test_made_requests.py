"""Requests that an app makes of a scope, through the server."""

import pytest

from support.request_app import CASES, check
from support.server import ROOT


@pytest.fixture(scope="module")
def server(serve_once):
    return serve_once(ROOT / "tests" / "support" / "request_app.py")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case[1])
def test_a_request_made_of_a_scope(server, case):
    method, target, fields, body = case[:4]
    reply = server.request(method, target, *(f"{n}: {v}" for n, v in fields), body=body)
    check(case, reply.status, reply.body)
