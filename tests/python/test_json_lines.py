"""Generator functions: lines of JSON, or events, each item checked against the annotation."""

import math
from typing import AsyncIterable, Iterable

import pytest

from fasterapi import (
    App,
    Depends,
    EventSourceResponse,
    Model,
    Response,
    ServerSentEvent,
    StreamingResponse,
)
from fasterapi.exceptions import ResponseValidationError


class Item(Model):
    name: str


class Secret(Item):
    key: str


def app() -> App:
    made = App()

    def mark(response: Response):
        response.headers["x-a"] = "b"

    @made.get("/plain", status_code=201, dependencies=[Depends(mark)])
    def plain():
        yield {"a": 1}
        yield "text"

    @made.get("/typed")
    async def typed() -> AsyncIterable[Item]:
        yield Secret(name="n", key="k")

    @made.get("/wrong")
    def wrong() -> Iterable[Item]:
        yield {"nam": "n"}

    @made.get("/events", response_class=EventSourceResponse)
    async def events() -> AsyncIterable[Item]:
        yield Secret(name="n", key="k")
        yield ServerSentEvent(raw_data="raw")

    @made.get("/raw", response_class=StreamingResponse)
    def raw():
        yield "a"
        yield b"b"

    return made


@pytest.mark.parametrize("path, status, kind, body", [
    ("/plain", 201, "application/jsonl", b'{"a":1}\n"text"\n'),
    ("/typed", 200, "application/jsonl", b'{"name":"n"}\n'),
    ("/events", 200, "text/event-stream; charset=utf-8",
     b'data: {"name":"n"}\n\ndata: raw\n\n'),
    ("/raw", 200, None, b"ab"),
])  # fmt: skip
def test_what_is_sent(path, status, kind, body):
    answer = app()._call("GET", path)
    assert (answer.status, answer.body) == (status, body)
    assert dict(answer.headers).get("content-type") == kind
    assert path != "/plain" or dict(answer.headers)["x-a"] == "b"


def test_an_item_that_does_not_fit_breaks_the_stream():
    with pytest.raises(ResponseValidationError):
        app()._call("GET", "/wrong")


def test_how_they_are_described():
    paths = app().openapi()["paths"]
    item = {"$ref": "#/components/schemas/Item"}

    def content(path, status="200"):
        return paths[path]["get"]["responses"][status]["content"]

    assert content("/plain", "201") == {"application/jsonl": {"itemSchema": {}}}
    assert content("/typed") == {"application/jsonl": {"itemSchema": item}}
    event = content("/events")["text/event-stream"]["itemSchema"]
    assert event["properties"]["data"]["contentSchema"] == item
    assert event["required"] == ["data"]


def test_numbers_that_json_has_not_are_null():
    made = App()
    odd = [1.5, math.nan, {"a": [-math.inf], "b": "NaN", math.inf: (math.nan,)}]

    @made.get("/lines")
    @made.get("/events", response_class=EventSourceResponse)
    def items():
        yield odd

    @made.get("/made", response_class=EventSourceResponse)
    def events():
        yield ServerSentEvent(data=odd)

    text = b'[1.5,null,{"a":[null],"b":"NaN","Infinity":[null]}]'
    assert made._call("GET", "/lines").body == text + b"\n"
    assert made._call("GET", "/events").body == b"data: " + text + b"\n\n"
    assert made._call("GET", "/made").body == b"data: " + text + b"\n\n"
