"""What of Starlette's classes FastAPI's users reach for, in the server."""

import pytest

from support.server import ROOT
from support.surface_cases import ANSWERS, FIELDS
from support.wire import request

APP = f"""
import sys
sys.path.insert(0, {str(ROOT / "tests")!r})
from support.surface_app import {{}} as app
"""


@pytest.fixture(scope="module", params=["app", "plain"])
def server(request, serve_once):
    return serve_once(APP.format(request.param), flags=["--workers=1"])


@pytest.mark.parametrize("target", ANSWERS)
def test_what_it_has(server, target):
    (_, host), *fields = FIELDS
    with server.connect() as wire:
        wire.send(request("GET", target, *(f"{n}: {v}" for n, v in fields), host=host))
        assert wire.read("GET").json() == ANSWERS[target]


def test_a_lifespan_that_was_put_around_another_one(serve):
    server = serve(
        """
        import contextlib
        from fasterapi import App, Request

        @contextlib.asynccontextmanager
        async def first(app):
            yield {"a": 1}

        app = App(lifespan=first)
        inner = app.router.lifespan_context

        @contextlib.asynccontextmanager
        async def around(app):
            async with inner(app) as state:
                yield {**state, "b": 2}

        app.router.lifespan_context = around

        @app.get("/")
        def read(request: Request):
            return [request.state["a"], request.state.b]
        """
    )
    assert server.get("/").json() == [1, 2]


PETS = """
from typing import Annotated, Any, List, Union
from fasterapi import App
from fasterapi.models import BaseModel, Discriminator, Tag

class Cat(BaseModel):
    lives: int = 9

class Dog(BaseModel):
    name: str

def kind_of(value: Any) -> Any:
    return value.get("kind") if isinstance(value, dict) else type(value).__name__.lower()

Pet = Annotated[
    Union[Annotated[Cat, Tag("cat")], Annotated[Dog, Tag("dog")]], Discriminator(kind_of)
]

class Home(BaseModel):
    pets: List[Pet]

app = App()

@app.post("/")
def echo(home: Home) -> Home:
    return home
"""


def test_a_function_tells_the_members_of_a_union_apart(serve):
    server = serve(PETS)
    given = {"pets": [{"kind": "cat"}, {"kind": "dog", "name": "x"}]}
    assert server.post("/", given).json() == {"pets": [{"lives": 9}, {"name": "x"}]}
    reply = server.post("/", {"pets": [{"kind": "cow"}]})
    assert reply.status == 422
    assert reply.json()["detail"][0]["type"] == "union_tag_invalid"
