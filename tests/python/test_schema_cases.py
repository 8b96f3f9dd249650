"""Values and the types that take or refuse them: literal results and literal errors."""

import datetime as dt
import decimal
import enum
import pathlib
import uuid
from typing import Any, Dict, FrozenSet, List, Literal, Optional, Sequence, Set, Tuple, Union

import pytest

from fasterapi._schema import INVALID, Constraints, compile


class Colour(enum.Enum):
    RED = "red"
    BLUE = "blue"


class Level(enum.IntEnum):
    LOW = 1
    HIGH = 2


UTC = dt.timezone.utc
ID = uuid.UUID("12345678-1234-5678-1234-567812345678")

TAKEN = [
    (int, "7", 7),
    (int, " +007 ", 7),
    (int, 1.0, 1),
    (int, True, 1),
    (int, 2**70, 2**70),
    (int, str(2**70), 2**70),
    (int, b"5", 5),
    (int, decimal.Decimal("5"), 5),
    (float, "1.5", 1.5),
    (float, 1, 1.0),
    (bool, "yes", True),
    (bool, "OFF", False),
    (bool, 1.0, True),
    (str, b"abc", "abc"),
    (bytes, "abc", b"abc"),
    (None, None, None),
    (Any, [1, "x"], [1, "x"]),
    (Optional[int], None, None),
    (Optional[int], "5", 5),
    (Union[int, str], "5", "5"),
    (Union[int, str], 5, 5),
    (Union[int, float], "5", 5),
    (Union[float, int], 5, 5),
    (Literal["a", 1], 1, 1),
    (Colour, "red", Colour.RED),
    (Level, "2", Level.HIGH),
    (Level, 1.0, Level.LOW),
    (List[int], ["1", 2], [1, 2]),
    (List[int], (1, "2"), [1, 2]),
    (list, [1, "x"], [1, "x"]),
    (Tuple[int, str], [1, "a"], (1, "a")),
    (Tuple[int, ...], ["1"], (1,)),
    (Set[int], [1, "1", 2], {1, 2}),
    (FrozenSet[int], [1], frozenset([1])),
    (Sequence[int], ("1",), (1,)),
    (Dict[str, int], {"a": "1"}, {"a": 1}),
    (Dict[int, str], {"1": "a"}, {1: "a"}),
    (dt.date, "2020-02-29", dt.date(2020, 2, 29)),
    (dt.date, "2020-02-29T00:00:00", dt.date(2020, 2, 29)),
    (dt.datetime, "2020-02-29", dt.datetime(2020, 2, 29)),
    (dt.datetime, "2020-02-29T12:30:01.5Z", dt.datetime(2020, 2, 29, 12, 30, 1, 500000, UTC)),
    (dt.datetime, "1577836800", dt.datetime(2020, 1, 1, tzinfo=UTC)),
    (dt.datetime, 1577836800123, dt.datetime(2020, 1, 1, 0, 0, 0, 123000, UTC)),
    (dt.time, "12:30", dt.time(12, 30)),
    (dt.timedelta, "P1DT1H", dt.timedelta(days=1, hours=1)),
    (dt.timedelta, "1 day, 10:00", dt.timedelta(days=1, hours=10)),
    (dt.timedelta, "1d10:10", dt.timedelta(days=1, hours=10, minutes=10)),
    (dt.timedelta, "-PT1.5S", dt.timedelta(seconds=-1.5)),
    (dt.datetime, "2020-01-01 10:30\u221201:00", dt.datetime(2020, 1, 1, 11, 30, tzinfo=UTC)),
    (dt.datetime, ".5", dt.datetime(1970, 1, 1, 0, 0, 0, 500000, UTC)),
    (uuid.UUID, f"urn:uuid:{ID}", ID),
    (uuid.UUID, f"{{{ID}}}", ID),
    (dt.timedelta, 5.5, dt.timedelta(seconds=5.5)),
    (uuid.UUID, str(ID), ID),
    (uuid.UUID, ID.hex, ID),
    (decimal.Decimal, "1.10", decimal.Decimal("1.10")),
    (decimal.Decimal, 1.1, decimal.Decimal("1.1")),
    (pathlib.Path, "a/b", pathlib.Path("a/b")),
]


@pytest.mark.parametrize(("annotation", "value", "expected"), TAKEN, ids=str)
def test_a_value_is_taken(annotation: Any, value: Any, expected: Any) -> None:
    errors: List[Dict[str, Any]] = []
    made = compile(annotation).validate(value, ("query", "q"), errors)
    assert errors == []
    assert made == expected
    assert type(made) is type(expected)


