"""What the server serves while it is trained (server_training.py): routes as applications have them."""

import asyncio
import datetime
from typing import Annotated, Dict, List, Optional

from fasterapi import App, Depends, Header, HTTPException, Model, PlainTextResponse, Request, Response
from fasterapi import WebSocket, WebSocketDisconnect
from fasterapi.responses import StreamingResponse

app = App(title="Training")
PAGE = "<!doctype html><title>Shop</title>" + "<p>A spanner, 12.50 €</p>" * 200
BLOB = bytes(range(256)) * 256
CATALOGUE = {
    number: {"id": number, "title": f"Article {number}", "price": number * 1.25, "in_stock": True}
    for number in range(1, 101)
}


class Line(Model):
    article: int
    count: int = 1
    note: Optional[str] = None


class Order(Model):
    customer: str
    lines: List[Line]
    paid: bool = False


class Receipt(Model):
    number: int
    lines: int
    printed: datetime.datetime


@app.get("/version", response_class=PlainTextResponse)
def version():
    return "training 1.0"


@app.get("/articles")
def articles(offset: int = 0, limit: int = 5, sort: Optional[str] = None):
    return [CATALOGUE[number] for number in list(CATALOGUE)[offset : offset + limit]]


@app.get("/articles/{number}")
def article(number: int, currency: str = "EUR"):
    if number not in CATALOGUE:
        raise HTTPException(404, "no such article")
    return {**CATALOGUE[number], "currency": currency}


@app.put("/articles/{number}")
async def change(number: int, changes: Dict[str, str]):
    return {"number": number, "changed": list(changes)}


@app.delete("/articles/{number}", status_code=204)
def remove(number: int):
    return None


@app.post("/orders", status_code=201)
def order(order: Order) -> Order:
    return order


@app.post("/receipts")
async def receipt(order: Order) -> Receipt:
    now = datetime.datetime(2020, 2, 29, 12, 30, tzinfo=datetime.timezone.utc)
    return Receipt(number=7, lines=len(order.lines), printed=now)


@app.post("/notes")
def note(note: dict):
    return {"kept": note, "at": 1.5e9}


@app.get("/turns")
async def turns(turns: int = 1):
    for _ in range(turns):
        await asyncio.sleep(0)
    return {"turns": turns}


async def reader(user_agent: Annotated[str, Header()] = "none", language: str = "en"):
    return {"agent": user_agent, "language": language}


def session(reader: Annotated[dict, Depends(reader)]):
    yield {"reader": reader}


@app.get("/me")
def me(session: Annotated[dict, Depends(session)]):
    return session


@app.get("/asked")
def asked(request: Request):
    return {"method": request.method, "host": request.headers.get("host"), "path": request.url.path}


@app.route("/raw", methods=["GET", "POST"])
def raw(req, res):
    res.status(200).header("x-method", req.method).body(req.body() or b"nothing")


@app.get("/page")
def page():
    return Response(PAGE, media_type="text/html")


@app.get("/blob")
def blob():
    return BLOB


@app.get("/stream")
async def stream():
    async def pieces():
        for number in range(4):
            yield f"piece {number}\n" * 20

    return StreamingResponse(pieces(), media_type="text/plain")


@app.post("/received")
async def received(request: Request):
    size = 0
    async for piece in request.stream():
        size += len(piece)
    return {"size": size}


@app.websocket("/echo")
async def echo(websocket: WebSocket):
    await websocket.accept()
    try:
        while True:
            await websocket.send_text(await websocket.receive_text())
    except WebSocketDisconnect:
        pass
