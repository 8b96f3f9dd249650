"""Handlers that stop or close the event loop of their worker."""

from support.wire import request

APP = """
import asyncio
from fasterapi import App

app = App()

@app.on_event("shutdown")
def shutdown():
    print("shutdown ran")

@app.get("/stop")
async def stop():
    asyncio.get_running_loop().stop()
    return "stopped"

@app.get("/stop-in-sync")
def stop_in_sync():
    asyncio.get_running_loop().stop()
    return "stopped"

@app.get("/close")
async def close():
    await asyncio.sleep(0)  # so that the loop is not within select()
    loop = asyncio.get_running_loop()
    loop.run_forever = loop.close  # the next time, when it does not run
    loop.stop()
    return "closed"

@app.get("/forever")
async def forever():
    await asyncio.Event().wait()

@app.get("/await")
async def wait():
    await asyncio.sleep(0.001)
    return "awaited"
"""


def test_a_loop_that_is_stopped_goes_on(serve):
    server = serve(APP)
    for count, target in enumerate(["/stop", "/stop-in-sync", "/stop"], 1):
        assert server.get(target).json() == "stopped"
        server.wait_log(f"(?s)(WARN[^\n]*stopped the event loop.*){{{count}}}")
        assert server.get("/await").json() == "awaited"
    assert "shutdown ran" not in server.log
    server.stop()
    assert server.log.count("shutdown ran") == 1


def test_handlers_that_are_suspended_when_the_loop_is_stopped_are_answered(serve, background):
    server = serve(APP)
    wires = [server.connect() for _ in range(20)]
    waiting = [background(wire.get, "/await") for wire in wires]
    assert server.get("/stop").json() == "stopped"
    assert [each.result().json() for each in waiting] == ["awaited"] * 20


def test_a_worker_whose_loop_is_closed_is_replaced(serve):
    for dispatch in ("auto", "inline", "ring"):
        server = serve(APP, config={"dispatch": dispatch, "metrics": {"path": "/metrics"}})
        suspended = server.connect()
        suspended.send(request("GET", "/forever"))
        assert server.get("/close").json() == "closed"
        assert suspended.read().status == 503
        assert "ERROR" in server.wait_log(".*worker 0 has ended: .*closed the event loop.*")[0]
        server.wait_log("takes the place")
        assert server.get("/await").json() == "awaited"
        assert "fasterapi_workers_replaced_total 1\n" in server.get("/metrics").body.decode()
        server.stop()


def test_a_server_that_cannot_replace_its_worker_ends_with_1(serve):
    server = serve(APP, config={"python": {"use_subinterpreters": False}})
    assert server.get("/close").json() == "closed"
    assert server.wait() == 1
    assert "has lost a worker" in server.log
