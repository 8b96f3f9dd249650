"""What routes say of a scope to libraries that ask them as Starlette's."""

import pytest

pytest.importorskip("starlette")

from starlette.routing import Match

from fasterapi import APIRouter, App, Request, WebSocket


def handler(request: Request):
    return 1


async def talk(websocket: WebSocket):
    await websocket.accept()


async def sub(scope, receive, send): ...


router = APIRouter(prefix="/v1")
router.get("/things/{n:int}")(handler)
router.mount("/files", sub)
app = App()
app.get("/items/{name}")(handler)
app.websocket("/talk")(talk)
app.include_router(router)


def scope(path, method="GET", kind="http", **more):
    return {"type": kind, "path": path, "method": method, **more}


def found(route, asked):
    match, child = route.matches(asked)
    return match, child.get("path_params")


def test_a_route_says_whether_path_and_method_are_its_own():
    route = next(each for each in app.routes if getattr(each, "path", "") == "/items/{name}")
    assert found(route, scope("/items/a")) == (Match.FULL, {"name": "a"})
    assert found(route, scope("/items/a", "HEAD")) == (Match.FULL, {"name": "a"})
    assert found(route, scope("/items/a", "POST")) == (Match.PARTIAL, {"name": "a"})
    assert found(route, scope("/items/a/b")) == (Match.NONE, None)
    assert found(route, scope("/items/a", kind="websocket")) == (Match.NONE, None)
    assert found(route, scope("/outer/items/a", root_path="/outer")) == (Match.FULL, {"name": "a"})
    assert route.matches(scope("/items/a"))[1]["endpoint"] is handler


def test_a_websocket_s_route_takes_websockets():
    route = next(each for each in app.routes if getattr(each, "path", "") == "/talk")
    assert found(route, scope("/talk", kind="websocket")) == (Match.FULL, {})
    assert found(route, scope("/talk")) == (Match.NONE, None)


def test_a_router_says_what_its_routes_say():
    included = app.routes[-1]
    assert found(included, scope("/v1/things/3")) == (Match.FULL, {"n": 3})
    assert found(included, scope("/v1/things/3", "PUT"))[0] is Match.PARTIAL
    assert found(included, scope("/v1/things/x"))[0] is Match.NONE
    paths = [each.path for each in included.effective_route_contexts()]
    assert paths == ["/v1/things/{n:int}"]


def test_a_mount_gives_its_app_the_rest_of_the_path():
    match, child = app.routes[-1].matches(scope("/outer/v1/files/a/b", root_path="/outer"))
    assert match is Match.FULL
    assert child == {
        "path_params": {},
        "app_root_path": "/outer",
        "root_path": "/outer/v1/files",
        "endpoint": sub,
    }
