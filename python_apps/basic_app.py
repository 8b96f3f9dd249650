"""The first app: python3 python_apps/basic_app.py, or scripts/run."""

import asyncio
from typing import Optional

from fasterapi import App, HTTPException

app = App(title="Basics")
greetings = {"en": "Hello", "de": "Hallo", "fr": "Bonjour"}


@app.on_event("startup")
async def load() -> None:
    app.state.items = {1: {"name": "spanner", "price": 12.5}}


@app.get("/")
def hello():
    return {"message": "Hello, world"}


@app.get("/hello/{name}")
def hello_name(name: str, language: str = "en", times: int = 1, loud: bool = False):
    if language not in greetings:
        raise HTTPException(404, f"no greeting in {language!r}")
    text = f"{greetings[language]}, {name}"
    return {"messages": [text.upper() if loud else text] * times}


@app.get("/items/{item_id}")
def read_item(item_id: int, currency: Optional[str] = None):
    if item_id not in app.state.items:
        raise HTTPException(404, "no such item")
    return {**app.state.items[item_id], "currency": currency}


@app.post("/orders", status_code=201)
def create_order(order: dict):
    # Each worker has its own app.state: what is to last belongs into a database.
    count = order.get("count", 1)
    if not isinstance(count, int):
        raise HTTPException(400, "count is a number")
    return {"ordered": order, "total": 12.5 * count}


@app.get("/slow")
async def slow(seconds: float = 0.1):
    await asyncio.sleep(min(seconds, 5.0))
    return {"slept": seconds}


@app.route("/echo", methods=["POST", "PUT"], include_in_schema=False)
def echo(req, res):
    res.status(200).header("x-method", req.method).body(req.body())


if __name__ == "__main__":
    app.run()
