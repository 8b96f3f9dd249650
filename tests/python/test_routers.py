"""Routers: what they hold comes to the app as it is there, whenever it was said."""

import gzip
import json
import uuid

import pytest

from fasterapi import APIRouter, App, Body, Depends, Form, Request
from fasterapi.exceptions import (
    FasterAPIError,
    RequestValidationError,
    ResponseValidationError,
)
from fasterapi.responses import JSONResponse, PlainTextResponse
from fasterapi.routing import APIRoute, iter_route_contexts

TEXT = [("content-type", "text/plain")]
FORM = [("content-type", "application/x-www-form-urlencoded")]


def test_routes_that_a_router_gets_later_are_served():
    app, outer, inner = App(), APIRouter(), APIRouter(prefix="/inner")
    outer.include_router(inner, prefix="/outer")
    app.include_router(outer, prefix="/v1", tags=["t"])
    assert app._call("GET", "/v1/outer/inner/later").status == 404

    @inner.get("/later")
    def later():
        return "now"

    assert app._call("GET", "/v1/outer/inner/later").body == b'"now"'
    (context,) = iter_route_contexts(app.routes)
    assert (context.path, context.tags) == ("/v1/outer/inner/later", ["t"])
    assert context.original_route is inner.routes[0]
    assert list(app.openapi()["paths"]) == ["/v1/outer/inner/later"]


def test_the_document_is_made_again_where_routes_were_added():
    app = App()
    assert app.openapi()["paths"] == {}
    app.get("/a")(lambda: 1)
    assert list(app.openapi()["paths"]) == ["/a"]


def test_the_nearest_response_class_counts():
    app, plain, own = App(), APIRouter(), APIRouter(default_response_class=JSONResponse)
    for router in (plain, own):
        router.get("/a")(lambda: "text")
    app.include_router(plain, prefix="/plain", default_response_class=PlainTextResponse)
    app.include_router(own, prefix="/own", default_response_class=PlainTextResponse)
    assert app._call("GET", "/plain/a").body == b"text"
    assert app._call("GET", "/own/a").body == b'"text"'


def test_a_router_is_in_no_circle():
    app, outer, inner = App(), APIRouter(), APIRouter()
    outer.include_router(inner, prefix="/a")
    for including, included in ((outer, outer), (inner, outer)):
        with pytest.raises(AssertionError, match="Cannot include"):
            including.include_router(included, prefix="/b")
    inner.get("")(lambda: 1)
    with pytest.raises(FasterAPIError, match="both empty"):
        app.include_router(inner)


class Traced(APIRoute):
    def get_route_handler(self):
        answer = super().get_route_handler()

        async def handle(request: Request):
            try:
                response = await answer(request)
            except RequestValidationError as error:
                return PlainTextResponse(f"{len(error.errors())} wrong", 400)
            response.headers["x-path"] = self.path
            return response

        return handle


@pytest.mark.parametrize("has_layers", [False, True])
def test_a_route_class_stands_around_its_handlers(has_layers):
    app, router = App(), APIRouter(route_class=Traced)

    @router.get("/items/{number}")
    def read(number: int):
        return number

    app.include_router(router, prefix="/v1")
    if has_layers:
        app.exception_handler(KeyError)(lambda request, error: None)
    answer = app._call("GET", "/v1/items/3")
    assert answer.body == b"3"
    assert dict(answer.headers)["x-path"] == "/v1/items/{number}"
    answer = app._call("GET", "/v1/items/x")
    assert (answer.status, answer.body) == (400, b"1 wrong")


@pytest.mark.parametrize(
    "of_app, of_router, of_route, status",
    [
        (None, None, None, 200),
        (5, None, None, 413),
        (5, 10, None, 200),
        (10, 5, None, 413),
        (5, 5, 10, 200),
        (10, 10, 0, 413),
    ],
)
@pytest.mark.parametrize("is_async", [False, True])
def test_the_nearest_limit_of_bodies_counts(of_app, of_router, of_route, status, is_async):
    app, router = App(max_body_size=of_app), APIRouter(max_body_size=of_router)

    def read(request: Request):
        return 1

    async def read_async(request: Request):
        return 1

    router.post("/a", max_body_size=of_route)(read_async if is_async else read)
    app.include_router(router)
    assert app._call("POST", "/a", "", TEXT, b"123456").status == status
    if status == 413:
        assert app._call("POST", "/a", "", TEXT, b"").status == 200


def test_the_nearest_limits_of_forms_count():
    app = App(form_limits={"max_fields": 1, "max_part_size": 9})
    app.post("/app")(lambda a=Form(), b=Form(): [a, b])
    app.post("/own", form_limits={"max_fields": 3})(lambda a=Form(), b=Form(): [a, b])
    assert app._call("POST", "/app", "", FORM, b"a=1&b=2").status == 400
    assert app._call("POST", "/own", "", FORM, b"a=1&b=2").status == 200


@pytest.mark.parametrize(
    "limits",
    [
        {"max_body_size": -1},
        {"max_body_size": True},
        {"form_limits": {"max_fields": 1.5}},
        {"form_limits": {"max_size": 1}},
    ],
)
def test_a_limit_that_makes_no_sense_is_refused(limits):
    for owner in (App, APIRouter):
        with pytest.raises(ValueError, match="max_"):
            owner(**limits)


