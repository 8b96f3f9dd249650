"""A chat in rooms: a page, and a WebSocket for each who is in. Rooms are of one worker: run it with
one."""

import asyncio
import json
import time
from collections import defaultdict, deque
from typing import Annotated, DefaultDict, Deque, Set

from fasterapi import App, HTMLResponse, Query, WebSocket, WebSocketException

app = App(title="Chat")

MOST_IN_A_ROOM = 100
LAST_WORDS = 20
MOST_UNSENT = 100
Lines = asyncio.Queue[str]

PAGE = """<!doctype html>
<meta charset="utf-8">
<title>Chat</title>
<form><input id="words" placeholder="Say something" autocomplete="off" autofocus></form>
<ul id="said"></ul>
<script>
const name = prompt("Your name?") || "somebody";
const where = location.href.replace(/^http/, "ws") + "/ws?name=" + encodeURIComponent(name);
const socket = new WebSocket(where);
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


class Room:
    """Who is in it, and what was said last. A member that reads too slowly misses what is said."""

    def __init__(self) -> None:
        self.members: Set[Lines] = set()
        self.said: Deque[str] = deque(maxlen=LAST_WORDS)

    def say(self, name: str, text: str) -> None:
        line = json.dumps({"name": name, "text": text, "at": time.time()})
        self.said.append(line)
        for lines in self.members:
            if not lines.full():
                lines.put_nowait(line)


rooms: DefaultDict[str, Room] = defaultdict(Room)


@app.get("/rooms/{room}", response_class=HTMLResponse)
def page(room: str) -> str:
    return PAGE


@app.get("/rooms/{room}/members")
def count(room: str) -> int:
    return len(rooms[room].members) if room in rooms else 0


@app.websocket("/rooms/{room}/ws")
async def talk(
    websocket: WebSocket, room: str, name: Annotated[str, Query(min_length=1, max_length=30)]
) -> None:
    here = rooms[room]
    if len(here.members) >= MOST_IN_A_ROOM:
        raise WebSocketException(1013, "the room is full")
    await websocket.accept()
    lines: Lines = asyncio.Queue(MOST_UNSENT)
    for line in here.said:
        lines.put_nowait(line)
    here.members.add(lines)
    sending = asyncio.create_task(send_all(websocket, lines))
    try:
        here.say(name, "has come")
        async for text in websocket.iter_text():
            here.say(name, text)
    finally:
        sending.cancel()
        here.members.discard(lines)
        here.say(name, "has left")
        if not here.members:
            del rooms[room]


async def send_all(websocket: WebSocket, lines: Lines) -> None:
    while True:
        await websocket.send_text(await lines.get())


if __name__ == "__main__":
    app.run(workers=1)
