"""What of Starlette's classes FastAPI's users reach for, without the server."""

import asyncio
import base64
import contextlib
import json
from typing import Any, AsyncIterator, List

import pytest

pytest.importorskip("starlette")

from fasterapi import APIRouter, App
from support.surface_app import app, plain
from support.surface_cases import ANSWERS, FIELDS

BASIC = "Basic " + base64.b64encode(b"me:secret").decode()


@pytest.mark.parametrize("to", [app, plain])
@pytest.mark.parametrize("target", ANSWERS)
def test_what_it_has(to: App, target: str) -> None:
    path, _, query = target.partition("?")
    assert json.loads(to._call("GET", path, query, FIELDS).body) == ANSWERS[target]


def test_credentials_are_models() -> None:
    given = {"username": "me", "password": "secret"}
    answer = plain._call("GET", "/basic", "", [("authorization", BASIC)])
    assert json.loads(answer.body) == {"dump": given, "given": given}
    answer = plain._call("GET", "/bearer", "", [("authorization", "Bearer t")])
    given = {"scheme": "Bearer", "credentials": "t"}
    assert json.loads(answer.body)[0] == given
    assert json.loads(json.loads(answer.body)[1]) == given


def test_options_of_middleware_by_place() -> None:
    assert app._call("GET", "/mark").body == b'"mm"'


def test_names_in_what_a_router_mounts() -> None:
    assert plain.url_path_for("sub", path="x") == "/out/mid/in/sub/x"
    router = APIRouter(prefix="/a")
    router.mount("/b", App(), name="b")
    assert router.url_path_for("b", path="/x") == "/a/b/x"


def test_a_document_that_was_set_stays() -> None:
    made = App()
    made.get("/a")(lambda: 1)
    made.openapi()["info"]["title"] = "changed"
    assert made.openapi()["info"]["title"] == "changed"
    made.openapi_schema = {"mine": True}
    made.get("/b")(lambda: 1)
    assert made.openapi() == {"mine": True}
    assert json.loads(made._call("GET", "/openapi.json").body) == {"mine": True}
    made.openapi_schema = None
    assert set(made.openapi()["paths"]) == {"/a", "/b"}


def test_a_lifespan_around_the_one_that_was_there() -> None:
    log: List[str] = []

    @contextlib.asynccontextmanager
    async def first(app: App) -> AsyncIterator[Any]:
        log.append("first")
        yield {"a": 1}
        log.append("first ends")

    made = App(lifespan=first)
    inner = made.router.lifespan_context

    @contextlib.asynccontextmanager
    async def around(app: App) -> AsyncIterator[Any]:
        async with inner(app) as state:
            log.append("around")
            yield {**state, "b": 2}

    made.router.lifespan_context = around

    async def live() -> None:
        await made._startup()
        await made._shutdown()

    asyncio.run(live())
    assert log == ["first", "around", "first ends"]
    assert (made.state.a, made.state.b) == (1, 2)
