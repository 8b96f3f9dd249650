"""Exception handlers and middleware, and the order of both."""

import json
import time
import zlib
from contextvars import ContextVar
from typing import Any, List

import pytest

from fasterapi import App, BackgroundTasks, HTTPException, Request, metrics
from fasterapi.exceptions import StarletteHTTPException
from fasterapi.middleware import BaseHTTPMiddleware, Middleware
from fasterapi.middleware.httpsredirect import HTTPSRedirectMiddleware
from fasterapi.middleware.trustedhost import TrustedHostMiddleware
from fasterapi.responses import JSONResponse, PlainTextResponse, StreamingResponse
from support.layered_app import app, log

HOST = ("host", "testserver")


@pytest.fixture(autouse=True)
def _empty_log():
    log.clear()


def send(method: str, target: str, *headers: Any, body: bytes = b"") -> Any:
    path, _, query = target.partition("?")
    return app._call(method, path, query, [HOST, *headers], body)


def get(target: str, *headers: Any) -> Any:
    answer = send("GET", target, *headers)
    return answer.status, json.loads(answer.body)


def test_an_exception_finds_the_handler_of_its_class_or_of_one_above():
    assert get("/raise/unicorn") == (418, {"unicorn": "Unicorn", "path": "/raise/unicorn"})
    assert get("/raise/foal") == (418, {"unicorn": "Foal", "path": "/raise/foal"})
    assert get("/dependency") == (418, {"unicorn": "Foal", "path": "/dependency"})


def test_a_status_goes_before_a_class():
    assert get("/raise/404") == (404, {"nothing": "/raise/404", "detail": "why"})
    answer = send("GET", "/raise/409")
    assert answer.status == 409
    assert {("x-http", "yes"), ("x-why", "h")} <= set(answer.headers)


def test_what_no_route_takes_has_the_handlers_of_the_base_class_or_the_status():
    assert get("/nothing") == (404, {"nothing": "/nothing", "detail": "Not Found"})
    answer = send("POST", "/native/1")
    assert answer.status == 405
    assert ("allow", "GET, HEAD, OPTIONS") in answer.headers
    assert ("x-http", "yes") not in answer.headers
    assert send("OPTIONS", "/native/1").status == 204
    assert ("location", "/slash/?a=1") in send("GET", "/slash?a=1").headers
    assert send("HEAD", "/native/1").status == 200


def test_a_422_of_ones_own_for_native_and_general_routes():
    assert get("/native/x") == (400, {"errors": [["path", "n"]], "body": None})
    assert get("/general?n=-1") == (400, {"errors": [["query", "n"]], "body": None})
    status, answer = get("/native/x?plain=1")
    assert (status, answer["detail"][0]["type"]) == (422, "int_parsing")
    body = send("POST", "/body", ("content-type", "application/json"), body=b"[1]")
    assert json.loads(body.body) == {"errors": [["body"]], "body": [1]}


def test_a_server_error_is_answered_and_logged(caplog):
    answer = send("GET", "/raise/value")
    assert (answer.status, answer.body) == (500, b"sorry: v")
    assert "ValueError: v" in caplog.text
    assert "GET /raise/value" in caplog.text
    assert log == ["outer in", "inner in", "outer out"]


def test_middleware_runs_from_the_last_added_inwards_and_tasks_after_all():
    assert get("/native/1") == (200, {"n": 1, "word": "from outer"})
    assert log == ["outer in", "inner in", "inner out 200", "outer out"]
    log.clear()
    assert get("/tasks") == (200, "ok")
    assert log == ["outer in", "inner in", "inner out 200", "outer out", "task"]
    log.clear()
    assert send("GET", "/native/1?stop=1").body == b"stopped"
    assert log == ["outer in"]


def test_cors():
    allowed = dict(send("GET", "/native/1", ("origin", "http://a.example")).headers)
    assert allowed["access-control-allow-origin"] == "http://a.example"
    assert allowed["access-control-allow-credentials"] == "true"
    assert "Origin" in allowed["vary"]
    refused = dict(send("GET", "/native/1", ("origin", "http://c.example")).headers)
    assert "access-control-allow-origin" not in refused


