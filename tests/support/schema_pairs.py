"""Types made at random, as fasterapi and as pydantic have them, and values to try on both."""

import dataclasses
import datetime as dt
import decimal
import enum
import pathlib
import random
import uuid
from typing import (
    Any,
    Callable,
    Dict,
    FrozenSet,
    List,
    Literal,
    Mapping,
    NamedTuple,
    Optional,
    Sequence,
    Set,
    Tuple,
    Union,
)

import pydantic
from typing_extensions import Annotated

from fasterapi import models
from support.schema_types import Level, Movie, Pair, Word


class Colour(enum.Enum):
    RED = "red"
    TWO = 2


@dataclasses.dataclass
class Point:
    x: int
    y: float = 0.5


def _class(base: type, title: str, annotations: Dict[str, Any], body: Dict[str, Any]) -> Any:
    return type(base)(
        title, (base,), {"__annotations__": annotations, "__module__": __name__, **body}
    )


class Made(NamedTuple):
    """The same type twice."""

    ours: Any
    theirs: Any


SCALARS = [
    int,
    float,
    str,
    bool,
    bytes,
    None,
    Any,
    dt.datetime,
    dt.date,
    dt.time,
    dt.timedelta,
    uuid.UUID,
    decimal.Decimal,
    pathlib.Path,
    Colour,
    Level,
    Word,
    Literal["a", 1],
    Literal["b"],
    Literal[True, "1"],
    Point,
    Movie,
    Pair,
    list,
    dict,
    set,
    tuple,
]

CONSTRAINTS: List[Tuple[Any, List[Dict[str, Any]]]] = [
    (int, [{"gt": 1}, {"ge": 2, "lt": 10}, {"multiple_of": 3}, {"strict": True}, {"le": 5}]),
    (float, [{"gt": 1.5}, {"le": 2}, {"multiple_of": 0.5}, {"allow_inf_nan": False}]),
    (str, [{"min_length": 1}, {"max_length": 2}, {"pattern": "^[ab]+$"}, {"strict": True}]),
    (bytes, [{"min_length": 2}, {"max_length": 1}]),
    (bool, [{"strict": True}]),
    (dt.date, [{"gt": dt.date(2020, 1, 1)}, {"strict": True}]),
    (dt.timedelta, [{"le": dt.timedelta(hours=1)}]),
    (decimal.Decimal, [{"max_digits": 3, "decimal_places": 1}, {"gt": 1}, {"decimal_places": 2}]),
]


