"""The worker's event loop, as handlers and their libraries see it."""

import importlib.util

import pytest

APP = """
import asyncio, contextvars, socket
from fasterapi import App

app = App()
variable = contextvars.ContextVar("variable", default="unset")

@app.get("/order")
async def order():
    loop, seen = asyncio.get_running_loop(), []
    for n in range(5):
        loop.call_soon(seen.append, n)
    loop.call_soon(seen.append, "cancelled").cancel()
    loop.call_soon(loop.call_soon, seen.append, "later")
    await asyncio.sleep(0)
    now = list(seen)
    await asyncio.sleep(0)
    return [now, seen]

@app.get("/handle")
async def handle():
    loop = asyncio.get_running_loop()
    made = loop.call_soon(print, 1, 2)
    found = [isinstance(made, asyncio.Handle), made.cancelled(), "print" in repr(made)]
    made.cancel()
    return found + [made.cancelled(), "cancelled" in repr(made), made.get_context() is not None]

@app.get("/context")
async def context():
    loop, seen = asyncio.get_running_loop(), []
    def see(*more):
        seen.append(variable.get())
    variable.set("handler")
    loop.call_soon(see)
    own = contextvars.copy_context()
    own.run(variable.set, "own")
    loop.call_soon(see, context=own)
    loop.call_soon(see, 1, 2, context=None)
    loop.call_soon(variable.set, "callback")
    await asyncio.sleep(0)
    return seen + [variable.get()]

@app.get("/unset")
async def unset():
    await asyncio.sleep(0)
    return variable.get()

@app.get("/wrong")
async def wrong():
    loop, found = asyncio.get_running_loop(), []
    for call in (lambda: loop.call_soon(), lambda: loop.call_soon(print, other=1)):
        try:
            call()
        except TypeError as error:
            found.append(str(error))
    return found

@app.get("/raises")
async def raises():
    loop, seen = asyncio.get_running_loop(), []
    def fail():
        raise LookupError("in a callback")
    loop.set_exception_handler(lambda loop, context: seen.append(
        [context["message"].split(" at ")[0], repr(context["exception"]), "handle" in context]))
    try:
        loop.call_soon(fail)
        loop.call_soon(seen.append, "goes on")
        await asyncio.sleep(0)
    finally:
        loop.set_exception_handler(None)
    return seen

@app.get("/timers")
async def timers():
    loop, seen = asyncio.get_running_loop(), []
    start = loop.time()
    for delay in (0.03, 0.01, 0.02):
        loop.call_later(delay, seen.append, delay)
    for n in range(300):  # more than the heap keeps when they are cancelled
        loop.call_later(0.005 + n / 1000, seen.append, "cancelled").cancel()
    loop.call_at(start + 0.04, seen.append, "at")
    await asyncio.sleep(0.06)
    return [seen, loop.time() - start >= 0.06, len(loop._scheduled) < 100]

@app.get("/debug")
async def debug():
    loop, seen = asyncio.get_running_loop(), []
    loop.set_debug(True)
    try:
        handle = loop.call_soon(seen.append, "debugged")
        await asyncio.sleep(0.001)
        traced = handle._source_traceback is not None
    finally:
        loop.set_debug(False)
    loop.call_soon(seen.append, "again")
    await asyncio.sleep(0.001)
    return [seen, traced]

@app.get("/threadsafe")
async def threadsafe():
    loop, event = asyncio.get_running_loop(), asyncio.Event()
    await asyncio.to_thread(lambda: loop.call_soon_threadsafe(event.set))
    await asyncio.wait_for(event.wait(), 5)
    return "called"

@app.get("/task")
async def task():
    first = asyncio.current_task()
    await asyncio.sleep(0)
    return [first is asyncio.current_task(), first in asyncio.all_tasks(), first.done()]

@app.get("/done-callback")
async def done_callback():
    def done(task):
        app.state.seen = [task.done(), task.result()]
    app.state.seen = None
    asyncio.current_task().add_done_callback(done)
    await asyncio.sleep(0)
    return "watched"

@app.get("/seen")
async def seen():
    while app.state.seen is None:
        await asyncio.sleep(0)
    return app.state.seen

@app.get("/group")
async def group():
    seen = []
    async def member(n):
        await asyncio.sleep(0)
        if n == 2:
            raise KeyError(n)
        await asyncio.sleep(30)
    try:
        async with asyncio.TaskGroup() as tasks:
            for n in range(4):
                tasks.create_task(member(n))
    except* KeyError as errors:
        seen = [repr(error) for error in errors.exceptions]
    return seen

@app.get("/timeout")
async def timeout():
    seen = []
    try:
        async with asyncio.timeout(0.01) as outer:
            try:
                async with asyncio.timeout(30):
                    await asyncio.sleep(30)
            except TimeoutError:
                seen.append("inner")
    except TimeoutError:
        seen.append("outer")
    return seen + [outer.expired(), asyncio.current_task().cancelling()]

@app.get("/busy")
async def busy():
    loop, turns = asyncio.get_running_loop(), [0]
    near, far = socket.socketpair()
    near.setblocking(False), far.setblocking(False)
    async def echo():
        while True:
            await loop.sock_sendall(far, await loop.sock_recv(far, 100))
    async def spin():
        while True:
            turns[-1] += 1
            await asyncio.sleep(0)
    tasks = [asyncio.create_task(spin()), asyncio.create_task(echo())]
    for _ in range(5):
        await loop.sock_sendall(near, b"ping")
        await loop.sock_recv(near, 100)
        turns.append(0)
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)
    near.close(), far.close()
    return max(turns) < 100

@app.get("/nested-error")
async def nested_error():
    await asyncio.sleep(0)
    raise ValueError("after a suspension")

@app.get("/exit")
async def leave():
    await asyncio.sleep(0)
    raise SystemExit(3)

@app.get("/cancel-itself")
async def cancel_itself():
    asyncio.current_task().cancel()
    await asyncio.sleep(0)
"""

