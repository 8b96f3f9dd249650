"""What code that was written for pydantic's models finds in ours."""

import json
from typing import Annotated, Any, List, Union

import pytest

from fasterapi import App
from fasterapi.models import BaseModel, Discriminator, Field, Model, Tag, ValidationError


class Item(BaseModel):
    name: str
    price: float = 1


class Odd(Model):
    """Whose fields have the names of verbs."""

    json: int
    copy: str = "c"


def test_base_model_is_model() -> None:
    assert BaseModel is Model


def test_verbs_of_pydantic_1_say_what_they_are_called_now() -> None:
    item = Item(name="a")
    with pytest.warns(DeprecationWarning, match="`dict` is now `model_dump`"):
        assert item.dict(exclude={"price"}) == {"name": "a"}
    with pytest.warns(DeprecationWarning, match="`json` is now `model_dump_json`"):
        assert item.json() == '{"name":"a","price":1.0}'
    with pytest.warns(DeprecationWarning, match="`copy` is now `model_copy`"):
        assert item.copy(update={"name": "b"}) == Item(name="b")
    with pytest.warns(DeprecationWarning, match="`parse_obj` is now `model_validate`"):
        assert Item.parse_obj({"name": "a"}) == item
    with pytest.warns(DeprecationWarning, match="`parse_raw` is now `model_validate_json`"):
        assert Item.parse_raw(b'{"name":"a"}') == item
    with pytest.warns(DeprecationWarning, match="`from_orm` is now `model_validate`"):
        assert Item.from_orm(item) == item
    with pytest.warns(DeprecationWarning, match="`schema` is now `model_json_schema`"):
        assert Item.schema() == Item.model_json_schema()


def test_fields_may_have_their_names() -> None:
    odd = Odd(json=5)
    assert (odd.json, odd.copy, odd.model_dump()) == (5, "c", {"json": 5, "copy": "c"})


def test_a_dump_for_a_round_trip() -> None:
    item = Item(name="a")
    assert Item.model_validate(item.model_dump(round_trip=True, warnings=False)) == item
    assert json.loads(item.model_dump_json(round_trip=True)) == item.model_dump()
    with pytest.raises(TypeError, match="unknown"):
        item.model_dump(unknown=1)


def test_a_class_config_is_refused_with_what_to_write() -> None:
    written = r"model_config = ConfigDict\(extra='forbid', from_attributes=True\)"
    with pytest.raises(TypeError, match=written):

        class Old(Model):
            a: int

            class Config:
                extra = "forbid"
                orm_mode = True


class Cat(Model):
    lives: int = 9


class Dog(Model):
    name: str


def kind_of(value: Any) -> Any:
    if isinstance(value, dict):
        return value.get("kind")
    return type(value).__name__.lower()


Pet = Annotated[
    Union[Annotated[Cat, Tag("cat")], Annotated[Dog, Tag("dog")]], Discriminator(kind_of)
]


class Home(Model):
    pets: List[Pet]


def test_a_function_tells_the_members_of_a_union_apart() -> None:
    home = Home.model_validate({"pets": [{"kind": "cat"}, {"kind": "dog", "name": "x"}]})
    assert home.pets == [Cat(), Dog(name="x")]
    assert Home(pets=home.pets) == home
    assert home.model_dump() == {"pets": [{"lives": 9}, {"name": "x"}]}


def test_what_is_said_where_it_finds_no_member() -> None:
    with pytest.raises(ValidationError) as caught:
        Home(pets=[{}, {"kind": "cow"}, {"kind": "dog"}])
    assert [(e["type"], e["loc"], e["msg"]) for e in caught.value.errors()] == [
        (
            "union_tag_not_found",
            ("pets", 0),
            "Unable to extract tag using discriminator kind_of()",
        ),
        (
            "union_tag_invalid",
            ("pets", 1),
            "Input tag 'cow' found using kind_of() does not match any of the expected tags: "
            "'cat', 'dog'",
        ),
        ("missing", ("pets", 2, "dog", "name"), "Field required"),
    ]


def test_a_discriminator_may_be_a_field() -> None:
    class A(Model):
        kind: Annotated[str, Field()] = "a"

    with pytest.raises(TypeError, match="not a Literal"):

        class B(Model):
            a: Annotated[Union[A, Home], Discriminator("kind")]


def test_a_member_without_a_tag_is_refused() -> None:
    with pytest.raises(TypeError, match="Dog has no Tag"):

        class Untagged(Model):
            pet: Annotated[Union[Annotated[Cat, Tag("cat")], Dog], Discriminator(kind_of)]


app = App()


@app.post("/pets")
def pets(home: Home) -> Any:
    return [type(pet).__name__ for pet in home.pets]


def test_in_a_body() -> None:
    body = b'{"pets": [{"kind": "dog", "name": "x"}]}'
    answer = app._call("POST", "/pets", "", [("content-type", "application/json")], body)
    assert json.loads(answer.body) == ["Dog"]
