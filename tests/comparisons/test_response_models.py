"""What a route shows of its result: the same answers as FastAPI's, of models of ours and of
pydantic's, with every option. Skipped where fastapi is not installed."""

import dataclasses
import importlib
from typing import Any, Dict, List, Optional, Union

import pytest

fastapi = pytest.importorskip("fastapi")
pydantic = pytest.importorskip("pydantic", minversion="2.14")
testclient = importlib.import_module("fastapi.testclient")

import fasterapi  # noqa: E402
from fasterapi import models  # noqa: E402


def declared(base: Any, field: Any) -> Dict[str, Any]:
    """The same models on top of either base."""

    class Tag(base):
        name: str
        weight: Optional[float] = None

    class Item(base):
        id: int
        price: float = 12.5
        title: str = field(default="t", alias="itemTitle")
        tags: List[Tag] = []
        by_name: Dict[str, Tag] = {}
        note: Optional[str] = None
        made: List[int] = field(default_factory=lambda: [1])
        secret: str = field(default="s", exclude=True)

    return {"item": Item, "tag": Tag}


@dataclasses.dataclass
class Point:
    x: int
    y: Optional[int] = None


TAG = {"name": "a", "weight": None}
ITEM = {"id": 1, "itemTitle": "b", "tags": [TAG, {"name": "b", "weight": 2}], "by_name": {"k": TAG}}
VALUES: List[Any] = [
    {"id": 1},
    {**ITEM, "note": None, "price": 12.5, "over": 1},
    {"id": "7", "price": 3, "made": [1], "itemTitle": "t"},
    {"id": 1, "price": float("inf"), "tags": [{"name": "\u00e9", "weight": 1e16}]},
]
OPTIONS: List[Dict[str, Any]] = [
    {},
    {"exclude_unset": True},
    {"exclude_defaults": True},
    {"exclude_none": True},
    {"exclude_unset": True, "exclude_none": True, "by_alias": False},
    {"by_alias": False},
    {"include": {"id", "title", "tags"}},
    {"exclude": {"price", "made"}},
    {"include": {"tags": {"__all__": {"name"}}, "by_name": {"k": {"weight"}}, "id": True}},
    {"exclude": {"tags": {0: {"weight"}}, "note": True, "made": {"__all__"}}},
    {"exclude": {"tags": {-1: {"name"}}, "by_name": {"__all__": {"weight"}}}},
    {"include": {"tags": {0}, "by_name": ...}, "exclude": {"by_name": {"k": {"name"}}}},
]
NESTED: List[Dict[str, Any]] = [
    {},
    {"exclude_unset": True},
    {"exclude": {"__all__": {"tags", "price"}}},
    {"include": {0: {"id": True, "tags": {"__all__": {"name"}}}}},
    {"exclude": {"__all__": {"tags": {"__all__": {"name"}}, "made": True}, 1: {"tags": {0}}}},
    {"include": {"__all__": {"id"}, 0: {"price": True}, 1: ...}},
    {"exclude": {"__all__": ..., 1: {"tags"}}},
    {"exclude": {"__all__"}},
]


def answered(app: Any, call: Any, value: Any, model: Any, options: Dict[str, Any]) -> Any:
    said = {f"response_model_{name}": option for name, option in options.items()}
    app.get("/", response_model=model, **said)(lambda: value)
    return call(app)


def theirs(value: Any, model: Any, options: Dict[str, Any]) -> Any:
    def call(app: Any) -> Any:
        answer = testclient.TestClient(app, raise_server_exceptions=False).get("/")
        return answer.status_code, answer.headers["content-type"], answer.content

    return answered(fastapi.FastAPI(), call, value, model, options)


def ours(value: Any, model: Any, options: Dict[str, Any]) -> Any:
    def call(app: Any) -> Any:
        answer = app._call("GET", "/")
        return answer.status, dict(answer.headers)["content-type"], answer.body

    return answered(fasterapi.FastAPI(), call, value, model, options)


OURS = declared(models.Model, models.Field)
THEIRS = declared(pydantic.BaseModel, pydantic.Field)


def same(value: Any, shape: Any, options: Dict[str, Any]) -> None:
    """With a value for a model of pydantic's, and for the same one of ours."""
    expected = theirs(value(THEIRS), shape(THEIRS["item"]), options)
    assert expected[0] == 200
    assert ours(value(THEIRS), shape(THEIRS["item"]), options) == expected
    status, kind, body = ours(value(OURS), shape(OURS["item"]), options)
    assert (status, kind, body) == expected


@pytest.mark.parametrize("options", OPTIONS, ids=range(len(OPTIONS)))
@pytest.mark.parametrize("value", VALUES, ids=range(len(VALUES)))
def test_of_dicts_and_of_instances(value: Any, options: Dict[str, Any]) -> None:
    same(lambda kinds: value, lambda item: item, options)
    same(lambda kinds: kinds["item"](**value), lambda item: item, options)


@pytest.mark.parametrize("options", NESTED, ids=range(len(NESTED)))
def test_of_lists(options: Dict[str, Any]) -> None:
    same(lambda kinds: VALUES, lambda item: List[item], options)
    same(lambda kinds: [kinds["item"](**value) for value in VALUES], lambda i: List[i], options)


@pytest.mark.parametrize(
    "shape, value",
    [
        (lambda item: Optional[item], None),
        (lambda item: Optional[item], VALUES[0]),
        (lambda item: Dict[str, item], {"a": VALUES[0], "b": VALUES[1]}),
        (lambda item: Union[item, int], VALUES[0]),
        (lambda item: Union[item, int], 3),
        (lambda item: Dict[str, Optional[item]], {"a": None}),
    ],
)
def test_of_other_containers(shape: Any, value: Any) -> None:
    same(lambda kinds: value, shape, {"exclude_none": True})


def test_of_attributes() -> None:
    class Loose:
        id = 1
        itemTitle = "loose"

    same(lambda kinds: Loose(), lambda item: item, {})


@pytest.mark.parametrize("options", [{}, {"exclude_none": True}, {"exclude_defaults": True}])
def test_of_dataclasses(options: Dict[str, Any]) -> None:
    for value in (Point(1), {"x": "2"}, {"x": 1, "y": 2}):
        assert ours(value, Point, options) == theirs(value, Point, options)


@pytest.mark.parametrize("model", [THEIRS["item"], List[THEIRS["item"]]])
def test_what_does_not_fit_is_a_500(model: Any) -> None:
    assert theirs({"id": "x"}, model, {})[0] == ours({"id": "x"}, model, {})[0] == 500


def test_a_status_and_headers_of_the_handler() -> None:
    def called(package: Any) -> Any:
        app = package.FastAPI()

        @app.get("/created", response_model=THEIRS["item"], status_code=201)
        def created(response: package.Response) -> Any:
            response.headers["x-n"] = "1"
            return {"id": 1}

        return app

    expected = testclient.TestClient(called(fastapi)).get("/created")
    answer = called(fasterapi)._call("GET", "/created")
    assert (answer.status, answer.body) == (expected.status_code, expected.content)
    assert dict(answer.headers)["x-n"] == expected.headers["x-n"] == "1"
