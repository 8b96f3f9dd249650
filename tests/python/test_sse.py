"""Server-sent events: their form, and the stream around them."""

import asyncio
import dataclasses

import pytest

from fasterapi import App, EventSourceResponse, ServerSentEvent, sse
from fasterapi.sse import format_sse_event
from fasterapi.testclient import TestClient


@pytest.mark.parametrize(
    ("event", "wire"),
    [
        (ServerSentEvent("hello"), b'data: "hello"\n\n'),
        (ServerSentEvent({"a": [1]}, event="tick"), b'event: tick\ndata: {"a":[1]}\n\n'),
        (ServerSentEvent(raw_data="a\nb\r\nc\rd"), b"data: a\ndata: b\ndata: c\ndata: d\n\n"),
        (ServerSentEvent(raw_data=""), b"data: \n\n"),
        (ServerSentEvent(id="7", retry=0), b"id: 7\nretry: 0\n\n"),
        (ServerSentEvent(comment="x\ny"), b": x\n: y\n\n"),
        (
            ServerSentEvent(1, event="e", id="i", retry=5, comment="c"),
            b": c\nevent: e\ndata: 1\nid: i\nretry: 5\n\n",
        ),
    ],
)
def test_an_event_on_the_wire(event, wire):
    assert event.encode() == wire


@pytest.mark.parametrize(
    "fields",
    [
        {"data": 1, "raw_data": "1"},
        {"event": "a\nb"},
        {"event": "a\rb"},
        {"id": "a\nb"},
        {"id": "a\0"},
        {"retry": -1},
        {"retry": "5"},
    ],
)
def test_what_is_no_event(fields):
    with pytest.raises(ValueError):
        ServerSentEvent(**fields)


def test_format_sse_event_takes_texts():
    assert format_sse_event(data_str="a", event="b") == b"event: b\ndata: a\n\n"


@dataclasses.dataclass
class Item:
    name: str


app = App()


@app.get("/values", response_class=EventSourceResponse)
async def values():
    yield Item("a")
    yield ServerSentEvent(raw_data="raw", id="1")
    yield "text"


@app.get("/sync", response_class=EventSourceResponse)
def sync():
    yield {"a": 1}
    yield ServerSentEvent(2)


@app.get("/returned")
def returned():
    return EventSourceResponse(iter(["data: a\n\n", b": b\n\n", ServerSentEvent(3)]), 201)


@app.get("/breaks", response_class=EventSourceResponse)
async def breaks():
    yield 1
    raise KeyError("broke")


def test_streams():
    client = TestClient(app)
    response = client.get("/values")
    assert response.text == 'data: {"name":"a"}\n\ndata: raw\nid: 1\n\ndata: "text"\n\n'
    assert response.headers["content-type"] == "text/event-stream; charset=utf-8"
    assert response.headers["cache-control"] == "no-cache"
    assert response.headers["x-accel-buffering"] == "no"
    assert client.get("/sync").text == 'data: {"a":1}\n\ndata: 2\n\n'
    made = client.get("/returned")
    assert (made.status_code, made.text) == (201, "data: a\n\n: b\n\ndata: 3\n\n")
    with pytest.raises(KeyError, match="broke"):
        client.get("/breaks")


def test_comments_while_nothing_happens(monkeypatch):
    monkeypatch.setattr(sse, "_PING_INTERVAL", 0.005)

    async def run():
        gate = asyncio.Event()

        async def events():
            yield ServerSentEvent(1)
            await gate.wait()
            yield ServerSentEvent(2)

        stream = EventSourceResponse(events()).body_iterator
        assert await stream.__anext__() == b"data: 1\n\n"
        assert await stream.__anext__() == sse.KEEPALIVE_COMMENT
        assert await stream.__anext__() == sse.KEEPALIVE_COMMENT
        gate.set()
        rest = [part async for part in stream if part != sse.KEEPALIVE_COMMENT]
        assert rest == [b"data: 2\n\n"]
        await stream.aclose()

    asyncio.run(run())


@pytest.mark.parametrize("taken", [0, 1])
def test_closing_ends_the_iterator(taken):
    async def run():
        ended = []

        async def events():
            try:
                yield 1
                await asyncio.Event().wait()
            finally:
                ended.append(True)

        stream = EventSourceResponse._of(events()).body_iterator
        for _ in range(taken):
            await stream.__anext__()
        await stream.aclose()
        assert ended == [True] * taken

    asyncio.run(run())