def test_webhooks_and_callbacks_are_described_and_not_served():
    app, callbacks = App(), APIRouter()

    @callbacks.post("{$callback_url}/paid/{$request.body.id}")
    def paid(amount: int): ...

    @app.webhooks.post("new-user")
    def new_user(name: str): ...

    app.post("/invoices", callbacks=callbacks.routes)(lambda callback_url: 1)
    document = app.openapi()
    assert list(document["webhooks"]) == ["new-user"]
    described = document["paths"]["/invoices"]["post"]["callbacks"]["paid"]
    assert list(described) == ["{$callback_url}/paid/{$request.body.id}"]
    assert app._call("POST", "/new-user").status == 404
    with pytest.raises(ValueError, match="must start with"):
        app.include_router(callbacks)
    with pytest.raises(ValueError, match="must start with"):
        app.get("items")(lambda: 1)


@pytest.mark.parametrize("path, status, body", [
    ("/float/2.5", 200, b"2.5"),
    ("/float/2", 200, b"2.0"),
    ("/float/x", 404, None),
    ("/uuid/00000000-0000-0000-0000-00000000000A", 200, b'"00000000-0000-0000-0000-00000000000a"'),
    ("/uuid/7", 404, None),
    ("/raw/7.5", 200, b'"float"'),
])  # fmt: skip
def test_converters_of_starlette(path, status, body):
    app = App()

    @app.get("/float/{value:float}")
    def of_float(value: float):
        return value

    @app.get("/uuid/{value:uuid}")
    def of_uuid(value: uuid.UUID):
        return value

    @app.get("/raw/{value:float}")
    def raw(request: Request):
        return type(request.path_params["value"]).__name__

    answer = app._call("GET", path)
    assert answer.status == status
    assert body is None or answer.body == body
    assert app.url_path_for("of_float", value=1.5) == "/float/1.5"


def test_two_routes_at_one_place_are_an_error_that_names_both():
    app = App()
    app.get("/a/{x}")(lambda x: "first")
    app.api_route("/a/{y}", methods=["GET", "POST"])(lambda y: "second")
    with pytest.raises(ValueError, match=r"GET /a/\{y\} at .*routers.py:204 .*routers.py:203"):
        app._call("GET", "/a/1")


def test_a_root_path_is_a_server_of_the_document():
    app = App(root_path="/api/v1", servers=[{"url": "/"}])
    document = json.loads(app._call("GET", "/openapi.json").body)
    assert document["servers"] == [{"url": "/api/v1"}, {"url": "/"}]
    app = App(root_path="/api/v1", root_path_in_servers=False)
    assert "servers" not in json.loads(app._call("GET", "/openapi.json").body)


def test_what_does_not_fit_says_whose_it_is():
    app, seen = App(), []

    @app.get("/items/{item}")
    def read_item(item: int, key: int = Depends(lambda key: key)) -> int:
        return "x"

    @app.exception_handler(RequestValidationError)
    @app.exception_handler(ResponseValidationError)
    def show(request, error):
        seen.append(error)
        return PlainTextResponse(str(error))

    app._call("GET", "/items/x", "key=1")
    app._call("GET", "/items/1", "key=1")
    for error in seen:
        assert error.endpoint_function == "read_item"
        assert error.endpoint_path == "GET /items/{item}"
        assert error.endpoint_file == __file__ and error.endpoint_line > 0
        assert "read_item" in str(error)
    assert len(seen) == 2


def test_functions_of_a_request_as_starlette_has_them():
    app, router = App(), APIRouter(prefix="/r")

    async def home(anything):
        return PlainTextResponse(anything.method)

    router.add_route("/home", home, methods=["POST"])
    app.include_router(router)
    assert app._call("POST", "/r/home").body == b"POST"
    assert app.openapi()["paths"] == {}


def test_the_scope_names_the_route():
    app = App()

    @app.get("/items/{item}")
    def read_item(request: Request):
        return [request.scope["route"].path, request.scope["endpoint"].__name__]

    assert json.loads(app._call("GET", "/items/1").body) == ["/items/{item}", "read_item"]


@pytest.mark.parametrize("responses, error", [
    ({404: "text"}, AssertionError),
    ({204: {"model": int}}, AssertionError),
    ({404: {"model": object()}}, FasterAPIError),
])  # fmt: skip
def test_responses_that_cannot_be_described(responses, error):
    with pytest.raises(error):
        App().get("/", responses=responses)(lambda: 1)


def test_a_route_class_may_read_the_body_by_a_request_of_starlette():
    requests = pytest.importorskip("starlette.requests")

    class Unpacked(requests.Request):
        async def body(self):
            return gzip.decompress(await super().body())

    class Unpacking(APIRoute):
        def get_route_handler(self):
            answer = super().get_route_handler()
            return lambda request: answer(Unpacked(request.scope, request.receive))

    app = App()
    app.router.route_class = Unpacking
    app.post("/sum/{more:int}")(lambda numbers=Body(), more=0, q=0: [numbers, more, q])
    body, json_type = gzip.compress(b"[1,2]"), [("content-type", "application/json")]
    answer = app._call("POST", "/sum/5", "q=3", json_type, body)
    assert (answer.status, answer.body) == (200, b'[[1,2],5,"3"]')