ANYIO = """
import anyio
from fasterapi import App

app = App()

@app.get("/group")
async def group():
    seen, start = [], anyio.current_time()
    async def member(n, *, task_status=anyio.TASK_STATUS_IGNORED):
        task_status.started(n)
        await anyio.sleep_until(start + 0.05 * (3 - n))
        seen.append(n)
    async with anyio.create_task_group() as tasks:
        for n in range(3):
            await tasks.start(member, n)
    return seen

@app.get("/cancelled")
async def cancelled():
    with anyio.move_on_after(0.01) as scope:
        await anyio.sleep(30)
    with anyio.CancelScope() as shielded:
        shielded.cancel()
        await anyio.sleep(30)
    return [scope.cancelled_caught, shielded.cancelled_caught]

@app.get("/threads")
async def threads():
    def work():
        return anyio.from_thread.run(add, 1, 2)
    async def add(a, b):
        await anyio.sleep(0)
        return a + b
    return await anyio.to_thread.run_sync(work)

@app.get("/events")
async def events():
    sender, receiver = anyio.create_memory_object_stream(1)
    async def send():
        async with sender:
            for n in range(5):
                await sender.send(n)
    async with anyio.create_task_group() as tasks, receiver:
        tasks.start_soon(send)
        return [n async for n in receiver]
"""

EXPECTED = {
    "/order": [[0, 1, 2, 3, 4], [0, 1, 2, 3, 4, "later"]],
    "/handle": [True, False, True, True, True, True],
    "/context": ["handler", "own", "handler", "handler"],
    "/unset": "unset",
    "/raises": [
        ["Exception in callback raises.<locals>.fail()", "LookupError('in a callback')", True],
        "goes on",
    ],
    "/timers": [[0.01, 0.02, 0.03, "at"], True, True],
    "/debug": [["debugged", "again"], True],
    "/threadsafe": "called",
    "/task": [True, True, False],
    "/done-callback": "watched",
    "/seen": [True, "watched"],
    "/group": ["KeyError(2)"],
    "/timeout": ["outer", True, 0],
    "/busy": True,  # descriptors have their turn though callbacks never end
}


@pytest.fixture(params=[True, False], ids=["sub-interpreter", "main interpreter"])
def server(serve, request):
    return serve(APP, config={"python": {"use_subinterpreters": request.param}})


def test_it_does_what_asyncio_says(server):
    with server.connect() as wire:
        for _ in range(3):  # nothing of one request is left for the next
            found = {target: wire.get(target).json() for target in EXPECTED}
            assert found == EXPECTED
    assert "never retrieved" not in server.log


def test_arguments_that_call_soon_does_not_take_are_a_type_error(server):
    messages = server.get("/wrong").json()
    assert "callback" in messages[0]
    assert "'other'" in messages[1]


def test_what_a_handler_raises_after_a_suspension_is_a_500_and_the_loop_goes_on(server):
    with server.connect() as wire:
        for target in ("/nested-error", "/exit", "/cancel-itself"):
            assert wire.get(target).status == 500
            assert wire.get("/unset").json() == "unset"
    server.wait_log("ValueError: after a suspension")
    server.wait_log(r"a task raised SystemExit\(3\)")
    assert "SystemError" not in server.log


@pytest.mark.skipif(importlib.util.find_spec("anyio") is None, reason="anyio is not installed")
def test_anyio_works_in_handlers(serve):
    folder = importlib.util.find_spec("anyio").submodule_search_locations[0]
    server = serve(ANYIO, config={"python": {"path": [str(folder).rpartition("/")[0]]}})
    with server.connect() as wire:
        assert wire.get("/group").json() == [2, 1, 0]
        assert wire.get("/cancelled").json() == [True, True]
        assert wire.get("/threads").json() == 3
        assert wire.get("/events").json() == [0, 1, 2, 3, 4]
