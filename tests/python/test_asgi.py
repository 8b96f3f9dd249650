"""An app as an ASGI application."""

import asyncio
import json
from typing import Any, Dict, List

import pytest

from fasterapi import App, BackgroundTasks, Depends, Request
from fasterapi.responses import StreamingResponse

app = App()
log: List[str] = []


@app.post("/echo/{name}")
async def echo(name: str, request, tasks: BackgroundTasks):
    tasks.add_task(log.append, "task")
    return [name, request.query_params["q"], (await request.body()).decode(), request.client.host]


@app.get("/stream")
def stream():
    return StreamingResponse(iter(["a", "b"]))


@app.get("/fail")
def fail():
    raise KeyError("inside")


@app.on_event("startup")
def start():
    log.append("start")


@app.on_event("shutdown")
def stop():
    log.append("stop")


def send(method: str, path: str, query: bytes = b"", parts: Any = (b"",)) -> List[Dict[str, Any]]:
    """The messages that the app sends for a request."""
    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "query_string": query,
        "headers": [(b"host", b"h")],
        "client": ("1.2.3.4", 5),
    }
    bodies = [{"type": "http.request", "body": part, "more_body": True} for part in parts]
    bodies[-1]["more_body"] = False
    return talk(scope, bodies)


def talk(scope: Dict[str, Any], messages: List[Dict[str, Any]]) -> List[Dict[str, Any]]:
    sent: List[Dict[str, Any]] = []

    async def receive() -> Dict[str, Any]:
        return messages.pop(0)

    async def keep(message: Dict[str, Any]) -> None:
        sent.append(message)

    async def run() -> None:
        await app(scope, receive, keep)
        for _ in range(9):
            await asyncio.sleep(0)

    try:
        asyncio.run(run())
    except KeyError as error:
        sent.append({"raised": error.args})
    return sent


def test_a_request():
    log.clear()
    start, *bodies = send("POST", "/echo/\u00fc", b"q=1", [b"a", b"b"])
    assert start["status"] == 200
    assert dict(start["headers"])[b"content-type"] == b"application/json"
    body = b"".join(message["body"] for message in bodies)
    assert body == '["ü","1","ab","1.2.3.4"]'.encode()
    assert dict(start["headers"])[b"content-length"] == str(len(body)).encode()
    assert bodies[-1].get("more_body", False) is False
    assert log == ["task"]


def test_a_stream_is_sent_in_its_parts():
    start, *bodies = send("GET", "/stream")
    assert [message["body"] for message in bodies] == [b"a", b"b", b""]
    assert b"content-length" not in dict(start["headers"])
    assert [message["body"] for message in send("HEAD", "/stream")[1:]] == [b""]


def test_what_the_app_does_not_catch_is_raised_after_the_500():
    start, *_, raised = send("GET", "/fail")
    assert start["status"] == 500
    assert raised == {"raised": ("inside",)}


def test_the_lifespan():
    log.clear()
    sent = talk({"type": "lifespan"}, [{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}])
    assert [message["type"] for message in sent] == [
        *("lifespan.startup.complete", "lifespan.shutdown.complete"),
    ]
    assert log == ["start", "stop"]


def test_a_startup_that_fails_is_said():
    made = App(on_startup=[fail])
    sent: List[Dict[str, Any]] = []

    async def receive() -> Dict[str, Any]:
        return {"type": "lifespan.startup"}

    async def keep(message: Dict[str, Any]) -> None:
        sent.append(message)

    with pytest.raises(KeyError):
        asyncio.run(made({"type": "lifespan"}, receive, keep))
    assert [message["type"] for message in sent] == ["lifespan.startup.failed"]


def test_a_client_that_leaves_and_what_is_not_served():
    with pytest.raises(asyncio.CancelledError):
        talk(
            {"type": "http", "method": "POST", "path": "/", "headers": []},
            [{"type": "http.disconnect"}],
        )
    with pytest.raises(NotImplementedError, match="webtransport"):
        talk({"type": "webtransport"}, [])


def of_generator(events: List[Any], scope: Any = None) -> App:
    """An app whose handler takes an async generator that says in which task it is."""

    async def generator() -> Any:
        task = asyncio.current_task()
        events.append("enter")
        try:
            yield
        except BaseException as error:
            events.append(type(error).__name__)
            raise
        finally:
            await asyncio.sleep(0)
            events.append(asyncio.current_task() is task)

    made = App()

    @made.get("/", dependencies=[Depends(generator, scope=scope)])
    async def handler() -> Any:
        return StreamingResponse(iter(["a", "b"]))

    return made


async def receive_nothing() -> Any:
    raise AssertionError("a GET without a length has no body")


GET = {"type": "http", "method": "GET", "path": "/", "headers": []}


@pytest.mark.parametrize("scope", [None, "function"])
def test_a_generator_is_left_in_the_task_that_serves_the_request(scope):
    events: List[Any] = []

    async def serve() -> None:
        async def keep(message: Any) -> None:
            events.append(message["type"][14:])

        await of_generator(events, scope)({**GET}, receive_nothing, keep)

    asyncio.run(serve())
    sent = ["start", "body", "body", "body"]
    assert events == ["enter", *([True, *sent] if scope else [*sent, True])]


