"""Server-sent events through the server."""

import pytest

from support.server import wait_until
from support.wire import request

APP = """
import asyncio
from fasterapi import App, EventSourceResponse, Header, ServerSentEvent, sse

sse._PING_INTERVAL = 0.02
app = App()
ended = []

@app.get("/events", response_class=EventSourceResponse)
async def events(last_event_id: int = Header(0)):
    try:
        yield ServerSentEvent({"n": last_event_id + 1}, id=str(last_event_id + 1))
        await asyncio.Event().wait()
    finally:
        ended.append(last_event_id)

@app.get("/few", response_class=EventSourceResponse)
async def few():
    for n in range(3):
        yield n

@app.get("/ended")
def show():
    return ended
"""


@pytest.fixture(scope="module")
def server(serve_once):
    return serve_once(APP)


def test_events_and_comments_arrive_as_they_are_made(server):
    with server.connect() as wire:
        wire.send(request("GET", "/events", "Last-Event-ID: 6"))
        head = wire.head()
        assert head.headers["content-type"] == "text/event-stream; charset=utf-8"
        assert wire.chunk() == b'data: {"n":7}\nid: 7\n\n'
        assert wire.chunk() == b": ping\n\n"
        assert wire.chunk() == b": ping\n\n"
    wait_until(lambda: server.get("/ended").json() == [6], "the generator's end")


def test_a_stream_that_ends_leaves_the_connection_open(server):
    with server.connect() as wire:
        for _ in range(2):
            assert wire.get("/few").body == b"data: 0\n\ndata: 1\n\ndata: 2\n\n"
