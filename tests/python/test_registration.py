"""What a handler may look like, and what is said about one that may not."""

import dataclasses
import functools
import inspect
import json
import re
from enum import Enum
from typing import Annotated, Any, Callable, Dict, List, Optional, Union

import pytest

from fasterapi import APIRouter, App, Depends, Query, Request, Response, _keywords
from fasterapi._binding import NotNative, make_plan
from fasterapi._route_options import RouteOptions
from fasterapi.params import ParamInfo


def plan(handler: Callable[..., Any], path: str = "/") -> List[tuple]:
    return [tuple(parameter) for parameter in make_plan(handler, path)]


def test_the_plan_is_what_the_server_compiles():
    def handler(item_id: int, req, q: str = "x", body: Optional[dict] = None, *, res): ...

    assert plan(handler, "/{tenant}/items/{item_id}") == [
        ("item_id", "path", "int", True, None, "item_id", 1, False),
        ("req", "request", "json", False, None, "req", -1, False),
        ("q", "query", "str", False, "x", "q", -1, False),
        ("body", "body", "dict", False, None, "body", -1, True),
        ("res", "response", "json", False, None, "res", -1, False),
    ]


def test_request_and_response_are_known_by_name_or_by_type():
    def by_name(request, response): ...

    def by_type(a: Request, b: Response): ...

    def by_string(a: "Request", b: "Response"): ...

    def as_query(request: str, res: int): ...

    for handler in (by_name, by_type, by_string):
        assert [p[1] for p in plan(handler)] == ["request", "response"]
    assert [p[1] for p in plan(as_query)] == ["query", "query"]


@pytest.mark.parametrize(
    "annotation, type_, nullable",
    [
        (Optional[int], "int", True),
        (Union[None, str], "str", True),
        ("int | None", "int", True),
        ("dict[str, Any] | None", "dict", True),
        (Dict[str, Any], "dict", False),
        (Dict, "dict", False),
        (List[Any], "list", False),
        (list, "list", False),
        (bytes, "bytes", False),
        (Any, "json", True),
    ],
)
def test_annotations(annotation, type_, nullable):
    def handler(x): ...

    handler.__annotations__["x"] = annotation
    assert [(p[2], p[7]) for p in plan(handler)] == [(type_, nullable)]


def refuses(path: str, handler: Callable[..., Any], *words: str) -> None:
    with pytest.raises((TypeError, ValueError)) as caught:
        App().get(path)(handler)
    for word in words:
        assert word in str(caught.value)


def test_an_unsupported_annotation_names_parameter_and_place():
    class Unknown: ...

    def handler(when): ...

    handler.__annotations__["when"] = Unknown
    line = handler.__code__.co_firstlineno
    refuses("/", handler, "handler", f"test_registration.py:{line}", "'when'", "Unknown")


@pytest.mark.parametrize("annotation", [Dict[str, int], List[int], Union[int, str], set, Enum])
def test_what_the_native_plan_would_not_check_is_a_general_route(annotation):
    def handler(x): ...

    handler.__annotations__["x"] = annotation
    with pytest.raises(NotNative):
        make_plan(handler, "/")


def test_an_annotation_that_cannot_be_found():
    def handler(x: "Nothing"): ...  # type: ignore[name-defined] # noqa: F821

    refuses("/", handler, "'x'", "Nothing")


def test_a_path_parameter_that_the_handler_lacks():
    refuses("/{a}/{b}", lambda a: a, "'b'")
    App().get("/{a}/{b}")(lambda request: request)
    refuses("/{a}/{b}", lambda a, q=Query(): a, "'b'")


def test_a_path_parameter_is_a_scalar():
    def handler(a: dict): ...

    refuses("/{a}", handler, "'a'", "in the path")


def test_a_default_of_a_path_parameter_is_never_used():
    app = App()
    app.get("/{a}")(lambda a=1: a)
    assert app._call("GET", "/7").body == b'"7"'


def test_collecting_parameters():
    refuses("/", lambda *args: args, "*args")
    refuses("/", lambda **kwargs: kwargs, "**kwargs")


@pytest.mark.parametrize(
    "path", ["items", "/{a}/{a}", "/{a:date}", "/{}", "/{1a}", "/{a", "/a}", "/{a{b}}"]
)
def test_bad_paths(path):
    refuses(path, lambda request: request, repr(path))


@pytest.mark.parametrize("methods", ["GET", ["FE TCH"], ["GET", ""]])
def test_bad_methods(methods):
    with pytest.raises((TypeError, ValueError), match=r"is no token of HTTP's|is a list"):
        App().add_api_route("/", lambda: 1, methods=methods)


def test_a_handler_that_cannot_be_called():
    with pytest.raises(TypeError, match="cannot be called"):
        App().add_api_route("/", "handler")  # type: ignore[arg-type]


def test_partials_and_objects_are_handlers():
    class Handler:
        async def __call__(self, x: int):
            return x

    def add(a, x: int):
        return a + x

    app = App(openapi_url=None)
    app.add_api_route("/object", Handler())
    app.add_api_route("/partial", functools.partial(add, 1))
    assert app._call("GET", "/object", "x=2").body == b"2"
    assert app._call("GET", "/partial", "x=2").body == b"3"
    assert [route.is_coroutine for route in app._compile_routes()] == [True, False]
    assert all("test_registration.py:" in route.origin for route in app._compile_routes())


