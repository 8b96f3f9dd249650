"""WebSockets of every kind, for tests from outside."""

import asyncio
from typing import Annotated, AsyncIterator, List, Optional

from fasterapi import (
    APIRouter,
    App,
    Cookie,
    Depends,
    Header,
    HTTPException,
    Query,
    WebSocket,
    WebSocketDisconnect,
    WebSocketException,
)
from fasterapi.requests import HTTPConnection

app = App()
app.state.name = "chats"
ends = []  # of connections, of this worker


@app.websocket("/ws")
async def echo(websocket: WebSocket) -> None:
    await websocket.accept()
    try:
        while True:
            message = await websocket.receive()
            if message["type"] == "websocket.disconnect":
                break
            await websocket.send({**message, "type": "websocket.send"})
    finally:
        ends.append((message.get("code"), message.get("reason")))


@app.get("/ends")
def read_ends():
    taken, ends[:] = list(ends), []
    return taken


@app.websocket("/iterate/{kind}")
async def iterate(websocket: WebSocket, kind: str) -> None:
    await websocket.accept()
    if kind == "text":
        async for text in websocket.iter_text():
            await websocket.send_text(text.upper())
    elif kind == "bytes":
        async for data in websocket.iter_bytes():
            await websocket.send_bytes(data[::-1])
    else:
        async for value in websocket.iter_json():
            await websocket.send_json({"got": value})
    ends.append(kind)


@app.websocket("/chosen")
async def chosen(websocket: WebSocket) -> None:
    offered = websocket.scope["subprotocols"]
    await websocket.accept(offered[-1] if offered else None, headers=[(b"x-first", b"1")])
    try:
        await websocket.send_json(offered)
        await websocket.close(4321, "as said")
        ends.append((await websocket.receive())["code"])
    except WebSocketDisconnect as left:  # before it was told
        ends.append(left.code)


async def token(value: Annotated[str, Query(alias="token")]) -> str:
    if value == "bad":
        raise WebSocketException(1008, "bad token")
    return value


@app.websocket("/rooms/{room}/{number}")
async def parameters(
    websocket: WebSocket,
    room: str,
    number: int,
    token: Annotated[str, Depends(token)],
    q: Optional[int] = None,
    session: Annotated[Optional[str], Cookie()] = None,
    user_agent: Annotated[Optional[str], Header()] = None,
) -> None:
    await websocket.accept()
    await websocket.send_json([room, number, token, q, session, user_agent])
    await websocket.close()


def place(connection: HTTPConnection) -> List[str]:
    return [connection.url.path, connection.app.state.name, connection.headers["x-name"]]


@app.get("/place")
def place_of_request(place: Annotated[List[str], Depends(place)]) -> List[str]:
    return place


@app.websocket("/place")
async def place_of_websocket(
    websocket: WebSocket, place: Annotated[List[str], Depends(place)]
) -> None:
    await websocket.accept()
    await websocket.send_json(place)
    await websocket.close()


@app.websocket("/refused/{how}")
async def refused(websocket: WebSocket, how: str) -> None:
    if how == "close":
        await websocket.close()
    elif how == "http":
        raise HTTPException(401, "who are you", {"www-authenticate": "Basic"})
    elif how == "raise":
        raise ValueError("before it was accepted")
    elif how == "forgotten":
        return
    elif how == "late":
        await asyncio.sleep(30)


@app.websocket("/fails")
async def fails(websocket: WebSocket) -> None:
    await websocket.accept()
    raise ValueError("after it was accepted")


@app.websocket("/violates")
async def violates(websocket: WebSocket) -> None:
    await websocket.accept()
    raise WebSocketException(1008, "not here")


@app.websocket("/returns")
async def returns(websocket: WebSocket) -> None:
    await websocket.accept()


class Special(Exception):
    pass


@app.exception_handler(Special)
async def close_specially(websocket: WebSocket, error: Special) -> None:
    await websocket.close(4999, str(error))


@app.websocket("/special")
async def special(websocket: WebSocket) -> None:
    await websocket.accept()
    raise Special("handled")


@app.websocket("/left")
async def left(websocket: WebSocket) -> None:
    await websocket.accept()
    try:
        await websocket.receive_text()
    except WebSocketDisconnect as end:
        ends.append([end.code, end.reason])
        raise


@app.websocket("/pushes")
async def pushes(websocket: WebSocket) -> None:
    """Sends until the client is gone."""
    await websocket.accept()
    sent = 0
    try:
        while True:
            await websocket.send_bytes(bytes(100_000))
            sent += 1
            ends[:] = [sent]
            await asyncio.sleep(0)
    except WebSocketDisconnect as end:
        ends.append(end.code)


@app.websocket("/two")
async def two(websocket: WebSocket) -> None:
    """One task receives, another sends by the clock."""
    await websocket.accept()

    async def tick() -> None:
        for number in range(3):
            await asyncio.sleep(0.01)
            await websocket.send_text(f"tick {number}")

    async with asyncio.TaskGroup() as group:
        group.create_task(tick())
        await websocket.send_text(await websocket.receive_text())


@app.websocket("/timeout")
async def timeout(websocket: WebSocket) -> None:
    await websocket.accept()
    try:
        async with asyncio.timeout(0.05):
            await websocket.receive_text()
    except TimeoutError:
        await websocket.send_text("too slow")
    await websocket.send_text(await websocket.receive_text())
    await websocket.close()


async def resource() -> AsyncIterator[str]:
    ends.append("entered")
    try:
        yield "it"
    finally:
        ends.append("left")


router = APIRouter(prefix="/router")


@router.websocket("/resource")
async def with_resource(websocket: WebSocket, made: Annotated[str, Depends(resource)]) -> None:
    await websocket.accept()
    await websocket.send_text(made)
    await websocket.receive_text()


app.include_router(router)


async def asgi(scope, receive, send):
    """An application of ASGI's, without a framework."""
    assert (await receive())["type"] == "websocket.connect"
    await send({"type": "websocket.accept"})
    await send({"type": "websocket.send", "text": f"{scope['root_path']} {scope['path']}"})
    while (message := await receive())["type"] == "websocket.receive":
        await send({"type": "websocket.send", "bytes": message["text"].encode()})


inner = App()


@inner.websocket("/deep/{x}")
async def deep(websocket: WebSocket, x: int) -> None:
    await websocket.accept()
    await websocket.send_json([x, websocket.scope["root_path"], websocket.url.path])


app.mount("/asgi", asgi)
app.mount("/inner", inner)
