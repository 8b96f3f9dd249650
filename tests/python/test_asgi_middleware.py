"""Middleware of the ASGI world around an app's routes."""

import asyncio
import gc
import sys
from typing import Any, List

import pytest

from fasterapi import App, BackgroundTasks, Request
from fasterapi._plain_request import PlainRequest
from fasterapi.middleware import Middleware
from fasterapi.responses import Response, StreamingResponse


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


class PassingOn:
    def __init__(self, app: Any, is_between: bool) -> None:
        self.app = app
        self.is_between = is_between

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        async def between(message: Any) -> None:
            await send(message)

        await self.app(scope, receive, between if self.is_between else send)


_KEPT = Response("kept", 201, {"X-Kept": "1", "Connection": "close"})


def _with_bytes() -> Response:
    made = Response("raw")
    made.raw_headers.append((b"X-Raw", b"1"))  # type: ignore[arg-type]
    return made


def _passing(is_between: bool, log: List[str]) -> App:
    made = App()
    made.add_middleware(PassingOn, is_between=is_between)

    @made.middleware("http")
    async def outer(request: Request, call_next: Any) -> Any:
        response = await call_next(request)
        response.headers.append("x-outer", "1")
        return response

    made.get("/value")(lambda: {"a": 1})
    made.get("/kept")(lambda: _KEPT)
    made.get("/bytes")(_with_bytes)
    made.get("/empty")(lambda: Response(status_code=204))
    made.get("/nothing")(lambda: Response())
    made.get("/parts")(lambda: StreamingResponse(iter(["a", "b"])))

    @made.get("/task")
    def task(tasks: BackgroundTasks) -> str:
        tasks.add_task(log.append, "task")
        return "soon"

    return made


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
@pytest.mark.parametrize(
    "path", ["value", "kept", "kept", "bytes", "empty", "nothing", "parts", "task"]
)
def test_an_answer_is_the_same_where_nobody_stands_between(method: str, path: str) -> None:
    logs: List[List[str]] = [[], []]
    answers = [_passing(bool(way), logs[way])._call(method, "/" + path) for way in (0, 1)]
    assert answers[0] == answers[1]
    assert logs[0] == logs[1] == (["task"] if path == "task" and method != "POST" else [])
    assert [value for name, value in answers[0].headers if name == "x-outer"] == ["1"]


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
