"""Tasks that a handler leaves behind go on after its answer."""

import pytest

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


STREAMS = """
from fasterapi import App, Depends, FileResponse, StreamingResponse
from fasterapi.background import BackgroundTask

app = App()
done = []

async def resource():
    yield 1
    done.append("closed")

def follows(kind):
    return BackgroundTask(done.append, kind)

async def parts():
    yield b"part"

@app.head("/sync")
@app.get("/sync")
def from_sync(held: int = Depends(resource)):
    return StreamingResponse(iter([b"part"]), background=follows("sync"))

@app.head("/async")
@app.get("/async")
async def from_async(held: int = Depends(resource)):
    return StreamingResponse(parts(), background=follows("async"))

@app.head("/file")
@app.get("/file")
def from_file(held: int = Depends(resource)) -> FileResponse:
    return FileResponse("file.txt", background=follows("file"))

@app.get("/done")
def show():
    return done
"""


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_what_follows_a_stream_follows_it(serve, method):
    server = serve(STREAMS, flags=["--workers=1"])
    (server.folder / "file.txt").write_text("text")
    expected = []
    for kind in ("sync", "async", "file"):
        expected += [kind, "closed"]
        assert server.request(method, f"/{kind}").status == 200
        wait_until(lambda: server.get("/done").json() == expected, f"what follows {kind}")
