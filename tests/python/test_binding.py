"""The binding plans, run in Python."""

import sys
from typing import List, Tuple

import pytest

from support.binding_app import app
from support.binding_cases import CASES, Case, check


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_answers_as_the_table_says(case: Case) -> None:
    if case.id == "json-control" and sys.implementation.name == "pypy":
        pytest.skip("PyPy's json module has a text of its own for control characters")
    path, _, query = case.target.partition("?")
    answer = app._call(case.method, path, query, case.headers, case.body)
    problem = check(case, answer.status, _last(answer.headers), answer.body)
    assert problem is None, problem


def _last(headers: List[Tuple[str, str]]):
    return {name.lower(): value for name, value in headers}
