"""What a route's answer shows of its result."""

import json
from typing import Any, List

import pytest

from fasterapi import App
from fasterapi.encoders import jsonable_encoder
from fasterapi.exceptions import ResponseValidationError
from support.response_app import Item, app

SHOWN = {"name": "a", "price": 1.5, "tags": [], "note": None}


def get(target: str) -> Any:
    path, _, query = target.partition("?")
    answer = app._call("GET", path, query)
    return answer.status, json.loads(answer.body)


@pytest.mark.parametrize(
    "target, shown",
    [
        ("/cut", {**SHOWN, "note": "n"}),
        ("/cut-dict", {**SHOWN, "price": 2.0}),
        ("/annotated", SHOWN),
        ("/none", {"name": 1}),
        ("/list", [SHOWN, {**SHOWN, "name": "b"}]),
        ("/dict", {"k": SHOWN}),
        ("/union?which=1", {"x": 1, "y": 0}),
        ("/union?which=2", {"x": 2, "y": 0}),
        ("/dataclass", {"x": 1, "y": 0}),
        ("/attributes", {**SHOWN, "name": "loose", "price": 3.0}),
        ("/unset", {"name": "a", "price": 1.5}),
        ("/defaults", {"name": "a"}),
        ("/nones", {"name": "a", "price": 1.5, "tags": []}),
        ("/include", {"name": "a", "tags": []}),
        ("/exclude", [{"price": 1.5, "tags": [], "note": None}]),
        ("/alias", {"firstNumber": 1, "secondNumber": 2}),
        ("/no-alias", {"first": 1, "second": 2}),
        ("/scalar", 7),
        ("/when", "2024-01-02T03:04:05Z"),
        ("/infinite", {"x": None, "y": 1.5}),
        ("/infinite-model", {"value": None, "more": [1.5, None], "note": None}),
        ("/infinite-cut", [{"value": None, "more": [1.5, None]}]),
        ("/infinite-union", None),
    ],
)
def test_results_are_cut_to_the_model(target, shown):
    assert get(target) == (200, shown)


SHOWN_OF_BASKETS = [
    [{"ownedBy": "a", "items": [{"name": "b"}, {"name": "c", "price": 2.0}], "made": [1]}]
    + [{"ownedBy": "d", "at": {"x": 1, "y": 0}}],
    [{"ownedBy": "a", "items": [{"name": "b"}, {"name": "c", "price": 2.0}]}]
    + [{"ownedBy": "d", "at": {"x": 1}}],
    [
        {
            "owner": "a",
            "items": [
                {"name": "b", "price": 1.5, "tags": []},
                {"name": "c", "price": 2.0, "tags": []},
            ],
            "made": [1],
        },
        {"owner": "d", "items": [], "made": [1], "at": {"x": 1, "y": 0}},
    ],
    [{"ownedBy": "a", "items": [{"name": "b"}, {"price": 2.0}]}, {"ownedBy": "d", "items": []}],
    [{"ownedBy": "a", "made": [1], "at": None}],
    [
        {
            "ownedBy": "a",
            "items": [{"name": "b", "price": 1.5}, {"name": "c", "price": 2.0}],
            "at": None,
        },
        {"ownedBy": "d", "items": [], "at": {"x": 1}},
    ],
]


@pytest.mark.parametrize("place", range(6))
@pytest.mark.parametrize("path", ["/shown-", "/shown-made-"])
def test_options_say_what_is_shown(path, place):
    assert get(f"{path}{place}") == (200, SHOWN_OF_BASKETS[place])


@pytest.mark.parametrize("target", ["/wrong", "/wrong-type", "/scalar?x=a"])
def test_a_result_that_does_not_fit_is_a_500_with_the_reason_in_the_log(target, capsys):
    assert get(target) == (500, {"detail": "Internal Server Error"})
    assert "ResponseValidationError: 1 validation error" in capsys.readouterr().err


def test_the_exception_says_what_does_not_fit():
    error = ResponseValidationError([{"type": "missing", "loc": ["response"]}], body=1)
    assert error.errors() == [{"type": "missing", "loc": ("response",)}]
    assert error.body == 1
    assert "missing" in str(error)


@pytest.mark.parametrize("target", ["/status?n=2", "/native-status?n=2"])
def test_a_status_of_the_route_and_headers_of_the_handler(target):
    path, _, query = target.partition("?")
    answer = app._call("GET", path, query)
    assert dict(answer.headers)["x-n"] == "2"
    assert answer.status == (402 if path == "/status" else 202)


def test_what_a_dependency_sets_holds_for_an_answer_of_null():
    answer = app._call("GET", "/null-from-dependency")
    assert (answer.status, answer.body) == (206, b"null")


def test_response_classes():
    assert app._call("GET", "/html").body == b"<p>"
    text = app._call("GET", "/text")
    assert (text.status, dict(text.headers)["content-type"]) == (203, "text/plain; charset=utf-8")
    assert app._call("GET", "/redirect").status == 307
    assert app._call("GET", "/redirect-seen").status == 303
    assert app._call("GET", "/response").body == b'{"x":1}'
    assert app._call("DELETE", "/gone").body == b""


def test_what_cannot_be_a_model_is_said_at_registration():
    class Unknown: ...

    def handler() -> List[Unknown]: ...

    with pytest.raises(TypeError, match="response_model=None"):
        App().get("/")(handler)
    App().get("/", response_model=None)(handler)


def test_handlers_whose_annotation_promises_nothing_stay_as_they_are():
    made = App()

    @made.get("/")
    def handler() -> dict: ...

    assert made._compile_routes()[0].endpoint is handler


def test_options_stay_on_the_route_for_the_document():
    made = App()

    @made.get("/", tags=["t"], summary="s", operation_id="o", deprecated=True, name="n")
    def handler() -> Item: ...

    (route,) = made.routes
    assert (route.name, route.options.tags, route.options.summary) == ("n", ["t"], "s")
    assert (route.options.operation_id, route.options.deprecated) == ("o", True)
    assert route.response_model is Item
    assert (route.tags, route.operation_id, route.deprecated) == (["t"], "o", True)
    with pytest.raises(TypeError, match="tagz"):
        made.get("/", tagz=["t"])(handler)


def test_jsonable_encoder():
    item = Item(name="a")
    assert jsonable_encoder(item) == SHOWN
    assert jsonable_encoder({"i": [item]}, exclude_none=True)["i"][0]["tags"] == []
    assert jsonable_encoder({"a": 1, "b": 2}, include={"a"}) == {"a": 1}
    assert jsonable_encoder({1, 2}, custom_encoder={int: str}) == ["1", "2"]
    assert jsonable_encoder(item, exclude_unset=True) == {"name": "a"}
    with pytest.raises(ValueError, match="object"):
        jsonable_encoder(object())
