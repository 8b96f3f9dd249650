"""Middleware of the ASGI world around an app's routes."""

import asyncio
import gc
import sys
from typing import Any, List

import pytest

from fasterapi import App, BackgroundTasks, Request
from fasterapi._plain_request import PlainRequest
from fasterapi.middleware import Middleware
from fasterapi.responses import StreamingResponse


def test_starlettes_middleware_is_taken_as_ours():
    theirs = pytest.importorskip("starlette.middleware").Middleware
    app = App(middleware=[theirs(Upper, header=b"made")])

    @app.get("/")
    def index() -> str:
        return "ok"

    assert dict(app._call("GET", "/").headers)["x-upper"] == "made"


class Upper:
    def __init__(self, app: Any, header: bytes) -> None:
        self.app = app
        self.header = header

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["path"] == "/stop":
            await send({"type": "http.response.start", "status": 402, "headers": []})
            await send({"type": "http.response.body", "body": b"pay"})
            return

        async def upper(message: Any) -> None:
            if message["type"] == "http.response.start":
                message["headers"].append((b"x-upper", self.header))
            else:
                message["body"] = message["body"].upper()
            await send(message)

        scope["state"]["word"] = scope["query_string"].decode()
        await self.app(scope, receive, upper)


def test_what_it_makes_of_requests_and_answers():
    log: List[str] = []
    made = App()
    made.add_middleware(Upper, header=b"yes")

    @made.post("/echo")
    async def echo(request: Request, tasks: BackgroundTasks) -> Any:
        tasks.add_task(log.append, "task")
        return [(await request.json())["a"], request.state.word]

    @made.get("/stream")
    def stream() -> Any:
        return StreamingResponse(iter(["a", "b"]))

    answer = made._call("POST", "/echo", "q=1", body=b'{"a":"x"}')
    assert (answer.status, answer.body) == (200, b'["X","Q=1"]')
    assert ("x-upper", "yes") in answer.headers
    assert "content-length" not in dict(answer.headers)
    assert log == ["task"]
    assert made._call("GET", "/stream").body == b"AB"
    assert made._call("GET", "/stop")[::2] == (402, b"pay")
    assert made._call("GET", "/nothing").body == b'{"DETAIL":"NOT FOUND"}'


class Watching:
    """Waits for the client to leave, as Starlette's does beside a stream."""

    seen: List[str] = []

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        first = await receive()
        watcher = asyncio.ensure_future(receive())
        await asyncio.sleep(0)
        assert not watcher.done()

        async def replay() -> Any:
            return first

        await self.app(scope, replay, send)
        self.seen += [first["type"], (await watcher)["type"]]


def test_it_hears_of_the_end_once_the_answer_is_there():
    watched = App(middleware=[Middleware(Watching)])
    watched.get("/")(lambda: "answer")
    assert watched._call("GET", "/").body == b'"answer"'
    assert Watching.seen == ["http.request", "http.disconnect"]


@pytest.mark.skipif(sys.implementation.name != "cpython", reason="counts no references")
def test_a_request_behind_it_leaves_no_reference_cycle():
    plain = App()
    plain.add_middleware(Upper, header=b"yes")
    plain.get("/")(lambda: {"a": 1})
    endpoint = plain._compile_routes()[0].endpoint

    async def request() -> Any:
        result = await endpoint(PlainRequest("GET", "/", "", [], b"", {}, None, plain))
        await asyncio.sleep(0)
        return result.body

    async def cycles() -> int:
        assert await request() == b'{"A":1}'
        gc.collect()
        gc.disable()
        await request()
        return gc.collect()

    try:
        assert asyncio.run(cycles()) == 0
    finally:
        gc.enable()
