"""fasterapi.Model: what instances give, and how they are made without validation."""

import copy
import pickle
from typing import Any, List

import pytest

from fasterapi.models import Model, PrivateAttr, ValidationError
from support.models import Item, Node, Open, Tag


def test_dumping_selects() -> None:
    item = Item(name="nut", price=1, tags=[Tag(name="a"), Tag(name="b")])
    assert item.model_dump(exclude_unset=True, exclude={"price"}) == {
        "name": "nut",
        "tags": [{"name": "a"}, {"name": "b"}],
    }
    assert item.model_dump(include={"tags": {0: True}}) == {"tags": [{"name": "a"}]}
    assert item.model_dump(include={"tags": {"__all__": {"name"}}}, exclude_none=True) == {
        "tags": [{"name": "a"}, {"name": "b"}]
    }
    assert item.model_dump(exclude_defaults=True, exclude={"tags", "count"}) == {
        "name": "nut",
        "price": 1.0,
    }
    assert Item(name="a", price=1, made="2020-02-29").model_dump_json() == (
        '{"name":"a","price":1.0,"tags":[],"made":"2020-02-29","count":3}'
    )
    assert Open(x=1, y=float("nan")).model_dump_json() == '{"x":1,"y":null}'


def test_json_that_is_none_is_an_error() -> None:
    with pytest.raises(ValidationError) as caught:
        Tag.model_validate_json("{")
    assert caught.value.errors()[0]["type"] == "json_invalid"
    with pytest.raises(ValidationError, match="JSON input should be string, bytes or bytearray"):
        Tag.model_validate_json(5)
    assert Tag.model_validate_json(b'{"name": "a", "name": "b"}').name == "b"


def test_copies_and_pickles_are_equal_and_apart() -> None:
    node = Node(value=1, children=[{"value": 2}])
    for made in (copy.copy(node), copy.deepcopy(node), node.model_copy(deep=True)):
        assert made == node
        assert made.model_fields_set == node.model_fields_set
    assert pickle.loads(pickle.dumps(Tag(name="a"))) == Tag(name="a")
    assert node.model_copy(update={"value": 9}).value == 9
    assert copy.copy(node).children is node.children
    assert copy.deepcopy(node).children is not node.children
    assert dict(Tag(name="a")) == {"name": "a"}


class Counter(Model):
    start: int
    _now: int = PrivateAttr(default=0)
    _seen: List[int] = PrivateAttr(default_factory=list)

    def model_post_init(self, context: Any, /) -> None:
        self._now = self.start


def test_private_attributes_are_no_fields() -> None:
    counter = Counter(start=3, _now=7)
    assert counter._now == 3
    counter._seen.append(1)
    assert Counter(start=3)._seen == []
    assert counter.model_dump() == {"start": 3}


def test_construct_does_not_validate() -> None:
    made = Item.model_construct(name=5)
    assert made.name == 5
    assert made.count == 3
    assert made.model_fields_set == {"name"}
