"""Startup before the first request, shutdown after the last."""

import pytest

from support.server import STARTUP, wait_until

LIFESPAN = """
import asyncio
from contextlib import asynccontextmanager
from fasterapi import App, Request

@asynccontextmanager
async def lifespan(app):
    await asyncio.sleep(0.01)
    app.state.task = asyncio.current_task()
    print("lifespan begins")
    yield {"pool": "open"}
    await asyncio.sleep(0.01)
    assert asyncio.current_task() is app.state.task
    print("lifespan ends")

app = App(lifespan=lifespan)

@app.get("/")
def root():
    return app.state.pool

@app.get("/of-request")
def of_request(request: Request):
    return request.state.pool

@app.get("/slow")
def slow():
    open(GATE).read()
    print("request ends")
    return "slow"
"""


def test_a_lifespan_wraps_every_request(serve):
    server = serve(LIFESPAN, config={"workers": 2})
    assert server.get("/").json() == "open"
    assert server.get("/of-request").json() == "open"
    server.stop()
    assert server.log.count("lifespan begins") == 2
    assert server.log.count("lifespan ends") == 2


def test_shutdown_comes_after_the_requests_in_flight(serve):
    server = serve(LIFESPAN)
    gate, wire = server.hold("/slow")
    server.begin_drain()
    gate.open()
    assert wire.read().json() == "slow"
    assert server.wait() == 0
    assert server.log.index("request ends") < server.log.index("lifespan ends")


def test_events_run_per_worker(serve):
    server = serve(
        """
        import atexit
        from fasterapi import App
        app = App()
        order = []
        atexit.register(print, "atexit ran")

        @app.on_event("startup")
        def first():
            order.append("first")

        @app.on_event("startup")
        async def second():
            order.append("second")

        @app.on_event("shutdown")
        async def last():
            print("shutdown ran")

        @app.get("/")
        def root():
            return order
        """,
        config={"workers": 2},
    )
    assert server.get("/").json() == ["first", "second"]
    server.stop()
    assert server.log.count("shutdown ran") == 2
    assert server.log.count("atexit ran") == 2


def test_a_startup_that_fails_ends_the_server(serve):
    server = serve(
        """
        from fasterapi import App
        app = App()

        @app.on_event("startup")
        async def connect():
            raise ConnectionError("no database here")
        """,
        is_ready=False,
    )
    assert server.wait() == 3
    assert "no database here" in server.log
    assert "in connect" in server.log
    assert not server.port_file.exists()


def test_a_startup_that_hangs_is_given_up(serve):
    server = serve(
        """
        import asyncio
        from fasterapi import App
        app = App()
        app.on_event("startup")(lambda: asyncio.sleep(60))
        """,
        config={"timeouts": {"startup": STARTUP}},
        is_ready=False,
    )
    assert server.wait() == 3
    assert "The startup of app.py:app did not end within" in server.log


def test_a_shutdown_that_fails_is_logged(serve):
    server = serve(
        """
        from fasterapi import App
        app = App()

        @app.on_event("shutdown")
        async def disconnect():
            raise RuntimeError("lost the connection")
        """
    )
    server.stop()
    assert "lost the connection" in server.log


@pytest.mark.parametrize(
    "ending",
    [
        "asyncio.create_task(asyncio.sleep(1000))",
        "asyncio.get_running_loop().run_in_executor(None, time.sleep, 0.2)",
        "threading.Thread(target=time.sleep, args=(0.2,)).start()",
    ],
)
def test_what_still_runs_at_the_end_does_not_hang_it(serve, ending):
    server = serve(
        f"""
        import asyncio, threading, time
        from fasterapi import App
        app = App()

        @app.get("/")
        async def root():
            app.state.kept = {ending}
            return "started"
        """,
        config={"timeouts": {"drain": "10s"}},
    )
    assert server.get("/").json() == "started"
    server.stop()


def test_tasks_that_still_run_are_cancelled_and_may_clean_up(serve):
    server = serve(
        """
        import asyncio
        from fasterapi import App
        app = App()

        async def work():
            try:
                await asyncio.sleep(1000)
            finally:
                await asyncio.sleep(0.01)
                print("cleaned up")

        @app.get("/")
        async def root():
            app.state.task = asyncio.create_task(work())
            return 1
        """
    )
    server.get("/")
    server.stop()
    wait_until(lambda: "cleaned up" in server.log, "the clean-up")