def test_a_generator_sees_that_the_response_was_not_sent():
    events: List[Any] = []

    async def refuse(message: Any) -> None:
        raise OSError("gone")

    with pytest.raises(OSError, match="gone"):
        asyncio.run(of_generator(events)({**GET}, receive_nothing, refuse))
    assert events == ["enter", "OSError", True]


def test_what_a_generator_raises_after_the_response_is_raised():
    async def generator() -> Any:
        yield
        raise KeyError("late")

    made = App()
    made.get("/", dependencies=[Depends(generator)])(lambda: 1)

    async def ignore(message: Any) -> None: ...

    with pytest.raises(KeyError, match="late"):
        asyncio.run(made({**GET}, receive_nothing, ignore))


def test_cancelling_a_scope_does_not_interrupt_the_end_of_a_generator():
    anyio = pytest.importorskip("anyio")
    events: List[Any] = []

    async def generator() -> Any:
        with anyio.CancelScope():  # is left in order
            try:
                yield
            finally:
                await anyio.sleep(0)
                events.append("end")

    made = App()

    async def serve() -> None:
        with anyio.CancelScope() as scope:

            @made.get("/", dependencies=[Depends(generator)])
            async def handler() -> None:
                scope.cancel()
                await anyio.sleep(1)

            async def ignore(message: Any) -> None: ...

            await made({**GET}, receive_nothing, ignore)
        events.append(scope.cancelled_caught)

    anyio.run(serve)
    assert events == ["end", True]


def test_a_stream_that_never_waits_can_be_cancelled():
    made = App()

    @made.get("/")
    async def handler() -> Any:
        while True:
            yield "a"

    sent: List[Any] = []

    async def keep(message: Any) -> None:
        sent.append(message)

    async def serve() -> None:
        task = asyncio.ensure_future(made({**GET}, receive_nothing, keep))
        while len(sent) < 3:
            await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(serve())
    assert sent[1]["body"] == b'"a"\n'


def test_cancelling_a_scope_does_not_interrupt_the_end_of_a_websockets_generator():
    anyio = pytest.importorskip("anyio")
    events: List[Any] = []

    async def generator() -> Any:
        try:
            yield
        finally:
            await anyio.sleep(0)
            events.append("end")

    made = App()

    async def serve() -> None:
        with anyio.CancelScope() as scope:

            async def cancel() -> None:
                scope.cancel()
                await anyio.sleep(1)

            @made.websocket("/", dependencies=[Depends(generator), Depends(cancel)])
            async def handler() -> None: ...

            async def ignore(message: Any) -> None: ...

            await made({**GET, "type": "websocket"}, receive_nothing, ignore)
        events.append(scope.cancelled_caught)

    anyio.run(serve)
    assert events == ["end", True]


@pytest.mark.parametrize("path", ["/native", "/below/any"])
def test_who_receives_behind_the_body_hears_that_the_client_leaves(path):
    made = App()
    sent: List[Any] = []
    messages = [{"type": "http.request", "body": b"all"}, {"type": "http.disconnect"}]

    @made.post("/native")
    async def handler(request: Request) -> Any:
        return [(await request.receive())["type"] for _ in range(3)]

    async def below(scope: Any, receive: Any, send: Any) -> None:
        told = [(await receive())["type"] for _ in range(3)]
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": json.dumps(told).encode()})

    made.mount("/below", below)

    async def receive() -> Any:
        return messages.pop(0) if len(messages) > 1 else messages[0]

    async def keep(message: Any) -> None:
        sent.append(message)

    asyncio.run(made({**GET, "method": "POST", "path": path}, receive, keep))
    assert json.loads(sent[1]["body"]) == ["http.request", "http.disconnect", "http.disconnect"]


def test_a_body_is_not_asked_for_where_no_route_is():
    sent: List[Any] = []

    async def receive() -> Any:
        raise AssertionError("no body was announced")

    async def keep(message: Any) -> None:
        sent.append(message.get("status"))

    asyncio.run(App()({**GET, "path": "/nothing"}, receive, keep))
    assert sent[0] == 404


def test_an_unknown_method_of_an_unknown_path_is_a_404():
    made = App()

    @made.exception_handler(KeyError)
    def handle(request: Request, error: KeyError) -> Any: ...

    @made.get("/known")
    def known() -> Any: ...

    assert made._call("ODD", "/known").status == 405
    assert made._call("ODD", "/unknown").status == 404


def test_a_body_of_a_get_is_read_where_somebody_may_look_at_it():
    made = App()

    @made.get("/")
    async def handler(request: Request) -> Any:
        return (await request.body()).decode()

    sent: List[Any] = []

    async def receive() -> Any:
        return {"type": "http.request", "body": b"x"}

    async def keep(message: Any) -> None:
        sent.append(message.get("body"))

    asyncio.run(made({**GET}, receive, keep))
    assert sent[1] == b'"x"'
