"""fasterapi.Model: what model_config and aliases change."""

import datetime as dt
from typing import Optional

import pytest

from fasterapi.models import Field, Model, ValidationError
from support.models import Open, Tag, problems


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


def test_objects_are_read_by_their_attributes_where_asked() -> None:
    class Row:
        name = "x"

    assert Tag.model_validate(Row(), from_attributes=True) == Tag(name="x")
    assert problems(Tag, Row()) == [("model_type", ())]