def test_compiled_routes_are_the_documented_tuples():
    app = App(openapi_url=None)

    @app.route("/a/{x:str}", methods=["get", "POST"], name="both")
    async def handler(x): ...

    (route,) = app._compile_routes()
    assert tuple(route[:3]) == (("GET", "POST"), "/a/{x}", "both")
    assert re.fullmatch(r".*test_registration\.py:\d+", route.origin)
    assert route.endpoint is handler
    assert route.is_coroutine is True


def test_decorators_leave_the_function_as_it_is():
    app = App()

    def handler(): ...

    for verb in ("get", "post", "put", "patch", "delete", "head", "options"):
        assert getattr(app, verb)("/" + verb)(handler) is handler
    assert [route.methods for route in app.routes] == [{r.path[1:].upper()} for r in app.routes]


def test_a_router_keeps_its_options_and_cannot_have_a_bad_prefix():
    with pytest.raises(ValueError, match="prefix"):
        APIRouter(prefix="a")
    with pytest.raises(ValueError, match="prefix"):
        App().include_router(APIRouter(), prefix="/a/")


def test_a_route_under_a_prefix_is_bound_to_the_whole_path():
    router = APIRouter()

    @router.get("/x")
    def handler(tenant: dict): ...

    with pytest.raises(TypeError, match="'tenant' is in the path"):
        App().include_router(router, prefix="/{tenant}")


def test_the_document_is_served_unless_the_app_says_otherwise():
    app = App(title="t")
    app.get("/items/{n}")(lambda n: n)
    served = json.loads(app._call("GET", "/openapi.json").body)
    assert served == app.openapi()
    assert list(served["paths"]) == ["/items/{n}"]
    assert App(openapi_url=None)._call("GET", "/openapi.json").status == 404
    assert App(openapi_url="/doc")._call("GET", "/doc").status == 200
    own = App()
    own.get("/openapi.json")(lambda: "own")
    assert own._call("GET", "/openapi.json").body == b'"own"'


@pytest.mark.parametrize(
    "register, said",
    [
        (lambda: App(opnapi_url=None), "App(): there is no keyword 'opnapi_url'; is 'openapi_url'"),
        (
            lambda: App().get("/a", response_modle=int)(lambda: 1),
            "/a: there is no keyword 'response_modle'; is 'response_model' meant?",
        ),
        (lambda: App().get("/a", unknown=1)(lambda: 1), "/a: there is no keyword 'unknown'"),
        (lambda: APIRouter(dependncies=[]), "'dependncies'; is 'dependencies' meant?"),
        (lambda: App().include_router(APIRouter(), prefix="/a", tgas=[]), "'tgas'; is 'tags'"),
    ],
)
def test_a_misspelled_keyword_is_named_with_the_one_that_is_meant(register, said):
    with pytest.raises(TypeError, match=re.escape(said)):
        register()


def test_an_app_keeps_keywords_of_its_user():
    assert App(shop=None, my_setting=5).extra == {"shop": None, "my_setting": 5}


@pytest.mark.parametrize(
    "keywords, taken",
    [
        (_keywords.RouteKeywords, [field.name for field in dataclasses.fields(RouteOptions)]),
        (_keywords.ParamKeywords, list(ParamInfo.__init__.__kwdefaults__)),
    ],
)
def test_keywords_for_type_checkers_are_those_that_are_taken(keywords, taken):
    assert list(keywords.__annotations__) == taken


def test_arguments_are_given_by_name_where_a_signature_was_replaced():
    def handler(first: str, second: str):
        return [first, second]

    own = inspect.signature(handler)
    replaced = own.replace(parameters=reversed(own.parameters.values()))
    handler.__signature__ = replaced  # type: ignore[attr-defined]
    app = App()
    app.get("/native")(handler)
    app.get("/general", dependencies=[Depends(lambda: None)])(handler)
    for path in ("/native", "/general"):
        assert app._call("GET", path, "first=1&second=2", [], b"").body == b'["1","2"]'


def test_a_decorator_with_keywords_gets_all_of_them():
    def decorate(call):
        @functools.wraps(call)
        def run(*args, **kwargs):
            return [len(args), sorted(kwargs), call(*args, **kwargs)]

        return run

    @decorate
    def handler(a: int, b: str = "b", *, c: int = 3):
        return a + c

    app = App()
    app.get("/native/{a}")(handler)
    app.get("/general/{a}", dependencies=[Depends(lambda: None)])(handler)
    for path in ("/native/1", "/general/1"):
        assert json.loads(app._call("GET", path, "", [], b"").body) == [0, ["a", "b", "c"], 4]


def test_declarations_that_are_fastapi_s_own_are_refused_and_not_ignored():
    class Foreign:
        def __init__(self, dependency=None):
            self.dependency, self.use_cache, self.scope = dependency, True, None

    Foreign.__module__, Foreign.__name__ = "fastapi.params", "Depends"
    app = App()

    def by_default(user: str = Foreign(str)): ...

    def by_annotation(user: Annotated[str, Foreign(str)]): ...

    def below(user: Annotated[str, Depends(by_default)]): ...

    for handler in (by_default, by_annotation, below):
        with pytest.raises(TypeError, match="'user': Depends is FastAPI's own here; from fasterapi"):
            app.get("/")(handler)
            app._call("GET", "/", "", [], b"")
    for said in ({"dependencies": [Foreign(str)]}, {"dependencies": [Depends(by_default)]}):
        with pytest.raises(TypeError, match="Depends"):
            app.get("/", **said)(lambda: 1)
    with pytest.raises(TypeError, match="Depends is FastAPI.s own here"):
        app.include_router(Foreign())
