"""Tasks that a handler leaves behind go on after its answer."""

from support.server import wait_until

APP = """
import asyncio
from fasterapi import App

app = App()
done = []
tasks = set()

async def work(n):
    await asyncio.sleep(0.02)
    done.append(n)

def start(n):
    task = asyncio.create_task(work(n))
    tasks.add(task)
    task.add_done_callback(tasks.discard)

@app.get("/sync/{n}")
def from_sync(n: int):
    start(n)
    return done

@app.get("/async/{n}")
async def from_async(n: int):
    start(n)
    return done

@app.get("/fail")
def fail():
    async def broken():
        raise ValueError("nobody waits for me")
    asyncio.create_task(broken())

@app.get("/later")
def later():
    asyncio.get_running_loop().call_later(0.02, done.append, "later")

@app.get("/done")
def show():
    return done
"""


def test_tasks_end_while_the_server_is_idle(serve):
    server = serve(APP)
    server.get("/sync/1")
    server.get("/async/2")
    server.get("/later")
    wait_until(lambda: sorted(server.get("/done").json(), key=str) == [1, 2, "later"], "the tasks")


def test_many_tasks_beside_requests(serve):
    server = serve(APP)
    for n in range(100):
        server.get(f"/sync/{n}")
    wait_until(lambda: sorted(server.get("/done").json()) == list(range(100)), "the tasks")


def test_a_task_that_fails_is_logged(serve):
    server = serve(APP)
    server.get("/fail")
    wait_until(lambda: server.get("/done") and "nobody waits for me" in server.log, "the log")
