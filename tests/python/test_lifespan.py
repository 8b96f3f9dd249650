"""Startup, shutdown and state."""

import asyncio
import contextlib

import pytest

from fasterapi import App


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


def test_a_bare_generator_is_explained():
    async def lifespan(app):
        yield

    with pytest.raises(TypeError, match="asynccontextmanager"):
        asyncio.run(App(lifespan=lifespan)._startup())


def test_unknown_events_and_attributes():
    with pytest.raises(ValueError, match="'start'"):
        App().on_event("start")(print)
    with pytest.raises(AttributeError, match="set it at startup"):
        _ = App().state.nothing
