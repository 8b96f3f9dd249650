"""Python handlers: sync, async, with state, tasks and context of their own."""

import json

import pytest

APP = """
import asyncio, contextvars, json, sys, threading
from fasterapi import App, Request, Response

app = App()
variable = contextvars.ContextVar("variable", default="unset")
ticks = []
kept = []

@app.on_event("startup")
async def start():
    async def tick():
        while True:
            await asyncio.sleep(0.005)
            ticks.append(1)
    app.state.ticker = asyncio.create_task(tick())

@app.get("/hello")
def hello():
    return {"hello": "world"}

@app.get("/async")
async def suspended():
    await asyncio.sleep(0)
    await asyncio.sleep(0.001)
    return {"task": asyncio.current_task() is not None}

@app.get("/immediate")
async def immediate():
    return {"task": asyncio.current_task() is not None}

@app.get("/gather")
async def gather():
    async def one(n):
        await asyncio.sleep(0.001 * (5 - n))
        return n
    return await asyncio.gather(*(one(n) for n in range(5)))

@app.get("/timeout")
async def timeout():
    try:
        async with asyncio.timeout(0.01):
            await asyncio.sleep(30)
    except TimeoutError:
        return "timed out"

@app.get("/thread")
async def thread():
    return await asyncio.to_thread(lambda: threading.current_thread().name) != "MainThread"

@app.get("/loop-in-sync")
def loop_in_sync():
    return asyncio.get_running_loop().is_running()

@app.get("/ticks")
def count_ticks():
    return len(ticks)

@app.get("/set-variable")
def set_variable(value: str):
    before = variable.get()
    variable.set(value)
    return before

@app.get("/set-variable-async")
async def set_variable_async(value: str):
    before = variable.get()
    variable.set(value)
    await asyncio.sleep(0)
    return [before, variable.get()]

@app.get("/keep/{name}")
def keep(name: str, request: Request):
    kept.append(request)
    return len(kept)

@app.get("/kept")
def show_kept():
    return [[r.path, r.headers["x-n"], r.query_params["n"], r.path_params["name"]] for r in kept]

@app.get("/shared")
async def shared(n: int):
    app.state.sum = getattr(app.state, "sum", 0) + n
    return app.state.sum

@app.get("/subprocess")
async def run_subprocess():
    process = await asyncio.create_subprocess_exec("/bin/echo", "hi", stdout=-1)
    out, _ = await process.communicate()
    return out.decode()

@app.post("/size")
def size(req):
    return len(req.body())

@app.get("/big")
def big(size: int):
    return Response(b"x" * size)

@app.get("/deep")
def deep(depth: int):
    value = []
    for _ in range(depth):
        value = [value]
    return value

@app.get("/future")
def future():
    made = asyncio.get_running_loop().create_future()
    asyncio.get_running_loop().call_later(0.001, made.set_result, "from the future")
    return made

@app.get("/version")
def version():
    return list(sys.version_info[:2])
"""


@pytest.fixture(scope="module")
def server(serve_once):
    return serve_once(APP)


@pytest.mark.parametrize(
    "target, expected",
    [
        ("/hello", {"hello": "world"}),
        ("/async", {"task": True}),
        ("/immediate", {"task": True}),
        ("/gather", [0, 1, 2, 3, 4]),
        ("/timeout", "timed out"),
        ("/thread", True),
        ("/loop-in-sync", True),
        ("/subprocess", "hi\n"),
        ("/future", "from the future"),
        ("/version", [3, 13]),
    ],
)
def test_handlers(server, target, expected):
    reply = server.get(target)
    assert (reply.status, reply.json()) == (200, expected)
    assert reply.headers["content-type"] == "application/json"


def test_background_tasks_live_between_requests(server):
    from support.server import wait_until

    first = server.get("/ticks").json()
    wait_until(lambda: server.get("/ticks").json() > first + 2, "the ticker")


@pytest.mark.parametrize("target", ["/set-variable", "/set-variable-async"])
def test_each_request_has_its_own_context(server, target):
    for _ in range(3):
        answer = server.get(f"{target}?value=mine").json()
        assert answer in ("unset", ["unset", "mine"])


def test_a_kept_request_stays_what_it_was(server):
    with server.connect() as wire:
        for n in range(20):
            wire.get(f"/keep/name{n}?n={n}", f"X-N: {n}")
        kept = wire.get("/kept").json()
    assert kept == [[f"/keep/name{n}", str(n), str(n), f"name{n}"] for n in range(20)]


def test_state_is_the_apps(server):
    sums = [server.get("/shared?n=2").json() for _ in range(3)]
    assert sums == [2, 4, 6]


@pytest.mark.parametrize("size", [1, 4095, 4096, 70_000, 3_000_000])
def test_bodies_of_any_size_both_ways(server, size):
    assert server.request("POST", "/size", body=b"x" * size).json() == size
    assert len(server.get(f"/big?size={size}").body) == size


def test_too_deep_a_value_is_a_500_and_the_worker_lives_on(server):
    assert server.get("/deep?depth=50").status == 200
    assert server.get("/deep?depth=100000").status == 500
    assert server.get("/hello").status == 200


def test_json_is_compact_utf8(server):
    reply = server.get("/hello")
    assert reply.body == json.dumps({"hello": "world"}, separators=(",", ":")).encode()
