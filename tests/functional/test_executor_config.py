"""ExecutorConfig, PythonExecutor and Reactor, as the first samples have them."""

import pytest

from support.server import IS_SANITIZED, Gate

APP = """
from fasterapi import App
from fasterapi.core.reactor import Reactor
from fasterapi.core.executor import PythonExecutor, ExecutorConfig

config = ExecutorConfig()
config.use_subinterpreters = {sub}
config.num_workers = 3
config.queue_capacity = 100
PythonExecutor.initialize(config)
Reactor.initialize(num_threads=2)

app = App()

@app.get("/stats")
def stats():
    return PythonExecutor.stats()._asdict()

@app.get("/late")
def late():
    PythonExecutor.initialize(config)

@app.get("/reactor")
def reactor():
    return Reactor.stats()._asdict()

@app.get("/shutdown")
def shutdown():
    PythonExecutor.shutdown()
    return "going"
"""


def start(serve, sub=True, **options):
    # The fixture's own workers and io_threads would win over what the module asks for.
    config = {"workers": None, "io_threads": None, **options.pop("config", {})}
    return serve(APP.format(sub=sub), config=config, **options)


def test_what_the_module_asks_for_is_done(serve):
    server = start(serve)
    server.wait_log("Using sub-interpreters: True")
    server.wait_log("workers: 3")
    stats = server.get("/stats").json()
    assert stats["is_running"] is True
    assert stats["num_workers"] == 3
    assert stats["queue_capacity"] == 128
    assert stats["submitted"] >= 1
    assert server.get("/reactor").json() == {"is_running": True, "num_threads": 2}


def test_the_configuration_wins(serve):
    server = start(serve, flags=["--workers=1"], config={"limits": {"queue_capacity": 16}})
    server.wait_log("workers: 1")
    assert server.get("/stats").json()["num_workers"] == 1
    assert server.get("/stats").json()["queue_capacity"] == 16


@pytest.mark.skipif(IS_SANITIZED, reason="so many interpreters take too long")
def test_as_many_workers_as_asked_for(serve):
    app = APP.format(sub=True).replace("num_workers = 3", "num_workers = 33")
    server = serve(app, config={"workers": None, "io_threads": None}, is_ready=False)
    server.wait_ready(120)
    assert server.get("/stats").json()["num_workers"] == 33


def test_the_threads_that_run_are_told(serve):
    # More event loops than workers would cross threads with each request.
    app = APP.format(sub=True).replace("num_threads=2", "num_threads=200")
    server = serve(app, config={"workers": None, "io_threads": None})
    assert server.get("/reactor").json() == {"is_running": True, "num_threads": 3}


def test_what_cannot_be_had_is_an_error_of_the_app(serve):
    app = APP.format(sub=True).replace("num_workers = 3", "num_workers = 257")
    server = serve(app, is_ready=False)
    assert server.wait() == 3
    assert "num_workers is an int from 1 to 256, or None, not 257" in server.log


def test_without_sub_interpreters(serve):
    server = start(serve, sub=False)
    server.wait_log("Using sub-interpreters: False")
    assert server.get("/stats").json()["num_workers"] == 1


def test_initialize_in_a_handler_is_explained(serve):
    server = start(serve)
    assert server.get("/late").status == 500
    server.wait_log("call it where the app module is imported")


def test_shutdown_drains_the_server(serve):
    server = start(serve)
    assert server.get("/shutdown").json() == "going"
    assert server.wait() == 0
    assert "stopped" in server.log


LEFT_BEHIND = """
import asyncio, os, threading
from fasterapi import App
from fasterapi.core.executor import PythonExecutor, ExecutorConfig

app = App()
PythonExecutor.initialize(ExecutorConfig(use_subinterpreters=False))

if not os.path.exists("imported"):
    open("imported", "w").close()
    threading.Thread(target=threading.Event().wait, name="sticky").start()

    async def hold_up():
        open(HELD).read()

    asyncio.get_event_loop().create_task(hold_up())

@app.get("/")
def root():
    return "served"
"""


def test_a_first_worker_that_does_not_end_is_left_behind(serve, tmp_path):
    gate = Gate(tmp_path / "held")
    app = LEFT_BEHIND.replace("HELD", repr(str(gate.path)))
    server = serve(app, config={"timeouts": {"drain": "200ms"}})
    assert server.get("/").json() == "served"
    gate.open()
    server.wait_log("worker 0: threads that did not end: sticky")
    assert server.get("/").json() == "served"
    server.stop(expected=5)
