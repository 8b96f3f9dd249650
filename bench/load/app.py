"""What the peers serve, as a FasterAPI user writes it; /health comes from health_route.cpp."""

import asyncio
from typing import Optional

from fasterapi import App, HTTPException, PlainTextResponse

HELLO = "Hello, World!"
MESSAGE = {"message": HELLO}
BIG = b"x" * 65536

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


@app.post("/items")
def item(item: dict):
    name, price, tags = item.get("name"), item.get("price"), item.get("tags")
    if not (isinstance(name, str) and isinstance(price, (int, float)) and isinstance(tags, list)):
        raise HTTPException(422, "name is a string, price a number, tags a list")
    if not all(isinstance(tag, str) for tag in tags):
        raise HTTPException(422, "tags are strings")
    return {"name": name, "price": float(price), "tags": tags}


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
