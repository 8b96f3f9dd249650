"""A chat in rooms: a page, and a WebSocket for each who is in. Whoever is in a room is so in all
workers."""

import asyncio
import time
from typing import Annotated, Any, Dict, List

from fasterapi import App, HTMLResponse, Query, WebSocket, WebSocketException, shared

app = App(title="Chat")

MOST_IN_A_ROOM = 100
LAST_WORDS = 20
KEPT = 24 * 60 * 60.0  # seconds, for which an empty room remembers
MOST_UNSENT = 100  # a member that reads too slowly misses what is said

Line = Dict[str, Any]

PAGE = """<!doctype html>
<meta charset="utf-8">
<title>Chat</title>
<form><input id="words" placeholder="Say something" autocomplete="off" autofocus></form>
<ul id="said"></ul>
<script>
const given = new URLSearchParams(location.search).get("name");
const name = given || prompt("Your name?") || "somebody";
const where = location.origin.replace(/^http/, "ws") + location.pathname + "/ws?name=";
const socket = new WebSocket(where + encodeURIComponent(name));
socket.onmessage = event => {
  const message = JSON.parse(event.data);
  const line = document.createElement("li");
  line.textContent = message.name + ": " + message.text;
  document.getElementById("said").prepend(line);
};
socket.onclose = event => alert("The chat ended: " + (event.reason || event.code));
document.forms[0].onsubmit = event => {
  event.preventDefault();
  const words = document.getElementById("words");
  socket.send(words.value);
  words.value = "";
};
</script>
"""


def say(room: str, name: str, text: str) -> None:
    number = shared.incr(f"lines in {room}")
    line: Line = {"number": number, "name": name, "text": text, "at": time.time()}
    before = shared.get(f"said in {room}")
    while not shared.compare_and_set(
        f"said in {room}", before, [*(before or []), line][-LAST_WORDS:], ttl=KEPT
    ):
        before = shared.get(f"said in {room}")
    shared.publish(room, line)


@app.get("/rooms/{room}", response_class=HTMLResponse)
def page(room: str) -> str:
    return PAGE


@app.get("/rooms/{room}/members")
def count(room: str) -> int:
    members: int = shared.get(f"members of {room}", 0)
    return members


@app.websocket("/rooms/{room}/ws")
async def talk(
    websocket: WebSocket, room: str, name: Annotated[str, Query(min_length=1, max_length=30)]
) -> None:
    try:
        if shared.incr(f"members of {room}") > MOST_IN_A_ROOM:
            raise WebSocketException(1013, "the room is full")
        await websocket.accept()
        await listen_and_talk(websocket, room, name)
    finally:
        shared.decr(f"members of {room}")


async def listen_and_talk(websocket: WebSocket, room: str, name: str) -> None:
    with shared.subscribe(room, limit=MOST_UNSENT) as lines:
        listening = asyncio.create_task(listen(websocket, lines, shared.get(f"said in {room}", [])))
        try:
            say(room, name, "has come")
            async for text in websocket.iter_text():
                say(room, name, text)
        finally:
            listening.cancel()
            say(room, name, "has left")
            await asyncio.gather(listening, return_exceptions=True)


async def listen(websocket: WebSocket, lines: shared.Subscription, said: List[Line]) -> None:
    for line in said:
        await websocket.send_json(line)
    known = {line["number"] for line in said}  # which were said while this one came
    async for line in lines:
        if line["number"] not in known:
            await websocket.send_json(line)


if __name__ == "__main__":
    app.run()
