"""Types made at random, each with a way to make JSON texts that fit it, or nearly."""

import dataclasses
import datetime as dt
import decimal
import enum
import json
import random
import uuid
from typing import (
    Annotated,
    Any,
    Callable,
    Deque,
    Dict,
    FrozenSet,
    List,
    Literal,
    NamedTuple,
    Optional,
    Sequence,
    Set,
    Tuple,
    Union,
)

from fasterapi import models
from fasterapi.models import Field
from support.schema_types import Level, Movie, Pair, Word

Text = Callable[[random.Random], str]


class Sampled(NamedTuple):
    annotation: Any
    text: Text


class Colour(enum.Enum):
    RED = "red"
    TWO = 2
    LIST = (1, 2)

    @classmethod
    def _missing_(cls, value: Any) -> Any:
        return cls.RED if value == "crimson" else None


@dataclasses.dataclass
class Point:
    x: int
    y: float = 0.5
    tags: List[str] = dataclasses.field(default_factory=list)

    def __post_init__(self) -> None:
        if self.x == 13:
            raise ValueError("unlucky")


class Tree(models.Model):
    value: int
    children: List["Tree"] = []
    parent: Optional["Tree"] = None


class Cat(models.Model):
    kind: Literal["cat", "lion"]
    lives: int = 9


class Dog(models.Model):
    kind: Literal["dog"] = Field("dog", alias="kind")
    name: str = Field(alias="called")
    made: List[int] = Field(default_factory=lambda: [1])


class Counted(models.Model):
    count: int
    _seen: int = 3

    def model_post_init(self, context: Any, /) -> None:
        self._seen += self.count

    @models.field_validator("count")
    def _check(cls, value: int, info: Any) -> int:
        if value == 7:
            raise ValueError("not seven")
        if value == 8:
            raise KeyError("eight")
        return value + len(info.data)


class Checked(models.Model):
    low: Annotated[int, models.AfterValidator(abs)]
    high: int = 5

    @models.model_validator(mode="after")
    def _order(self) -> "Checked":
        assert self.low <= self.high
        return self


class Prepared(models.Model):
    name: str = "n"

    @models.model_validator(mode="before")
    def _wrap(cls, value: Any) -> Any:
        return {"name": value} if isinstance(value, str) else value

    @models.field_validator("name", mode="before")
    def _plain(cls, value: Any) -> Any:
        return str(value) if isinstance(value, int) else value


WORDS = ["", "a", "b", "abc", "red", "crimson", "1", " 3 ", "1.0", "1.5", "-7", "true", "no", "nan"]
WORDS += ["inf", "1e3", "1_0", "\u00e9\U0001f600", "K", "x" * 70, "1" * 30, "1" * 4301, "\x00"]
ODD = ["\\ud800", "\\udc00x", "\\ud83d\\ude00", "\\u0000", "\\u212a", "\\n\\\"\\\\\\/"]
NUMBERS = ["0", "-0", "1", "2", "7", "8", "13", "-3", "1.0", "-0.0", "1.5", "0.5", "1e2", "1E400"]
NUMBERS += ["9223372036854775807", "9223372036854775808", "-9223372036854775808", "1e-400"]
NUMBERS += ["18446744073709551615", "18446744073709551616", "-9223372036854775809", "1e19", "1e300"]
NUMBERS += ["9007199254740993", "1" * 400, "1577836800", "0.30000000000000004", "123456789.125"]
MOMENTS = ["2020-02-29", "2020-02-30", "2020-02-29T10:30:00", "2020-02-29T10:30:00.25+02:00"]
MOMENTS += ["2020-02-29 00:00", "10:30", "10:30:15.5Z", "PT1H", "P1DT2S", "1 day, 10:00"]
MOMENTS += ["0000-01-01", "2021-02-29", "2020-02-29 10:30:00.123456", "2020-02-29T10:30:60Z"]
MOMENTS += ["2020-02-29T10:30:00.1234567Z", "2020-02-29T10:30:00.Z", "2020-02-29t10:30:00z"]
MOMENTS += ["2020-02-29T1:30:00", "2020-02-29T10:30:00.5-00:00", "+020-02-29", "1577836800"]
MOMENTS += ["2020-02-29T10:30:00Z", "2020-02-29T24:00:00Z", "9999-12-31T23:59:59.9999999Z"]
OTHERS = ["12345678-1234-5678-1234-567812345678", "{12345678-1234-5678-1234-567812345678}"]
OTHERS += ["12345678123456781234567812345678", "12345678-1234-5678-1234-56781234567g", "12.5"]


OTHERS += ["12345678-1234-5678-1234-56781234ABCD", "-0.0", ".5", "5.", "1_0", "NaN", "-", "."]


def of(*values: Any) -> Text:
    """One of these, as JSON."""
    return lambda choose: json.dumps(choose.choice(values), ensure_ascii=choose.random() < 0.5)


