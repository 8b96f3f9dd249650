"""The server binds and answers as the package does in Python: one table for both."""

from pathlib import Path

import pytest

from support.binding_cases import CASES, Case, check
from support.wire import request

APP = Path(__file__).resolve().parents[1] / "support" / "binding_app.py"


@pytest.fixture(scope="module")
def server(serve_once):
    return serve_once(APP)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_answers_as_the_table_says(server, case: Case):
    fields = [f"{name}: {value}" for name, value in case.headers]
    reply = server.request(case.method, case.target, *fields, body=case.body)
    problem = check(case, reply.status, reply.headers, reply.body)
    assert problem is None, problem


def test_one_connection_for_all(server):
    """Nothing of one request stays for the next: answers are the same on a warm connection."""
    with server.connect() as wire:
        for case in CASES:
            fields = [f"{name}: {value}" for name, value in case.headers]
            wire.send(request(case.method, case.target, *fields, body=case.body))
            reply = wire.read(case.method)
            problem = check(case, reply.status, reply.headers, reply.body)
            assert problem is None, f"{case.id}: {problem}"
            assert reply.headers.get("connection") != "close", case.id


def test_pipelined_python_answers_come_in_order(server):
    with server.connect() as wire:
        wire.send(b"".join(request("GET", f"/int?x={n}") for n in range(50)))
        assert [wire.read().json() for _ in range(50)] == list(range(50))