@pytest.mark.parametrize(
    "origin, method, headers, status, text",
    [
        ("http://a.example", "GET", "x-token, Accept", 200, b"OK"),
        ("http://c.example", "GET", "x-token", 400, b"Disallowed CORS origin"),
        ("http://a.example", "PUT", "x-bad", 400, b"Disallowed CORS method, headers"),
    ],
)
def test_cors_preflight(origin, method, headers, status, text):
    answer = send(
        "OPTIONS",
        "/anything",
        ("origin", origin),
        ("access-control-request-method", method),
        ("access-control-request-headers", headers),
    )
    assert (answer.status, answer.body) == (status, text)
    assert dict(answer.headers)["access-control-allow-methods"] == "GET, POST"
    assert log == []


def test_gzip():
    for target, size in (("/large", 311), ("/streamed", 400)):
        answer = send("GET", target, ("accept-encoding", "gzip, br"))
        assert ("content-encoding", "gzip") in answer.headers
        assert len(zlib.decompress(answer.body, 31)) == size > len(answer.body)
        assert len(send("GET", target).body) == size
    small = send("GET", "/native/1", ("accept-encoding", "gzip"))
    assert small.body == b'{"n":1,"word":"from outer"}'


def test_hosts():
    def status(host: str) -> int:
        answer: int = app._call("GET", "/native/1", headers=[("host", host)]).status
        return answer

    assert [status(h) for h in ("testserver", "a.good.example", "testserver:80")] == [200] * 3
    assert [status(h) for h in ("good.example", "bad", "")] == [400] * 3
    assert status("w.example") == 307
    with pytest.raises(AssertionError, match="wildcard"):
        TrustedHostMiddleware(app, allowed_hosts=["a.*"])


def test_https():
    made = App(middleware=[Middleware(HTTPSRedirectMiddleware)])
    answer = made._call("GET", "/a", "q=1", [("host", "h:80")])
    assert dict(answer.headers)["location"] == "https://h/a?q=1"


def test_classes_with_options():
    class Adds(BaseHTTPMiddleware):
        def __init__(self, app: Any, name: str) -> None:
            super().__init__(app)
            self.name = name

        async def dispatch(self, request: Request, call_next: Any) -> Any:
            response = await call_next(request)
            response.headers["x-name"] = self.name
            return response

    made = App()
    made.add_middleware(Adds, name="n")
    made.get("/")(lambda: 1)
    assert ("x-name", "n") in made._call("GET", "/").headers


def test_the_form_with_a_free_next():
    made = App()
    metrics.reset()

    @made.middleware
    async def timing_middleware(req, res):
        start = time.perf_counter()
        await next()
        duration = time.perf_counter() - start
        metrics.record_latency(duration)
        res.headers["x-status"] = str(res.status_code)

    @made.get("/{n}", status_code=201)
    def handler(n: int):
        return next(iter([n]))

    answer = made._call("GET", "/7")
    assert (answer.status, answer.body) == (201, b"7")
    assert ("x-status", "201") in answer.headers
    assert ("x-status", "422") in made._call("GET", "/x").headers
    assert metrics.latency("/{n}").count == 2
    assert 0 < metrics.percentile("/{n}", 0.5) <= metrics.percentile("/{n}", 0.99)
    assert made._call("GET", "/no/such").status == 404
    assert metrics.latency("unmatched").count == 1


def test_forms_with_a_parameter():
    order: List[str] = []
    made = App()

    @made.middleware
    async def first(req, res, next):
        order.append("first")
        res.header("x-before", "1")
        if req.path == "/stop":
            return res.status(402).text("pay")
        await next()
        if req.path == "/replace":
            res.set_json({"replaced": True})

    @made.middleware
    async def second(request, call_next):
        order.append("second")
        return await call_next(request)

    made.get("/{name}")(lambda name: name)
    assert made._call("GET", "/a").body == b'"a"'
    assert ("x-before", "1") in made._call("GET", "/a").headers
    assert made._call("GET", "/replace").body == b'{"replaced":true}'
    stopped = made._call("GET", "/stop")
    assert (stopped.status, stopped.body) == (402, b"pay")
    assert order == ["second", "first"] * 4


