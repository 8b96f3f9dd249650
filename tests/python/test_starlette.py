"""Starlette's middleware, responses and applications in an app, without the server."""

import asyncio
from typing import Any

import pytest

pytest.importorskip("starlette")

from starlette.applications import Starlette
from starlette.exceptions import HTTPException as StarletteHTTPException
from starlette.middleware.cors import CORSMiddleware as StarletteCORS
from starlette.responses import JSONResponse
from starlette.routing import Mount, Route

from fasterapi import App, HTTPException, Request, StreamingResponse, _call, _sent
from fasterapi.middleware import Middleware
from fasterapi.middleware.cors import CORSMiddleware
from fasterapi.testclient import TestClient
from support.starlette_app import Counting, app, log, plain

HOST = ("host", "testserver")


@pytest.fixture(autouse=True)
def _empty_log() -> None:
    log.clear()


def send(to: App, method: str, target: str, *headers: Any, body: bytes = b"") -> Any:
    path, _, query = target.partition("?")
    return to._call(method, path, query, [HOST, *headers], body)


def get(to: App, target: str, *headers: Any) -> Any:
    return send(to, "GET", target, *headers)


def test_middleware_is_made_once_for_all_routes() -> None:
    get(app, "/passed")
    before = Counting.made
    first, second = (get(app, "/passed").body for _ in range(2))
    assert Counting.made == before
    assert int(second.partition(b",")[0][1:]) == int(first.partition(b",")[0][1:]) + 1


def test_pure_middleware_reaches_the_request() -> None:
    answer = get(app, "/passed")
    assert answer.body.endswith(b',{"user":"ann"},"/passed","http"]')
    assert {("x-passed", "1"), ("x-base", "0")} <= set(answer.headers)


def test_streams_pass_part_by_part() -> None:
    assert get(app, "/parts/3").body == b"0,1,2,"
    assert log == [("/parts/3", 3)]


def test_a_path_that_middleware_changes_is_routed_again() -> None:
    assert get(app, "/v1/passed").body.endswith(b'"/passed","https"]')
    assert get(app, "/v1/nothing").status == 404
    assert get(app, "/v1/parts/2").body == b"0,1,"


def test_a_body_that_middleware_reads_or_changes() -> None:
    answer = send(app, "POST", "/echo", body=b"abc")
    assert (answer.body, dict(answer.headers)["x-base"]) == (b'"abc"', "3")
    assert send(app, "POST", "/echo", ("x-shout", "1"), body=b"abc").body == b'"ABC"'


def test_middleware_answers_by_itself() -> None:
    assert get(app, "/refused")[::2] == (403, b"no")
    assert get(app, "/from-function")[::2] == (202, b'{"by":"function"}')


def test_their_exceptions_are_answers() -> None:
    answer = get(app, "/fails")
    assert (answer.status, answer.body) == (418, b'{"detail":"tea"}')
    assert ("x-tea", "1") in answer.headers
    assert get(plain, "/raises/theirs")[::2] == (409, b'{"detail":"theirs"}')
    assert get(plain, "/raises/ours")[::2] == (409, b'{"detail":"ours"}')
    assert get(plain, "/caught").body == b"410"
    assert issubclass(HTTPException, StarletteHTTPException)


def test_their_responses() -> None:
    answer = get(plain, "/json")
    assert (answer.status, answer.body) == (201, b'{"a":1}')
    assert ("x-a", "b") in answer.headers
    assert get(plain, "/unnamed/1").body == b'{"unnamed":true}'
    assert dict(get(plain, "/unnamed/1").headers)["set-cookie"].startswith("a=1")
    assert get(plain, "/stream").body == b"ab"
    assert log == ["json", "stream"]
    answer = get(plain, "/redirect")
    assert (answer.status, dict(answer.headers)["location"]) == (307, "/json")


def test_their_files_answer_ranges() -> None:
    whole = get(plain, "/file")
    assert b"Starlette's middleware" in whole.body
    assert ("x-file", "1") in whole.headers
    part = get(plain, "/file", ("range", "bytes=3-11"))
    assert (part.status, part.body) == (206, b"Starlette")
    assert send(plain, "HEAD", "/file").body == b""


def test_their_types_as_annotations() -> None:
    answer = get(plain, "/types")
    assert answer.body == b'{"path":"/types","again":"/types"}'
    assert ("x-types", "1") in answer.headers


def test_their_applications_have_the_state_and_their_own_parameters() -> None:
    with TestClient(plain) as client:
        mine = ["of the lifespan", {"name": "a b"}]
        assert client.get("/sub/place/a%20b").json() == mine
        for path in ("/sub/talk/a%20b", "/talk/a%20b"):
            with client.websocket_connect(path) as socket:
                assert socket.receive_json() == mine


def test_their_applications() -> None:
    answer = send(plain, "POST", "/sub/echo", body=b"x" * 100_000)
    assert answer.body == b"onetwo100000"
    assert ("x-root", "/sub") in answer.headers
    assert get(plain, "/sub/a").body == b"http://testserver/sub/a"
    assert get(plain, "/sub/deep/b").body.startswith(b"http://testserver/sub/")
    assert get(plain, "/sub/none/none").status == 404


