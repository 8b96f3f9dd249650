"""Bodies with a schema, in Python; tests/functional/test_bodies.py holds the server to the same
answers."""

import json

import pytest

from support import body_cases
from support.body_app import app

JSON = (("content-type", "application/json"),)
NATIVE = ["/item", "/order/{shop}", "/node", "/pet", "/point", "/items", "/maybe", "/number"]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(("target", "body", "status", "expected"), body_cases.CASES)
def test_bodies_are_validated(target, body, status, expected, capsys):
    path, _, query = target.partition("?")
    answer = app._call("POST", path, query, JSON, body)
    assert answer.status == status, answer
    if expected is None:
        return
    made = json.loads(answer.body)
    if status == 422:
        assert body_cases.said(made["detail"]) == expected
    else:
        assert made == expected


@pytest.mark.parametrize("content_type", ["text/plain", ""])
def test_a_body_of_another_type_is_no_json(content_type):
    answer = app._call("POST", "/item", "", (("content-type", content_type),), body_cases.ITEM)
    assert answer.status == 422
    entry = json.loads(answer.body)["detail"][0]
    assert entry["type"] == "model_attributes_type"
    assert entry["input"] == body_cases.ITEM.decode()


def test_a_handler_with_one_body_is_a_native_route():
    plans = {route.path: route.plan for route in app.routes}
    for path in NATIVE:
        assert plans[path] is not None, path
    for path in ("/embedded", "/two"):
        assert plans[path] is None, path
