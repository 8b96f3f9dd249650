"""What the peers serve, as a FasterAPI user writes it; /health comes from health_route.cpp."""

import asyncio
import tempfile
from pathlib import Path
from typing import List, Optional

from fasterapi import App, FileResponse, Model, PlainTextResponse

HELLO = "Hello, World!"
MESSAGE = {"message": HELLO}
BIG = b"x" * 65536
FILES = tempfile.TemporaryDirectory(prefix="fasterapi-load-")
for size in (65536, 1048576):
    Path(FILES.name, str(size)).write_bytes(b"x" * size)

app = App()


@app.get("/", response_class=PlainTextResponse)
def plaintext():
    return HELLO


@app.get("/json")
def json_message():
    return MESSAGE


@app.get("/users/{user_id}")
def user(user_id: int, q: Optional[str] = None):
    return {"user_id": user_id, "q": q}


class Item(Model):
    name: str
    price: float
    tags: List[str]


@app.post("/items")
def item(item: Item):
    return item


@app.get("/async")
async def async_message():
    await asyncio.sleep(0)
    return MESSAGE


@app.get("/cpu")
def cpu():
    return {"sum": sum(range(2000))}


@app.get("/big")
def big():
    return BIG


@app.get("/file/{size}")
def file(size: int) -> FileResponse:
    return FileResponse(Path(FILES.name, str(size)))