def test_a_plain_function_is_given_plain_requests_under_middleware():
    made = App()
    made.middleware("http")(lambda_next)

    @made.post("/")
    def handler(req, res):
        res.set_json([req.json(), len(req.body()), req.path])

    @made.post("/async")
    async def awaited(req):
        return [await req.json(), len(await req.body())]

    assert made._call("POST", "/", body=b"[1]").body == b'[[1],3,"/"]'
    assert made._call("POST", "/async", body=b"[1]").body == b"[[1],3]"


async def lambda_next(request: Request, call_next: Any) -> Any:
    return await call_next(request)


def test_handlers_alone_leave_routes_plain_functions():
    made = App(exception_handlers={KeyError: lambda request, error: PlainTextResponse("k")})

    @made.get("/")
    def handler() -> Any:
        raise KeyError

    @made.exception_handler(StarletteHTTPException)
    async def http(request: Request, error: StarletteHTTPException) -> Any:
        return JSONResponse({"status": error.status_code}, error.status_code)

    @made.get("/http")
    def raising() -> Any:
        raise HTTPException(409)

    assert [route.is_coroutine for route in made._compile_routes()] == [False] * 7
    assert made._call("GET", "/").body == b"k"
    assert made._call("GET", "/http").body == b'{"status":409}'
    assert made._call("GET", "/nothing").body == b'{"status":404}'


def test_an_own_route_for_everything_stays():
    made = App(exception_handlers={404: lambda request, error: PlainTextResponse("no", 404)})
    made.get("/{rest:path}")(lambda rest: rest)
    assert made._call("GET", "/a/b").body == b'"a/b"'
    assert made._call("POST", "/a/b").status == 405


def test_what_is_wrong_is_said_at_registration():
    made = App()
    with pytest.raises(TypeError, match="async def"):
        made.middleware(lambda req, res: None)
    with pytest.raises(ValueError, match="'ws'"):
        made.middleware("ws")
    made.add_exception_handler("404", print)
    with pytest.raises(TypeError, match="'404'"):
        made._compile_routes()


def test_the_http_exception_of_starlette_counts_as_ours():
    foreign = type("HTTPException", (Exception,), {"__module__": "starlette.exceptions"})
    made = App()

    @made.exception_handler(foreign)
    def handler(request: Request, error: Any) -> Any:
        return JSONResponse({"status": error.status_code}, error.status_code)

    @made.get("/")
    def raising() -> Any:
        error = foreign()
        error.status_code = 418  # type: ignore[attr-defined]
        raise error

    made.get("/own")(_conflict)
    assert made._call("GET", "/").body == b'{"status":418}'
    assert made._call("GET", "/own").body == b'{"status":409}'
    assert made._call("GET", "/nothing").body == b'{"status":404}'


def _conflict() -> Any:
    raise HTTPException(409)


@pytest.mark.parametrize("call", ["client", "in process"])
def test_what_follows_a_response_is_in_the_context_that_middleware_made(call):
    named: ContextVar[str] = ContextVar("named", default="none")
    layered, seen = App(), []

    @layered.middleware("http")
    async def name(request, call_next):
        token = named.set("mine")
        try:
            return await call_next(request)
        finally:
            named.reset(token)

    @layered.get("/")
    def root(tasks: BackgroundTasks):
        tasks.add_task(lambda: seen.append(named.get()))

    if call == "client":
        from fasterapi.testclient import TestClient

        TestClient(layered).get("/")
    else:
        layered._call("GET", "/", "", [HOST], b"")
    assert seen == ["mine"]


def test_middleware_may_rewrite_the_scope():
    rewriting = App()

    @rewriting.middleware("http")
    async def rewrite(request, call_next):
        scope = request.scope
        scope["path"] = scope["path"].replace("/old", "/new")
        scope["headers"] = [*scope["headers"], (b"x-added", b"yes")]
        return await call_next(request)

    @rewriting.post("/new/{n}")
    async def new(n: int, request: Request):
        return [n, request.headers["x-added"], (await request.body()).decode(), request.url.path]

    answer = rewriting._call("POST", "/old/3", "", [HOST], b"body")
    assert json.loads(answer.body) == [3, "yes", "body", "/new/3"]
