"""Handlers whose body has a schema. Served by the functional tests, called in Python by the
others."""

import dataclasses
import datetime as dt
import decimal
import enum
import uuid
from typing import (
    Annotated,
    Any,
    Dict,
    List,
    Literal,
    NamedTuple,
    Optional,
    Set,
    Tuple,
    TypedDict,
    Union,
)

from fasterapi import App, Body, Depends, Request, Response
from fasterapi._json import loads
from fasterapi.models import Field, Model, field_validator, model_validator

app = App()


class Item(Model):
    name: str = Field(min_length=1, max_length=20)
    price: float = Field(gt=0)
    tags: List[str] = []
    note: Optional[str] = None


class Colour(enum.Enum):
    RED = "red"
    BLUE = "blue"


class Order(Item, extra="forbid", populate_by_name=True):
    count: int = Field(1, alias="howMany", ge=1)
    colour: Colour = Colour.RED
    made: List[int] = Field(default_factory=lambda: [7])


class Loose(Model, extra="allow"):
    size: int = 0


class Node(Model):
    value: int
    below: List["Node"] = []


class Cat(Model):
    kind: Literal["cat"]
    lives: int


class Dog(Model):
    kind: Literal["dog"]
    name: str


class Range(Model):
    low: int
    high: int

    @field_validator("high")
    def _even(cls, value: int) -> int:
        if value % 2:
            raise ValueError("odd")
        if value == 100:
            raise KeyError("a hundred")
        return loads(b"%d" % value)  # the server's parser, while it is in use

    @model_validator(mode="after")
    def _order(self) -> "Range":
        assert self.low <= self.high, "low is above high"
        return self


@dataclasses.dataclass
class Point:
    x: int
    y: float = 0.5


class Movie(TypedDict, total=False):
    title: str
    year: int


class Pair(NamedTuple):
    first: int
    second: str = "b"


class Moment(Model):
    at: dt.datetime
    day: dt.date
    lasts: dt.timedelta
    id: uuid.UUID
    cost: decimal.Decimal


@app.post("/item")
def item(item: Item):
    return [item, sorted(item.model_fields_set)]


@app.post("/order/{shop}")
async def order(order: Order, shop: int, q: int = 0, request: Request = None):
    return {"order": order, "shop": shop, "q": q, "set": sorted(order.model_fields_set)}


@app.post("/loose")
def loose(loose: Loose):
    return [loose, loose.model_extra, sorted(loose.model_fields_set)]


@app.post("/node")
def node(node: Node):
    return node


@app.post("/pet")
def pet(pet: Annotated[Union[Cat, Dog], Body(discriminator="kind")]):
    return [type(pet).__name__, pet]


@app.post("/either")
def either(value: Union[Cat, Dog, List[int], Dict[str, float]]):
    return [type(value).__name__, value]


@app.post("/range")
def range_of(range: Range):
    return range


@app.post("/point")
def point(point: Point, res: Response):
    res.headers["x-point"] = type(point).__name__
    return point


@app.post("/movie")
def movie(movie: Movie):
    return movie


@app.post("/pair")
def pair(pair: Pair):
    return [type(pair).__name__, pair]


@app.post("/moment")
def moment(moment: Moment):
    return [moment, repr(moment)]


@app.post("/items")
def items(items: List[Item]):
    return items


@app.post("/collections")
def collections(value: Dict[str, Tuple[int, Set[str]]]):
    return {key: [number, sorted(words)] for key, (number, words) in value.items()}


@app.post("/maybe")
def maybe(item: Optional[Item] = None):
    return item


@app.post("/number")
def number(number: Annotated[int, Body(ge=3)]):
    return number


@app.post("/default")
def default(number: int = Body(5)):
    return number


@app.post("/embedded")
def embedded(item: Annotated[Item, Body(embed=True)]):
    return item


@app.post("/two")
def two(item: Item, point: Point):
    return [item, point]


@app.post("/some")
def some(
    item: Optional[Item] = None,
    point: Point = Body(Point(1)),
    number: int = Body(5, alias="count", gt=1),
    words: List[str] = Body(default_factory=lambda: ["w"]),
):
    return [item, point, number, words]


@app.post("/two-names")
def two_names(a: Annotated[int, Body(alias="x")], b: Annotated[int, Body(alias="x")]):
    return [a, b]


@app.post("/two-checked")
def two_checked(range: Range, item: Item):
    return [range, item]


@app.post("/general")
def general(item: Item, tenant: Annotated[str, Depends(lambda: "t")], q: int = 0):
    return [item, tenant, q]


@app.post("/general-range")
def general_range(range: Range, q: Annotated[str, Depends(lambda: "t")]):
    return range


@app.post("/general-items")
async def general_items(items: List[Item], q: Annotated[str, Depends(lambda: "t")]):
    return items


@app.post("/any")
def anything(value: List[Any]):
    return value
