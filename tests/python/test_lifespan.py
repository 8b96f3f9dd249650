"""Startup, shutdown and state."""

import asyncio
import contextlib

import pytest

from fasterapi import APIRouter, App


def run_through(app: App) -> None:
    async def both():
        await app._startup()
        await app._shutdown()

    asyncio.run(both())


def test_events_run_in_order_sync_and_async():
    seen = []
    app = App(on_startup=[lambda: seen.append("first")], on_shutdown=[lambda: seen.append("end")])

    @app.on_event("startup")
    async def second():
        seen.append("second")

    @app.on_event("shutdown")
    def last():
        seen.append("last")

    run_through(app)
    assert seen == ["first", "second", "end", "last"]


def test_a_lifespan_takes_the_place_of_events_and_its_state_is_the_apps():
    seen = []

    @contextlib.asynccontextmanager
    async def lifespan(app):
        app.state.a = 1
        yield {"b": 2}
        seen.append((app.state.a, app.state.b))

    app = App(lifespan=lifespan, on_startup=[lambda: seen.append("never")])
    run_through(app)
    assert seen == [(1, 2)]


def test_a_failed_startup_has_no_shutdown():
    @contextlib.asynccontextmanager
    async def lifespan(app):
        raise RuntimeError("no database")
        yield

    app = App(lifespan=lifespan)
    with pytest.raises(RuntimeError, match="no database"):
        asyncio.run(app._startup())
    asyncio.run(app._shutdown())


@pytest.mark.parametrize("is_async", [True, False])
def test_a_bare_generator_is_a_lifespan(is_async):
    seen = []

    async def lifespan(app):
        seen.append("up")
        yield {"a": 1}
        seen.append("down")

    def plain(app):
        seen.append("up")
        yield {"a": 1}
        seen.append("down")

    app = App(lifespan=lifespan if is_async else plain)
    run_through(app)
    assert (seen, app.state.a) == (["up", "down"], 1)


def test_routers_start_and_stop_with_the_app():
    seen = []

    @contextlib.asynccontextmanager
    async def lifespan(app):
        seen.append("inner up")
        yield {"a": "inner", "b": "inner"}
        seen.append("inner down")

    @contextlib.asynccontextmanager
    async def outer(app):
        seen.append("outer up")
        yield {"a": "outer"}
        seen.append("outer down")

    inner = APIRouter(lifespan=lifespan)
    router = APIRouter()
    router.include_router(inner, prefix="/i")
    app = App(lifespan=outer)
    app.include_router(router)
    run_through(app)
    assert seen == ["outer up", "inner up", "inner down", "outer down"]
    assert (app.state.a, app.state.b) == ("outer", "inner")


def test_events_of_a_router_run_once():
    seen = []
    router = APIRouter(on_startup=[lambda: seen.append("given")])
    router.on_event("startup")(lambda: seen.append("added"))
    router.add_event_handler("shutdown", lambda: seen.append("down"))
    app = App()
    app.include_router(router)
    run_through(app)
    assert seen == ["given", "added", "down"]


def test_unknown_events_and_attributes():
    with pytest.raises(ValueError, match="'start'"):
        App().on_event("start")(print)
    with pytest.raises(AttributeError, match="set it at startup"):
        _ = App().state.nothing
