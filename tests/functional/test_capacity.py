"""``Depends(max_concurrency=...)`` through real sockets."""

from support.wire import request

APP = """
import asyncio
from typing import Annotated
from fasterapi import App, Depends

app = App()
inside = peak = 0

async def place():
    global inside, peak
    inside += 1
    peak = max(peak, inside)
    yield
    inside -= 1

@app.get("/")
async def handler(_: Annotated[None, Depends(place, max_concurrency=2)]):
    await asyncio.sleep(0.01)
    return inside

@app.get("/peak")
def read():
    return [inside, peak]
"""


def test_so_many_requests_of_a_worker_are_in_it(serve):
    server = serve(APP, config={"workers": 1})
    wires = [server.connect() for _ in range(6)]
    for wire in wires:
        wire.send(request("GET", "/"))
    answers = [wire.read("GET") for wire in wires]
    assert [each.status for each in answers] == [200] * 6
    assert {each.body for each in answers} <= {b"1", b"2"}
    assert server.get("/peak").json()[1] == 2
    for wire in wires:
        wire.close()
