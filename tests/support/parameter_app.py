"""Parameters of every kind that only a general route takes."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any, Dict, List, Literal, Optional, Set, Tuple, Union
from uuid import UUID

from fasterapi import Body, Cookie, FastAPI, Header, Model, Path, Query

app = FastAPI()


class Colour(str, Enum):
    RED = "red"
    BLUE = "blue"


class Size(Enum):
    SMALL = 1
    LARGE = 2


@dataclass
class Item:
    name: str
    price: float
    tags: Optional[List[str]] = None


@dataclass
class User:
    name: str
    age: int = 0


@app.get("/path/{number}/{colour}")
def in_path(number: Annotated[int, Path(ge=1, le=10)], colour: Colour):
    return {"number": number, "colour": colour}


@app.get("/uuid/{key}")
def path_uuid(key: UUID):
    return key


@app.get("/date/{day}")
def path_date(day: date, until: Optional[date] = None):
    return [day, until]


@app.get("/short/{name}")
async def path_length(name: str = Path(min_length=2, max_length=4)):
    return name


@app.get("/query")
def query(
    q: Annotated[Optional[str], Query(min_length=3, max_length=5)] = None,
    n: int = Query(default=5, gt=0, lt=100, multiple_of=5),
    kind: Literal["a", "b"] = "a",
    size: Size = Size.SMALL,
    word: str = Query("abc", pattern="^[a-c]+$"),
    alias: str = Query("none", alias="x-alias"),
):
    return {"q": q, "n": n, "kind": kind, "size": size, "word": word, "alias": alias}


@app.get("/lists")
def lists(
    ids: Annotated[List[int], Query()],
    names: Annotated[Set[str], Query(max_length=2)] = frozenset(),
    maybe: Annotated[Optional[List[float]], Query()] = None,
    pair: Annotated[Tuple[int, str], Query()] = (1, "a"),
):
    return {"ids": ids, "names": sorted(names), "maybe": maybe, "pair": pair}


@app.get("/union")
def union(value: Union[int, float, str] = "x", price: Decimal = Decimal("1.5")):
    return {"value": value, "type": type(value).__name__, "price": str(price)}


@app.get("/strict")
def strict(flag: bool, number: Annotated[float, Query(allow_inf_nan=False)]):
    return [flag, number]


@app.get("/headers")
def headers(
    x_token: Annotated[str, Header(min_length=2)],
    x_count: Annotated[int, Header()] = 1,
    x_many: Annotated[Optional[List[str]], Header()] = None,
    x_raw: Annotated[Optional[str], Header(alias="X_Raw")] = None,
    user_agent: Annotated[Optional[str], Header()] = None,
):
    return [x_token, x_count, x_many, x_raw, user_agent]


@app.get("/cookies")
async def cookies(session: Annotated[str, Cookie()], n: Annotated[int, Cookie(ge=0)] = 1):
    return [session, n]


class Filters(Model):
    model_config = {"extra": "forbid"}
    q: str
    ids: List[int] = []


class Session(Model):
    model_config = {"extra": "allow"}
    session: str = "none"


@app.get("/filters")
def filters(filters: Annotated[Optional[Filters], Query()] = None):
    return filters


@app.get("/session")
def session(session: Annotated[Optional[Session], Cookie()] = None):
    return session


@app.post("/item")
def one_body(item: Item):
    return item


@app.post("/optional-item")
async def optional_body(item: Optional[Item] = None):
    return item


@app.post("/embedded")
def embedded(item: Annotated[Item, Body(embed=True)]):
    return item


@app.post("/two/{number}")
def two_bodies(number: int, item: Item, user: User, q: Optional[str] = None):
    return {"number": number, "item": item, "user": user, "q": q}


@app.post("/importance")
def body_scalar(item: Item, importance: Annotated[int, Body(gt=0)] = 1):
    return {"item": item, "importance": importance}


@app.post("/number")
def number_body(number: Annotated[int, Body(le=9)]):
    return number


@app.post("/list")
def list_body(items: List[Item]):
    return items


@app.post("/ints")
def int_keys(weights: Dict[int, float]):
    return weights


@app.post("/free")
def free(item: Item, rest: Annotated[Any, Body()] = None):
    return [item, rest]


@app.post("/union-body")
def union_body(value: Union[Item, User]):
    return {"type": type(value).__name__, "value": value}
