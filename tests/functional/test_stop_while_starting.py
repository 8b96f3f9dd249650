"""Signals before the server listens, and how a start that fails ends."""

import re
import signal
import subprocess

import pytest

from support.server import BINARY, STARTUP, environment

APP = """
import asyncio, time
from contextlib import asynccontextmanager
import _fasterapi
from fasterapi import App

def begin():
    print("begun")
    time.sleep(600)

async def begin_async():
    print("begun")
    try:
        await asyncio.sleep(600)
    finally:
        await asyncio.sleep(0.01)
        print("cleaned up")

{body}
"""

STARTS = {
    "import": "begin()",
    "blocking startup": "app = App(on_startup=[begin])",
    "async startup": "app = App(on_startup=[begin_async])",
}


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("start", STARTS)
def test_it_ends_with_0_within_the_drain(serve, start, number):
    server = serve(
        APP.format(body=STARTS[start]), config={"timeouts": {"drain": "1s"}}, is_ready=False
    )
    server.wait_log("begun")
    server.signal(number)
    assert server.wait(10) == 0
    assert "listening" not in server.log
    assert not server.port_file.exists()


@pytest.mark.parametrize("start", ["import", "async startup"])
def test_what_has_nothing_to_finish_does_not_take_the_whole_drain(serve, start):
    server = serve(
        APP.format(body=STARTS[start]), config={"timeouts": {"drain": "60s"}}, is_ready=False
    )
    server.wait_log("begun")
    server.signal()
    assert server.wait(20) == 0


def test_an_async_startup_is_cancelled_and_may_clean_up(serve):
    server = serve(APP.format(body=STARTS["async startup"]), is_ready=False)
    server.wait_log("begun")
    server.signal()
    assert server.wait(20) == 0
    assert "cleaned up" in server.log
    assert "ERROR" not in server.log


def test_workers_that_have_started_are_shut_down(serve):
    body = """
@asynccontextmanager
async def lifespan(app):
    if _fasterapi.worker_id() == 1:
        await begin_async()
    yield
    print("shut down")

app = App(lifespan=lifespan)
"""
    server = serve(APP.format(body=body), config={"workers": 2}, is_ready=False)
    server.wait_log("begun")
    server.signal()
    assert server.wait(20) == 0
    assert server.log.count("shut down") == 1


def test_a_second_signal_ends_a_start_at_once(serve):
    server = serve(APP.format(body=STARTS["blocking startup"]), is_ready=False)
    server.wait_log("begun")
    server.begin_drain()
    server.signal()
    assert server.wait(10) == 128 + signal.SIGTERM


@pytest.mark.parametrize("start", STARTS)
def test_a_start_that_blocks_is_given_up_with_3(serve, start):
    server = serve(
        APP.format(body=STARTS[start]),
        config={"timeouts": {"startup": STARTUP, "drain": "500ms"}},
        is_ready=False,
    )
    assert server.wait(60) == 3
    assert re.search(f"The {start.split()[-1]} of app.py:app .*within", server.log)


LEAVES_A_THREAD = """
import threading
from fasterapi import App

app = App()
app.get("/here")(lambda: 1)
threading.Thread(target=threading.Event().wait).start()
"""


def test_a_module_that_leaves_a_thread_and_fails_is_3(serve):
    server = serve(
        LEAVES_A_THREAD + "raise ValueError('no')\n",
        config={"timeouts": {"drain": "500ms"}},
        is_ready=False,
    )
    assert server.wait(20) == 3


def run(folder, command, *flags):
    return subprocess.Popen(
        [BINARY, command, "app.py:app", *flags],
        cwd=folder,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_a_command_says_what_was_asked_for_whatever_the_module_leaves(tmp_path):
    (tmp_path / "app.py").write_text(LEAVES_A_THREAD)
    done = run(tmp_path, "routes", "--timeouts-drain=500ms")
    text, _ = done.communicate(timeout=30)
    assert (done.returncode, "/here" in text) == (0, True)


def test_a_command_that_is_interrupted_says_so(tmp_path):
    (tmp_path / "app.py").write_text(APP.format(body="begin()"))
    done = run(tmp_path, "routes", "--log-level=info")
    for line in done.stderr:
        if "begun" in line:
            break
    done.terminate()
    text, _ = done.communicate(timeout=30)
    assert (done.returncode, text) == (128 + signal.SIGTERM, "")