def test_an_app_of_ours_in_one_of_theirs_in_one_of_ours() -> None:
    inner, outer = App(), App()

    @inner.get("/where/{n}")
    def where(n: int, request: Request) -> Any:
        return StreamingResponse(iter([request.root_path, str(n), request.url.path]))

    outer.mount("/outer", Starlette(routes=[Mount("/middle", inner)]))
    assert get(outer, "/outer/middle/where/3").body == b"/outer/middle3/outer/middle/where/3"
    assert get(outer, "/outer/middle/none").body == b'{"detail":"Not Found"}'


def test_a_response_with_a_way_of_its_own() -> None:
    class Slow(JSONResponse):
        async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
            await asyncio.sleep(0)
            await super().__call__(scope, receive, send)
            log.append("sent")

    made = App()
    made.get("/async")(_async(Slow))
    made.get("/sync")(lambda: Slow([scope_is_not_needed]))
    assert made._call("GET", "/async").body == b"[2]"
    assert made._call("GET", "/sync").body == b"[1]"
    assert log == ["sent", "sent"]


scope_is_not_needed = 1


def _async(response: Any) -> Any:
    async def handler() -> Any:
        return response([2])

    return handler


class Ends:
    """Pure ASGI middleware that says how it ends."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        try:
            await self.app(scope, receive, send)
        except OSError as error:
            log.append(type(error).__name__)
            log.append((await receive())["type"])
            raise


def _waiting_stream() -> Any:
    async def parts() -> Any:
        try:
            yield "first"
            await asyncio.sleep(3600)
        finally:
            log.append("closed")

    return StreamingResponse(parts())


def test_a_client_that_leaves_ends_a_stream_where_it_waits() -> None:
    made = App(middleware=[Middleware(Ends)])
    made.get("/")(_waiting_stream)

    async def leave() -> None:
        response = await _call.respond(made, "GET", "/", "", [HOST], b"", None, None)
        parts = response.body_iterator
        assert await parts.__anext__() == b"first"
        await asyncio.sleep(0)
        await parts.aclose()
        await _sent.drain()

    asyncio.run(leave())
    assert log == ["closed", "ClientGone", "http.disconnect"]


def test_a_request_that_is_cancelled_cancels_what_is_behind_middleware() -> None:
    made = App(middleware=[Middleware(Ends)])

    @made.get("/")
    async def wait() -> None:
        try:
            await asyncio.sleep(3600)
        finally:
            log.append("cancelled")

    async def cancel() -> None:
        task = asyncio.ensure_future(_call.respond(made, "GET", "/", "", [HOST], b"", None, None))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await _sent.drain()

    asyncio.run(cancel())
    assert log == ["cancelled"]


def test_an_application_that_fails_within_a_stream_breaks_it() -> None:
    async def breaking(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"a", "more_body": True})
        raise KeyError("inside")

    made = App()
    made.mount("/breaks", breaking)
    with pytest.raises(KeyError, match="inside"):
        get(made, "/breaks/")


def test_messages_out_of_turn_are_errors() -> None:
    async def wrong(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.body", "body": b"a"})

    made = App()
    made.mount("/wrong", wrong)
    client = TestClient(made)
    with pytest.raises(RuntimeError, match="out of turn"):
        client.get("/wrong/")


@pytest.mark.parametrize("options", [{"allow_credentials": True}, {}])
@pytest.mark.parametrize("origins", [["*"], ["http://a.example"]])
def test_cors_answers_as_theirs_does(options: Any, origins: Any) -> None:
    def made(cls: Any) -> App:
        app = App()
        app.add_middleware(cls, allow_origins=origins, expose_headers=["x-y"], **options)
        app.get("/")(lambda: 1)
        return app

    def fields(answer: Any) -> Any:
        return answer.status, {
            (name.lower(), value)
            for name, value in answer.headers
            if name.lower().startswith("access-") or name.lower() == "vary"
        }

    ours, theirs = made(CORSMiddleware), made(StarletteCORS)
    asks = ("access-control-request-method", "GET")
    for origin in ("http://a.example", "http://b.example"):
        for method, more in (("GET", ()), ("OPTIONS", (asks,)), ("OPTIONS", ())):
            target = (method, "/", ("origin", origin), *more)
            assert fields(send(ours, *target)) == fields(send(theirs, *target))
    assert issubclass(CORSMiddleware, StarletteCORS)


@pytest.mark.parametrize("of", [app, plain])
def test_a_request_is_one_of_starlettes_to_who_asks(of: App) -> None:
    assert get(of, "/asked").body == b"[true,true,true]"
    assert get(of, "/asked-there/1").body == b"[true,true,true,true,true]"
    assert get(of, "/filled").body == b"[true,true]"


def test_a_class_below_request_is_its_own() -> None:
    class Mine(Request):
        pass

    made = Mine({"type": "http"})
    assert made.__class__ is Mine
    assert isinstance(made, Request)


def test_a_decorator_finds_arguments_by_their_names() -> None:
    assert get(plain, "/known?scope=known").body == b'"known"'
    assert get(plain, "/known?scope=other").status == 401


def test_of_two_mounts_with_one_name_the_one_that_has_the_route_is_found() -> None:
    outer = App()

    def there(request: Any) -> Any:
        return JSONResponse(str(request.url_for("admin:there")))

    outer.mount("/first", Starlette(), name="admin")
    outer.mount("/second", Starlette(routes=[Route("/there", there)]), name="admin")
    assert get(outer, "/second/there").body == b'"http://testserver/second/there"'