REFUSED = [
    (
        int,
        "x",
        "int_parsing",
        "Input should be a valid integer, unable to parse string as an integer",
    ),
    (int, 1.5, "int_from_float", "Input should be a valid integer, got a number with a fractional"),
    (int, None, "int_type", "Input should be a valid integer"),
    (int, "1" * 4301, "int_parsing_size", "Unable to parse input string as an integer, exceeded"),
    (float, "x", "float_parsing", "Input should be a valid number, unable to parse string as a"),
    (float, [], "float_type", "Input should be a valid number"),
    (bool, "maybe", "bool_parsing", "Input should be a valid boolean, unable to interpret input"),
    (bool, None, "bool_type", "Input should be a valid boolean"),
    (str, 5, "string_type", "Input should be a valid string"),
    (bytes, 5, "bytes_type", "Input should be a valid bytes"),
    (None, 5, "none_required", "Input should be None"),
    (Literal["a", 1], "b", "literal_error", "Input should be 'a' or 1"),
    (Colour, "green", "enum", "Input should be 'red' or 'blue'"),
    (list, "abc", "list_type", "Input should be a valid list"),
    (set, {}, "set_type", "Input should be a valid set"),
    (tuple, 5, "tuple_type", "Input should be a valid tuple"),
    (dict, [], "dict_type", "Input should be a valid dictionary"),
    (Sequence[int], "a", "sequence_str", "'str' instances are not allowed as a Sequence value"),
    (
        dt.date,
        "2020-13-01",
        "date_from_datetime_parsing",
        "Input should be a valid date or datetime, month value is outside expected range of 1-12",
    ),
    (
        dt.datetime,
        "x",
        "datetime_from_date_parsing",
        "Input should be a valid datetime or date, input is too short",
    ),
    (
        dt.time,
        "24:00",
        "time_parsing",
        "Input should be in a valid time format, hour value is outside expected range of 0-23",
    ),
    (
        dt.timedelta,
        "x",
        "time_delta_parsing",
        "Input should be a valid timedelta, invalid digit in duration",
    ),
    (
        uuid.UUID,
        "x",
        "uuid_parsing",
        "Input should be a valid UUID, invalid character: found `x` at 0",
    ),
    (
        uuid.UUID,
        str(ID)[:-1],
        "uuid_parsing",
        "Input should be a valid UUID, invalid group length in group 4: expected 12, found 11",
    ),
    (uuid.UUID, "\u0661", "uuid_parsing", "Input should be a valid UUID, invalid length: found 2"),
    (
        dt.timedelta,
        "1 da, 10:00",
        "time_delta_parsing",
        'Input should be a valid timedelta, "day" identifier in duration not correctly formatted',
    ),
    (
        dt.time,
        "10:30-",
        "time_parsing",
        "Input should be in a valid time format, invalid timezone hour",
    ),
    (uuid.UUID, 5, "uuid_type", "UUID input should be a string, bytes or UUID object"),
    (decimal.Decimal, "x", "decimal_parsing", "Input should be a valid decimal"),
    (decimal.Decimal, "nan", "finite_number", "Input should be a finite number"),
]


@pytest.mark.parametrize(("annotation", "value", "type_", "message"), REFUSED, ids=str)
def test_a_value_is_refused(annotation: Any, value: Any, type_: str, message: str) -> None:
    errors: List[Dict[str, Any]] = []
    assert compile(annotation).validate(value, ("body",), errors) is INVALID
    assert [error["type"] for error in errors] == [type_]
    assert errors[0]["msg"].startswith(message)
    assert errors[0]["loc"] == ["body"]
    assert errors[0]["input"] == value


def entry(type_: str, loc: List[Any], msg: str, input_: Any, **ctx: Any) -> Dict[str, Any]:
    made = {"type": type_, "loc": loc, "msg": msg, "input": input_}
    return {**made, "ctx": ctx} if ctx else made


INT = "Input should be a valid integer, unable to parse string as an integer"

CONSTRAINED = [
    (int, {"gt": 1.0}, 1, [entry("greater_than", [], "Input should be greater than 1", 1, gt=1)]),
    (
        int,
        {"multiple_of": 3},
        4,
        [entry("multiple_of", [], "Input should be a multiple of 3", 4, multiple_of=3)],
    ),
    (
        float,
        {"le": 1.5},
        "2",
        [entry("less_than_equal", [], "Input should be less than or equal to 1.5", "2", le=1.5)],
    ),
    (
        str,
        {"min_length": 1},
        "",
        [
            entry(
                "string_too_short", [], "String should have at least 1 character", "", min_length=1
            )
        ],
    ),
    (
        str,
        {"pattern": "^a"},
        "b",
        [
            entry(
                "string_pattern_mismatch", [], "String should match pattern '^a'", "b", pattern="^a"
            )
        ],
    ),
    (
        List[int],
        {"max_length": 1},
        [1, 2],
        [
            entry(
                "too_long",
                [],
                "List should have at most 1 item after validation, not 2",
                [1, 2],
                field_type="List",
                max_length=1,
                actual_length=2,
            )
        ],
    ),
    (Optional[int], {"ge": 3}, None, []),
    (int, {"strict": True}, "1", [entry("int_type", [], "Input should be a valid integer", "1")]),
    (
        List[int],
        {},
        ["a", 1, "b"],
        [entry("int_parsing", [i], INT, v) for i, v in ((0, "a"), (2, "b"))],
    ),
    (
        Dict[int, int],
        {},
        {"a": "b"},
        [entry("int_parsing", ["a", "[key]"], INT, "a"), entry("int_parsing", ["a"], INT, "b")],
    ),
    (
        Union[int, List[int]],
        {},
        "x",
        [
            entry("int_parsing", ["int"], INT, "x"),
            entry("list_type", ["list[int]"], "Input should be a valid list", "x"),
        ],
    ),
    (
        Tuple[int, str],
        {},
        [1],
        [entry("missing", [1], "Field required", [1])],
    ),
]


@pytest.mark.parametrize(("annotation", "constraints", "value", "expected"), CONSTRAINED, ids=str)
def test_errors_are_pydantics(
    annotation: Any, constraints: Dict[str, Any], value: Any, expected: List[Dict[str, Any]]
) -> None:
    errors: List[Dict[str, Any]] = []
    made = compile(annotation, Constraints(**constraints)).validate(value, (), errors)
    assert errors == expected
    assert (made is INVALID) == bool(expected)


def test_an_annotation_that_is_not_supported_is_named() -> None:
    with pytest.raises(TypeError, match="bytearray is no type that can be validated"):
        compile(bytearray)
    with pytest.raises(TypeError, match="'Nowhere' cannot be evaluated"):
        compile(List["Nowhere"])  # type: ignore[name-defined] # noqa: F821
    with pytest.raises(TypeError, match="pattern cannot constrain int"):
        compile(int, Constraints(pattern="a"))