def number(choose: random.Random) -> str:
    return choose.choice(NUMBERS)


def word(choose: random.Random) -> str:
    if choose.random() < 0.1:
        return f'"{choose.choice(WORDS[:4])}{choose.choice(ODD)}"'
    return of(*WORDS)(choose)


SCALARS: List[Sampled] = [
    Sampled(int, number),
    Sampled(float, number),
    Sampled(str, word),
    Sampled(bool, of(True, False, "yes", "off", 1, 0.0)),
    Sampled(bytes, word),
    Sampled(None, of(None)),
    Sampled(Any, word),
    *(Sampled(type_, of(*MOMENTS)) for type_ in (dt.datetime, dt.date, dt.time, dt.timedelta)),
    Sampled(uuid.UUID, of(*OTHERS)),
    Sampled(decimal.Decimal, of(*OTHERS, 1.5, 7, "-1.50")),
    Sampled(Colour, of("red", 2, "crimson", 2.0, [1, 2], "blue")),
    Sampled(Level, of(1, 2, "1", 1.0, True, 3)),
    Sampled(Word, of("a", "b", "c")),
    Sampled(Literal["a", 1], of("a", 1, True, 1.0)),
    Sampled(Literal[True, "1", None], of(True, "1", 1, None)),
    Sampled(Point, lambda c: object_of(c, {"x": number, "y": number, "tags": list_of(word)})),
    Sampled(Movie, lambda c: object_of(c, {"name": word, "year": number})),
    Sampled(Pair, lambda c: c.choice([f"[{number(c)}]", object_of(c, {"first": number})])),
    Sampled(Tree, lambda c: tree(c, 3)),
    Sampled(Counted, lambda c: object_of(c, {"count": number})),
    Sampled(Checked, lambda c: object_of(c, {"low": number, "high": number})),
    Sampled(Prepared, lambda c: c.choice([word(c), object_of(c, {"name": number})])),
    Sampled(list, lambda c: f"[{word(c)}]"),
    Sampled(dict, lambda c: object_of(c, {"a": word, "b": number})),
    Sampled(Sequence[Any], lambda c: f"[{word(c)}]"),
]

CONSTRAINED: List[Tuple[Any, Text, List[Dict[str, Any]]]] = [
    (int, number, [{"gt": 1}, {"ge": 2, "lt": 10}, {"multiple_of": 3}, {"strict": True}]),
    (int, number, [{"le": 2**63}, {"gt": -(2**70)}, {"lt": 1.5}, {"multiple_of": 0.5}]),
    (float, number, [{"gt": 1.5}, {"le": 2}, {"multiple_of": 0.1}, {"allow_inf_nan": False}]),
    (float, number, [{"strict": True}, {"ge": 0, "lt": 1e300}]),
    (str, word, [{"min_length": 1}, {"max_length": 2}, {"pattern": "^[ab]+$"}, {"strict": True}]),
    (str, word, [{"strip_whitespace": True, "max_length": 3}, {"to_upper": True}]),
    (str, number, [{"coerce_numbers_to_str": True}]),
    (bytes, word, [{"min_length": 2}, {"max_length": 1}]),
    (bool, of(True, 1, "yes"), [{"strict": True}]),
    (dt.date, of(*MOMENTS), [{"gt": dt.date(2020, 1, 1)}, {"strict": True}]),
    (decimal.Decimal, of("1.25", 12.5, "1e3"), [{"max_digits": 3, "decimal_places": 1}, {"gt": 1}]),
]


def object_of(choose: random.Random, members: Dict[str, Text]) -> str:
    """Most of these members; sometimes one twice, or one more."""
    names = [name for name in members if choose.random() < 0.85]
    if choose.random() < 0.3:
        choose.shuffle(names)
    if names and choose.random() < 0.1:
        names.append(choose.choice(names))
    parts = [f"{json.dumps(name)}:{members[name](choose)}" for name in names]
    if choose.random() < 0.15:
        parts.insert(0, f"{choose.choice(['', 'q', 'x'])!r}:{number(choose)}".replace("'", '"'))
    return "{" + ",".join(parts) + "}"


def list_of(item: Text) -> Text:
    return lambda choose: "[" + ",".join(item(choose) for _ in range(choose.randint(0, 3))) + "]"


def tree(choose: random.Random, depth: int) -> str:
    below: Text = (lambda c: tree(c, depth - 1)) if depth else of(None)
    return object_of(choose, {"value": number, "children": list_of(below), "parent": below})