class Types:
    """Random types. The same seed gives the same."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.count = 0

    def make(self, depth: int = 3) -> Made:
        chance = self.random.random()
        if depth == 0 or chance < 0.3:
            scalar = self.random.choice(SCALARS)
            return Made(scalar, scalar)
        if chance < 0.4:
            return self._constrained()
        return self.random.choice(self._makers())(depth - 1)

    def _makers(self) -> List[Callable[[int], Made]]:
        return [
            self._collection,
            self._optional,
            self._union,
            self._tuple,
            self._dict,
            self._model,
            self._model,
        ]

    def _constrained(self) -> Made:
        kind, choices = self.random.choice(CONSTRAINTS)
        said = self.random.choice(choices)
        return Made(Annotated[kind, models.Field(**said)], Annotated[kind, pydantic.Field(**said)])

    def _collection(self, depth: int) -> Made:
        kind = self.random.choice([List, List, Set, FrozenSet, Sequence])
        item = self.make(0 if kind in (Set, FrozenSet) else depth)
        if self.random.random() < 0.3 and kind is not Sequence:
            said = self.random.choice([{"min_length": 1}, {"max_length": 2}])
            return Made(
                Annotated[kind[item.ours], models.Field(**said)],
                Annotated[kind[item.theirs], pydantic.Field(**said)],
            )
        return Made(kind[item.ours], kind[item.theirs])

    def _optional(self, depth: int) -> Made:
        inner = self.make(depth)
        return Made(Optional[inner.ours], Optional[inner.theirs])

    def _union(self, depth: int) -> Made:
        members = [self.make(depth) for _ in range(self.random.choice([2, 2, 3]))]
        return Made(
            Union[tuple(member.ours for member in members)],
            Union[tuple(member.theirs for member in members)],
        )

    def _tuple(self, depth: int) -> Made:
        members = [self.make(depth) for _ in range(self.random.choice([1, 2]))]
        if self.random.random() < 0.4:
            return Made(Tuple[members[0].ours, ...], Tuple[members[0].theirs, ...])
        return Made(
            Tuple[tuple(member.ours for member in members)],
            Tuple[tuple(member.theirs for member in members)],
        )

    def _dict(self, depth: int) -> Made:
        key = self.random.choice([str, int, Word])
        item = self.make(depth)
        kind = self.random.choice([Dict, Mapping])
        return Made(kind[key, item.ours], kind[key, item.theirs])

    def _model(self, depth: int) -> Made:
        self.count += 1
        name = f"Model{self.count}"
        ours: Dict[str, Any] = {}
        theirs: Dict[str, Any] = {}
        our_body: Dict[str, Any] = {}
        their_body: Dict[str, Any] = {}
        for field in self.random.sample(["a", "b", "c", "name"], self.random.choice([1, 2, 3])):
            made = self.make(depth)
            ours[field], theirs[field] = made
            chance = self.random.random()
            if chance < 0.3:
                our_body[field] = their_body[field] = self.random.choice([None, 1, "x"])
            elif chance < 0.5:
                our_body[field] = models.Field(alias=f"{field}Alias")
                their_body[field] = pydantic.Field(alias=f"{field}Alias")
        config: Dict[str, Any] = {}
        if depth == 0 and self.random.random() < 0.6:
            config["extra"] = self.random.choice(["forbid", "allow", "ignore"])
        if self.random.random() < 0.3:
            config["populate_by_name"] = True
        if depth == 0:
            config["strict"] = self.random.random() < 0.2
        if any(made in (Point, Movie, Pair) for made in ours.values()):
            config = {}  # a model's config does not reach into these, see docs/validation.md
        our_body["model_config"], their_body["model_config"] = dict(config), dict(config)
        return Made(
            _class(models.Model, name, ours, our_body),
            _class(pydantic.BaseModel, name, theirs, their_body),
        )


LEAVES: List[Any] = [
    None,
    True,
    False,
    0,
    1,
    2,
    -3,
    7,
    2**63,
    2**70,
    1.0,
    1.5,
    0.5,
    2.0,
    1e20,
    float("inf"),
    "",
    "a",
    "b",
    "abc",
    "1",
    "2",
    " 3 ",
    "1.0",
    "1.5",
    "-7",
    "true",
    "no",
    "red",
    "nan",
    "1e3",
    "2020-02-29",
    "2020-02-30",
    "2020-02-29T10:30:00",
    "2020-02-29T10:30:00.25+02:00",
    "2020-02-29 00:00",
    "10:30",
    "10:30:15.5Z",
    "PT1H",
    "P1DT2S",
    "1 day, 10:00",
    "12345678-1234-5678-1234-567812345678",
    "12345678123456781234567812345678",
    "1.25",
    "12.5",
    "1000",
    1577836800,
    1577836801,
    1577836800000.5,
    b"a",
    b"\xff",
    b"12",
    dt.date(2021, 1, 2),
    dt.datetime(2021, 1, 2),
    dt.datetime(2021, 1, 2, 3, 4, 5, tzinfo=dt.timezone.utc),
    dt.time(1, 2),
    dt.timedelta(minutes=5),
    uuid.UUID(int=5),
    decimal.Decimal("1.5"),
    decimal.Decimal("NaN"),
    pathlib.Path("a/b"),
    Colour.TWO,
    Level.LOW,
    Word.A,
    Point(1, 2.0),
]

KEYS = ["a", "b", "c", "name", "aAlias", "bAlias", "cAlias", "x", "y", "first", "year", "1", 1, "q"]


class Values:
    """Random values: mostly what JSON can hold."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def make(self, depth: int = 3) -> Any:
        chance = self.random.random()
        if depth == 0 or chance < 0.4:
            return self.random.choice(LEAVES)
        if chance < 0.7:
            keys = self.random.sample(KEYS, self.random.randint(0, 5))
            return {key: self.make(depth - 1) for key in keys}
        items = [self.make(depth - 1) for _ in range(self.random.randint(0, 3))]
        if chance < 0.75:
            return tuple(items)
        if chance < 0.78:
            return set(self.random.sample([1, "a", 2.5, "1"], 2))
        return items
