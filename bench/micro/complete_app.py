"""What bench_complete_system asks for: a handler of each shape.

A return annotation would be a response model, which is another row.
"""

import asyncio
from typing import Dict, List, Optional

from fasterapi import App, Model, Request, Response

MESSAGE = {"message": "Hello, World!"}
KIB_1 = b"x" * 1024
KIB_64 = b"x" * 65536

app = App()


@app.get("/sync")
def sync():
    return MESSAGE


@app.get("/model")
def with_response_model() -> Dict[str, str]:  # solved and validated in Python
    return MESSAGE


@app.get("/async")
async def never_suspends():
    return MESSAGE


@app.get("/async-once")
async def suspends_once():
    await asyncio.sleep(0)
    return MESSAGE


@app.get("/users/{user_id}")
def user(user_id: int, q: Optional[str] = None):
    return {"user_id": user_id, "q": q}


@app.post("/items")
def item(item: dict):
    return item


class Item(Model):
    id: int
    name: str
    price: float
    tags: List[str]


@app.post("/validated")
def validated(item: Item):
    return item


STORED = {"id": 42, "name": "A usual name", "price": 12.5, "tags": ["a", "b"], "secret": "s"}
FOUND = Item(id=42, name="A usual name", price=12.5, tags=["a", "b"])


@app.get("/stored", response_model=Item)
def stored():
    return STORED


@app.get("/found", response_model=Item, response_model_exclude_unset=True)
def found():
    return FOUND


@app.get("/cut", response_model=List[Item], response_model_include={"__all__": {"id", "name"}})
def cut():
    return [STORED, FOUND]


class Note(Model):
    text: str


@app.post("/two")
def two(item: Item, note: Note):
    return item


@app.post("/batched")
@app.batch_handler(max_batch_size=10, max_delay_ms=1000)
def batched(items: List[Item]):
    return items


@app.get("/kib-1")
def kib_1():
    return KIB_1


@app.get("/kib-64")
def kib_64():
    return KIB_64


@app.get("/res")
def raw(req: Request, res: Response):
    res.set_json('{"status":"ok"}')
