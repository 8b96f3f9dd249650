"""What the soak test loads: every kind of handler, and one that fails."""

import asyncio

from fasterapi import App, HTTPException, StreamingResponse

app = App()


@app.get("/")
def hello():
    return {"message": "hello"}


@app.get("/items/{item_id}")
def item(item_id: int, q: str = "none"):
    return {"item_id": item_id, "q": q}


@app.post("/echo")
def echo(body: dict):
    return body


@app.get("/async")
async def suspended():
    await asyncio.sleep(0.001)
    return {"slept": True}


@app.get("/big")
def big():
    return "x" * 65536


@app.get("/stream")
def stream():
    return StreamingResponse(f"part {number}\n" for number in range(20))


@app.get("/missing")
def missing():
    raise HTTPException(404, "nothing here")
