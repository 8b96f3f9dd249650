"""What follows a response sees the context variables that middleware had set for its handler."""

from support.server import wait_until

APP = """
from contextvars import ContextVar
from fasterapi import App, BackgroundTasks, Depends

app = App()
seen = []
name = ContextVar("name", default="none")

@app.middleware("http")
async def named(request, call_next):
    token = name.set(request.query_params.get("name", "none"))
    try:
        return await call_next(request)
    finally:
        name.reset(token)

async def resource():
    yield
    seen.append("left " + name.get())

@app.get("/tasks")
async def with_tasks(tasks: BackgroundTasks, held=Depends(resource)):
    async def late():
        seen.append("async " + name.get())
    tasks.add_task(late)
    tasks.add_task(lambda: seen.append("sync " + name.get()))

@app.get("/plain")
def plain(tasks: BackgroundTasks):
    tasks.add_task(lambda: seen.append("plain " + name.get()))

@app.get("/seen")
def show():
    return seen
"""


def test_background_tasks_and_ends_of_dependencies(serve):
    server = serve(APP, flags=["--workers=1"])
    for target in ("/tasks?name=a", "/plain?name=b"):
        assert server.get(target).status == 200
    expected = ["async a", "sync a", "left a", "plain b"]
    wait_until(lambda: sorted(server.get("/seen").json()) == sorted(expected), "all of them")
