"""Response models and what else routes say about their answers."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Dict, List, Optional, Union

from fasterapi import Depends, FastAPI, Query, Response
from fasterapi.models import Field, Model
from fasterapi.responses import HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse

app = FastAPI()


class Item(Model):
    name: str
    price: float = 1.5
    tags: List[str] = []
    note: Optional[str] = None


class Secret(Item):
    password: str = "secret"


class Aliased(Model):
    first: int = Field(alias="firstNumber")
    second: int = Field(default=2, alias="secondNumber")


@dataclass
class Point:
    x: int
    y: int = 0


class Loose:
    name = "loose"
    price = 3


@app.get("/cut", response_model=Item)
def cut():
    return Secret(name="a", note="n")


@app.get("/cut-dict", response_model=Item)
def cut_dict(name: str = "a"):
    return {"name": name, "password": "x", "price": "2"}


@app.get("/annotated")
async def annotated() -> Item:
    return Secret(name="a")


@app.get("/none", response_model=None)
def not_checked() -> Item:
    return {"name": 1}


@app.get("/wrong", response_model=Item)
def wrong():
    return {"price": 1}


@app.get("/wrong-type")
def wrong_type() -> List[int]:
    return ["x"]


@app.get("/list", response_model=List[Item])
def of_list():
    return [{"name": "a"}, Secret(name="b")]


@app.get("/dict", response_model=Dict[str, Item])
def of_dict():
    return {"k": {"name": "a"}}


@app.get("/union", response_model=Union[Item, Point])
def of_union(which: int = 0):
    return [{"name": "a"}, {"x": 1}, Point(2)][which]


@app.get("/dataclass", response_model=Point)
def of_dataclass():
    return {"x": "1"}


@app.get("/attributes", response_model=Item)
def of_attributes():
    return Loose()


@app.get("/unset", response_model=Item, response_model_exclude_unset=True)
def unset():
    return Item(name="a", price=1.5)


@app.get("/defaults", response_model=Item, response_model_exclude_defaults=True)
def defaults():
    return Item(name="a", price=1.5)


@app.get("/nones", response_model=Item, response_model_exclude_none=True)
def nones():
    return Item(name="a")


@app.get("/include", response_model=Item, response_model_include={"name", "tags"})
def include():
    return Item(name="a")


@app.get("/exclude", response_model=List[Item], response_model_exclude={"__all__": {"name"}})
def exclude():
    return [Item(name="a")]


@app.get("/alias", response_model=Aliased)
def alias():
    return {"firstNumber": 1}


@app.get("/no-alias", response_model=Aliased, response_model_by_alias=False)
def no_alias():
    return Aliased(firstNumber=1)


@app.get("/scalar")
def scalar(x: str = "7") -> int:
    return x


@app.get("/when", response_model=datetime)
def when():
    return "2024-01-02T03:04:05Z"


@app.post("/created", status_code=201, response_model=Item)
def created(item: Item):
    return item


@app.delete("/gone", status_code=204)
def gone():
    return None


@app.get("/status", status_code=202)
def status(response: Response, n: Annotated[int, Query(le=5)] = 0):
    response.headers["x-n"] = str(n)
    if n:
        response.status_code = 400 + n
    return {"n": n}


@app.get("/native-status", status_code=202)
def native_status(response: Response, n: int = 0):
    response.headers["x-n"] = str(n)
    return {"n": n}


@app.get("/html", response_class=HTMLResponse)
def html():
    return "<p>"


@app.get("/text", response_class=PlainTextResponse, status_code=203)
def text(word: Annotated[str, Query(max_length=9)] = "w"):
    return word


@app.get("/redirect", response_class=RedirectResponse)
def redirect():
    return "/html"


@app.get("/redirect-seen", response_class=RedirectResponse, status_code=303)
def redirect_seen():
    return "/html"


@app.get("/response", response_model=Item)
def response():
    return JSONResponse({"x": 1}, status_code=207)


def sets(response: Response):
    response.headers["x-set"] = "1"
    response.status_code = 206


@app.get("/from-dependency", dependencies=[Depends(sets)])
def from_dependency():
    return {}


@app.get("/null-from-dependency", dependencies=[Depends(sets)])
def null():
    return None


class Basket(Model):
    owner: str = Field(alias="ownedBy")
    items: List[Item] = []
    made: List[int] = Field(default_factory=lambda: [1])
    at: Optional[Point] = None


BASKETS = [
    {"ownedBy": "a", "items": [{"name": "b"}, {"name": "c", "price": 2}], "made": [1]},
    {"ownedBy": "d", "at": {"x": 1}, "over": 1},
]
SHOWN = [
    {"exclude_unset": True},
    {"exclude_defaults": True},
    {"exclude_none": True, "by_alias": False},
    {"include": {"__all__": {"owner": True, "items": {0: {"name"}, -1: {"price"}}}}},
    {"exclude": {0: {"items"}, 1: True}},
    {"exclude": {"__all__": {"items": {"__all__": {"note", "tags"}}, "made": ..., "at": {"y"}}}},
]
for place, options in enumerate(SHOWN):
    said = {f"response_model_{name}": option for name, option in options.items()}
    app.get(f"/shown-{place}", response_model=List[Basket], **said)(lambda: BASKETS)
    made = [Basket(**basket) for basket in BASKETS]
    app.get(f"/shown-made-{place}", response_model=List[Basket], **said)(lambda made=made: made)


class Reading(Model):
    value: float
    more: List[float] = []
    note: Optional[str] = None


ENDLESS = Reading(value=float("nan"), more=[1.5, float("-inf")])


@app.get("/infinite", response_model=Dict[str, float])
def infinite():
    return {"x": float("inf"), "y": 1.5}


@app.get("/infinite-model")
def infinite_model() -> Reading:
    return ENDLESS


@app.get("/infinite-cut", response_model_exclude_none=True)
def infinite_cut() -> List[Reading]:
    return [ENDLESS]


@app.get("/infinite-union", response_model=Union[float, str])
def infinite_union():
    return float("inf")
