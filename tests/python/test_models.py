"""fasterapi.Model: fields, config, validators, dumping."""

import copy
import datetime as dt
import pickle
from typing import Any, ClassVar, Dict, Generic, List, Literal, Optional, TypeVar, Union

import pytest

from fasterapi.models import (
    AfterValidator,
    Field,
    Model,
    PrivateAttr,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)

try:
    from typing import Annotated
except ImportError:  # Python 3.8 has none, and is not supported
    raise


class Tag(Model):
    name: str


class Item(Model):
    """A thing to sell."""

    name: str = Field(min_length=1, description="what it is called")
    price: float = Field(gt=0)
    tags: List[Tag] = []
    made: Optional[dt.date] = None
    count: int = Field(default_factory=lambda: 3)
    kind: ClassVar[str] = "thing"


class Node(Model):
    value: int
    children: List["Node"] = []


def problems(cls: Any, data: Any) -> List[Any]:
    with pytest.raises(ValidationError) as caught:
        cls.model_validate(data)
    return [(error["type"], error["loc"]) for error in caught.value.errors()]


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


class Aliased(Model):
    model_config = {"populate_by_name": True, "extra": "forbid"}
    item_id: int = Field(alias="itemId")
    other: int = Field(1, serialization_alias="OTHER")


def test_aliases_are_read_and_written() -> None:
    assert Aliased(itemId=1) == Aliased(item_id="1")
    assert Aliased(itemId=1).model_dump(by_alias=True) == {"itemId": 1, "OTHER": 1}
    assert Aliased(itemId=1).model_dump() == {"item_id": 1, "other": 1}
    assert problems(Aliased, {}) == [("missing", ("itemId",))]
    assert problems(Aliased, {"itemId": 1, "x": 2, 3: 4}) == [
        ("extra_forbidden", ("x",)),
        ("invalid_key", (3,)),
    ]


class Open(Model):
    model_config = {"extra": "allow"}
    x: int = 1


def test_extra_is_ignored_or_allowed() -> None:
    assert Tag(name="a", more=1).model_extra is None
    kept = Open(y=[1])
    assert kept.y == [1]
    assert kept.model_extra == {"y": [1]}
    assert kept.model_dump() == {"x": 1, "y": [1]}
    assert kept != Open(y=[2])
    with pytest.raises(AttributeError, match="no attribute 'z'"):
        _ = kept.z


class Careful(Model, validate_default=True):
    x: int = "a"  # type: ignore[assignment]
    y: int = Field("b", validate_default=False)


def test_defaults_are_validated_where_asked() -> None:
    assert problems(Careful, {}) == [("int_parsing", ("x",))]
    assert Careful(x=1).y == "b"


class Frozen(Model, frozen=True):
    x: int


class Checked(Model):
    model_config = {"validate_assignment": True}
    x: int = 1
    y: int = Field(2, frozen=True)


def test_assignment_follows_the_config() -> None:
    frozen = Frozen(x=1)
    assert hash(frozen) == hash(Frozen(x=1))
    with pytest.raises(ValidationError, match="Instance is frozen"):
        frozen.x = 2
    checked = Checked()
    checked.x = "5"
    assert checked.x == 5
    with pytest.raises(ValidationError, match="valid integer"):
        checked.x = "a"
    with pytest.raises(ValidationError, match="Field is frozen"):
        checked.y = 3
    with pytest.raises(ValueError, match='object has no field "z"'):
        checked.z = 1
    with pytest.raises(TypeError, match="unhashable type: 'Checked'"):
        hash(checked)


class Strict(Model):
    model_config = {"strict": True}
    x: int
    when: Optional[dt.date] = None


def test_strict_mode_converts_nothing_but_what_json_cannot_say() -> None:
    assert problems(Strict, {"x": "1"}) == [("int_type", ("x",))]
    assert problems(Strict, {"x": 1, "when": "2020-01-01"}) == [("date_type", ("when",))]
    from_json = Strict.model_validate_json('{"x": 1, "when": "2020-01-01"}')
    assert from_json.when == dt.date(2020, 1, 1)
    with pytest.raises(ValidationError):
        Tag.model_validate({"name": b"a"}, strict=True)


class Account(Model):
    name: str
    password: str
    again: str = ""

    @field_validator("name", "password", mode="before")
    @classmethod
    def not_secret(cls, value: Any) -> Any:
        if value == "secret":
            raise ValueError("guessed")
        return value

    @field_validator("name")
    @classmethod
    def lowered(cls, value: str) -> str:
        assert value.isalpha(), "letters only"
        return value.lower()

    @field_validator("again")
    @classmethod
    def same(cls, value: str, info: ValidationInfo) -> str:
        if value != info.data.get("password"):
            raise ValueError(f"{info.field_name} differs")
        return value

    @model_validator(mode="before")
    @classmethod
    def split(cls, data: Any) -> Any:
        if isinstance(data, str):
            name, password = data.split(":")
            return {"name": name, "password": password}
        return data

    @model_validator(mode="after")
    def sound(self) -> "Account":
        if self.name == self.password:
            raise ValueError("name is password")
        return self


def test_validators_run_in_their_place() -> None:
    assert Account.model_validate("Ann:x").name == "ann"
    assert problems(Account, {"name": "secret", "password": "p"}) == [("value_error", ("name",))]
    assert problems(Account, {"name": "a1", "password": "p"}) == [("assertion_error", ("name",))]
    assert problems(Account, {"name": "a", "password": "p", "again": "q"}) == [
        ("value_error", ("again",))
    ]
    with pytest.raises(ValidationError) as caught:
        Account(name="a", password="a")
    (error,) = caught.value.errors()
    assert error["msg"] == "Value error, name is password"
    assert error["loc"] == ()
    assert isinstance(error["ctx"]["error"], ValueError)


class Child(Account):
    age: int = Field(ge=0)

    @field_validator("age", mode="wrap")
    @classmethod
    def forgiving(cls, value: Any, handler: Any) -> int:
        try:
            return int(handler(value))
        except ValidationError:
            return 0


def test_fields_validators_and_config_are_inherited() -> None:
    child = Child(name="Ben", password="x", age=-1)
    assert (child.name, child.age) == ("ben", 0)
    assert list(Child.model_fields) == ["name", "password", "again", "age"]


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


def test_objects_are_read_by_their_attributes_where_asked() -> None:
    class Row:
        name = "x"

    assert Tag.model_validate(Row(), from_attributes=True) == Tag(name="x")
    assert problems(Tag, Row()) == [("model_type", ())]


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


def test_names_defined_later_are_found_when_used() -> None:
    class First(Model):
        second: "Optional[Second]" = None

    with pytest.raises(TypeError, match="'Optional\\[Second\\]' cannot be evaluated"):
        First()

    class Second(Model):
        x: int

    First.model_rebuild(_types_namespace={"Second": Second})
    assert First(second={"x": "1"}).second == Second(x=1)


def test_construct_does_not_validate() -> None:
    made = Item.model_construct(name=5)
    assert made.name == 5
    assert made.count == 3
    assert made.model_fields_set == {"name"}


Positive = Annotated[int, AfterValidator(abs), Field(gt=0)]


class Amount(Model):
    amount: Positive
    amounts: List[Positive] = []


def test_functions_and_constraints_in_annotated_run_in_turn() -> None:
    assert Amount(amount=-3, amounts=["-4"]) == Amount(amount=3, amounts=[4])
    assert problems(Amount, {"amount": 0}) == [("greater_than", ("amount",))]


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
