"""A dependency that yields is left before its worker takes the next request, whatever queues up."""

import pytest

from support.wire import request

APP = """
import sqlite3
from fasterapi import App, BackgroundTasks, Depends

app = App()
entered = []
seen = []

@app.get("/gated")
def gated():
    open(GATE).read()

def resource():
    entered.append(1)
    yield len(entered)
    entered.pop()

@app.get("/plain")
def plain(count=Depends(resource)):
    return count

@app.get("/async")
async def from_async(count=Depends(resource)):
    return count

@app.get("/tasks")
def with_tasks(tasks: BackgroundTasks, count=Depends(resource)):
    tasks.add_task(seen.append, count)
    return count

@app.get("/streamed")
def streamed(count=Depends(resource)):
    return (str(each) for each in [count])

def connect():
    connection = sqlite3.connect("rows.db", timeout=0)
    connection.execute("create table if not exists rows (n)")
    yield connection
    connection.commit()
    connection.close()

@app.get("/rows")
def add_row(db=Depends(connect)):
    db.execute("insert into rows values (1)")
    return 1
"""


@pytest.mark.parametrize("target", ["/plain", "/async", "/tasks", "/streamed", "/rows"])
def test_it_is_left_before_the_next_request(serve, target):
    server = serve(APP, flags=["--workers=1"])
    gate, held = server.hold("/gated")
    wires = [server.connect().send(request("GET", target)) for _ in range(20)]
    gate.open()
    assert held.read().status == 200
    assert [wire.read().body for wire in wires] == [b"1"] * 20
