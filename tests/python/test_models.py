"""fasterapi.Model: fields, errors, and what a class may be."""

import datetime as dt
from typing import Any, Dict, Generic, List, Literal, Optional, TypeVar, Union

import pytest

from fasterapi.models import Field, Model, ValidationError, field_validator
from support.models import Item, Node, Tag, problems


def test_fields_come_from_annotations() -> None:
    item = Item(name="nut", price="0.5", tags=[{"name": "a"}], made="2020-02-29")
    assert item.price == 0.5
    assert item.tags == [Tag(name="a")]
    assert item.made == dt.date(2020, 2, 29)
    assert item.count == 3
    assert item.model_fields_set == {"name", "price", "tags", "made"}
    assert list(Item.model_fields) == ["name", "price", "tags", "made", "count"]
    assert Item.model_fields["name"].is_required()
    assert repr(Tag(name="x")) == "Tag(name='x')"
    assert str(item.tags[0]) == "name='a'"


def test_errors_say_where_and_what() -> None:
    with pytest.raises(ValidationError) as caught:
        Item(name="", price=-1, tags=[{}])
    assert caught.value.errors() == [
        {
            "type": "string_too_short",
            "loc": ("name",),
            "msg": "String should have at least 1 character",
            "input": "",
            "ctx": {"min_length": 1},
        },
        {
            "type": "greater_than",
            "loc": ("price",),
            "msg": "Input should be greater than 0",
            "input": -1,
            "ctx": {"gt": 0.0},
        },
        {"type": "missing", "loc": ("tags", 0, "name"), "msg": "Field required", "input": {}},
    ]
    assert caught.value.error_count() == 3
    assert str(caught.value).startswith("3 validation errors for Item\nname\n  String should have")
    assert '"type":"missing"' in caught.value.json()


def test_mutable_defaults_are_not_shared() -> None:
    Node(value=1).children.append(Node(value=2))
    assert Node(value=1).children == []


def test_recursion_is_followed_and_bounded() -> None:
    assert problems(Node, {"value": 1, "children": [{"value": "x"}]}) == [
        ("int_parsing", ("children", 0, "value"))
    ]
    loop: Dict[str, Any] = {"value": 1}
    loop["children"] = [loop]
    assert problems(Node, loop) == [("recursion_loop", ("children", 0))]
    deep: Dict[str, Any] = {"value": 1}
    for _ in range(300):
        deep = {"value": 1, "children": [deep]}
    ((kind, loc),) = problems(Node, deep)
    assert kind == "recursion_depth_exceeded"
    assert 100 < len(loc) <= 2 * 255


def test_a_class_that_cannot_be_is_an_error_at_its_definition() -> None:
    with pytest.raises(TypeError, match="is no type that can be validated"):

        class Bad(Model):
            x: bytearray

    with pytest.raises(TypeError, match="validates 'y', which is no field"):

        class Wrong(Model):
            x: int

            @field_validator("y")
            @classmethod
            def check(cls, value: Any) -> Any:
                return value

    with pytest.raises(TypeError, match="has a Field\\(\\) but no annotation"):

        class Bare(Model):
            x = Field(1)

    with pytest.raises(TypeError, match="needs an annotation"):

        class Over(Tag):
            name = "x"

    with pytest.raises(TypeError, match="does not know minimum"):
        Field(minimum=3)


class Cat(Model):
    kind: Literal["cat"]
    lives: int


class Dog(Model):
    kind: Literal["dog", "puppy"]
    name: str


class Owner(Model):
    pet: Union[Cat, Dog] = Field(discriminator="kind")


def test_a_tag_chooses_the_model() -> None:
    assert Owner(pet={"kind": "puppy", "name": "x"}).pet == Dog(kind="puppy", name="x")
    assert problems(Owner, {"pet": {"kind": "cat"}}) == [("missing", ("pet", "cat", "lives"))]
    with pytest.raises(ValidationError) as caught:
        Owner(pet={"kind": "cow"})
    assert caught.value.errors()[0]["msg"] == (
        "Input tag 'cow' found using 'kind' does not match any of the expected tags: "
        "'cat', 'dog', 'puppy'"
    )
    assert problems(Owner, {"pet": {}}) == [("union_tag_not_found", ("pet",))]


def test_names_defined_later_are_found_when_used() -> None:
    class First(Model):
        second: "Optional[Second]" = None

    with pytest.raises(TypeError, match="'Optional\\[Second\\]' cannot be evaluated"):
        First()

    class Second(Model):
        x: int

    First.model_rebuild(_types_namespace={"Second": Second})
    assert First(second={"x": "1"}).second == Second(x=1)


T = TypeVar("T")


class Page(Model, Generic[T]):
    items: List[T]


class Custom(Model):
    x: int

    def __init__(self, **data: Any) -> None:
        super().__init__(x=data["both"])


def test_an_own_init_is_called_by_validation() -> None:
    assert Custom.model_validate({"both": "4"}).x == 4
    assert problems(Custom, {"both": "a"}) == [("int_parsing", ("x",))]


def test_a_generic_model_takes_its_parameters() -> None:
    assert Page(items=["a", 1]).items == ["a", 1]
    assert Page[int](items=["1"]).items == [1]
    assert Page[int] is Page[int]
    assert problems(Page[int], {"items": ["a"]}) == [("int_parsing", ("items", 0))]
    assert Page[Tag].model_validate({"items": [{"name": "x"}]}).items == [Tag(name="x")]