class Types:
    """Random types. The same seed gives the same."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.count = 0

    def make(self, depth: int = 3) -> Sampled:
        chance = self.random.random()
        if depth == 0 or chance < 0.3:
            return self.random.choice(SCALARS)
        if chance < 0.45:
            kind, text, choices = self.random.choice(CONSTRAINED)
            return Sampled(Annotated[kind, Field(**self.random.choice(choices))], text)
        makers = (self._items, self._optional, self._union, self._tagged, self._tuple, self._dict)
        return self.random.choice((*makers, self._model, self._model))(depth - 1)

    def _items(self, depth: int) -> Sampled:
        kind = self.random.choice([List, List, Set, FrozenSet, Sequence, Deque])
        item = self.make(0 if kind in (Set, FrozenSet) else depth)
        annotation = kind[item.annotation]
        if self.random.random() < 0.3 and kind is not Sequence:
            said = self.random.choice([{"min_length": 1}, {"max_length": 2}, {"strict": True}])
            annotation = Annotated[annotation, Field(**said)]
        return Sampled(annotation, list_of(item.text))

    def _optional(self, depth: int) -> Sampled:
        inner = self.make(depth)
        null = of(None)
        return Sampled(
            Optional[inner.annotation],
            lambda c: null(c) if c.random() < 0.2 else inner.text(c),
        )

    def _union(self, depth: int) -> Sampled:
        members = [self.make(depth) for _ in range(self.random.choice([2, 2, 3]))]
        annotation: Any = Union[tuple(member.annotation for member in members)]
        if self.random.random() < 0.2:
            annotation = Annotated[annotation, Field(union_mode="left_to_right")]
        return Sampled(annotation, lambda c: c.choice(members).text(c))

    def _tagged(self, depth: int) -> Sampled:
        kinds = of("cat", "lion", "dog", "cow", 1)
        return Sampled(
            Annotated[Union[Cat, Dog], Field(discriminator="kind")],
            lambda c: object_of(c, {"kind": kinds, "lives": number, "called": word}),
        )

    def _tuple(self, depth: int) -> Sampled:
        members = [self.make(depth) for _ in range(self.random.choice([1, 2]))]
        if self.random.random() < 0.4:
            return Sampled(Tuple[members[0].annotation, ...], list_of(members[0].text))
        return Sampled(
            Tuple[tuple(member.annotation for member in members)],
            lambda c: "[" + ",".join(member.text(c) for member in members) + "]",
        )

    def _dict(self, depth: int) -> Sampled:
        key = self.random.choice([str, str, int, Word])
        item = self.make(depth)
        names: Dict[str, Text] = {name: item.text for name in ("a", "b", "1", "01")}
        return Sampled(Dict[key, item.annotation], lambda c: object_of(c, names))  # type: ignore[valid-type]

    def _model(self, depth: int) -> Sampled:
        self.count += 1
        annotations: Dict[str, Any] = {}
        body: Dict[str, Any] = {"model_config": self._config()}
        texts: Dict[str, Text] = {}
        for name in self.random.sample(["a", "b", "c", "name"], self.random.choice([1, 2, 3])):
            annotations[name], text = self.make(depth)
            texts[name] = text
            chance = self.random.random()
            if chance < 0.3:
                body[name] = self.random.choice([None, 1, "x", [], {}, [1]])
            elif chance < 0.5:
                body[name] = Field(alias=f"{name}Alias")
                texts[f"{name}Alias"] = text
            elif chance < 0.55:
                body[name] = Field(default_factory=list, validate_default=True)
            elif chance < 0.6:
                body[name] = Field(default=None, exclude=True)
        base = self.random.choice([models.Model, models.Model, models.Model, Cat])
        title = f"Model{self.count}"
        made = type(base)(
            title, (base,), {"__annotations__": annotations, "__module__": __name__, **body}
        )
        if base is Cat:
            texts = {"kind": of("cat", "dog"), **texts}
        return Sampled(made, lambda c: object_of(c, texts))

    def _config(self) -> Dict[str, Any]:
        config: Dict[str, Any] = {}
        if self.random.random() < 0.4:
            config["extra"] = self.random.choice(["forbid", "allow", "ignore"])
        if self.random.random() < 0.3:
            config["populate_by_name"] = True
        if self.random.random() < 0.15:
            config["strict"] = True
        if self.random.random() < 0.1:
            config["use_enum_values"] = True
        return config


def text_of(made: Sampled, choose: random.Random) -> bytes:
    """A text for a type; some are of another, some are broken."""
    text = made.text(choose)
    chance = choose.random()
    if chance < 0.1:
        text = choose.choice(SCALARS).text(choose)
    if chance < 0.12:
        text = "[" * 300 + text + "]" * 300
    if 0.12 < chance < 0.13:
        text = choose.choice(["NaN", "[Infinity]", "", "{", "[1,]"])
    encoded = text.encode("utf-8", "surrogatepass")
    if 0.13 < chance < 0.16 and encoded:
        at = choose.randrange(len(encoded))
        encoded = encoded[:at] + choose.choice([b"", b"x", b"\xff", b"\xed\xa0\x80"]) + encoded[at:]
    return encoded


