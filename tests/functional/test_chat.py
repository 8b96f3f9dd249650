"""The chat example, with an outside client: the package websockets."""

import asyncio
import contextlib
import json

import pytest

from support.server import ROOT, wait_until

websockets = pytest.importorskip("websockets")

CHAT = f"""
import sys
sys.path.insert(0, {str(ROOT / "python_apps")!r})
import chat_app
from chat_app import app
"""
SMALL = CHAT + "chat_app.MOST_IN_A_ROOM = 2"
# A handshake says which worker has it, and a worker can be held.
NUMBERED = CHAT + """
import _fasterapi
from fasterapi import WebSocket

accept = WebSocket.accept

async def numbered(websocket):
    await accept(websocket, headers=[(b"x-worker", b"%d" % _fasterapi.worker_id())])

WebSocket.accept = numbered

@app.get("/hold")
def hold():
    open(GATE + str(_fasterapi.worker_id())).read()
"""


@pytest.fixture
def chat(serve):
    return serve(ROOT / "python_apps" / "chat_app.py")


@pytest.fixture
def only(serve, background):
    """``with only(1) as chat``: a chat in two workers, the other of which is held meanwhile."""
    chat = serve(NUMBERED, config={"workers": 2, "dispatch": "ring"})

    @contextlib.contextmanager
    def run(worker):
        with chat.worker_gates(2) as gates:
            held = [background(chat.get, "/hold") for _ in range(2)]
            gates.wait_for_handlers()
            gates.open(worker)
            yield chat
            gates.open(1 - worker)
            assert [each.result(10).status for each in held] == [200, 200]

    return run


def address(chat, room, name):
    return f"ws://127.0.0.1:{chat.port}/rooms/{room}/ws?name={name}"


async def said(client):
    message = json.loads(await asyncio.wait_for(client.recv(), 10))
    return message["name"], message["text"]


def test_a_room_hears_what_its_members_say(chat):
    async def talk():
        async with websockets.connect(address(chat, "den", "Ann")) as ann:
            assert await said(ann) == ("Ann", "has come")
            async with websockets.connect(address(chat, "den", "Bob")) as bob:
                assert await said(bob) == ("Ann", "has come")
                assert await said(bob) == ("Bob", "has come") == await said(ann)
                await bob.send("hello, Ann, καλημέρα")
                assert await said(ann) == ("Bob", "hello, Ann, καλημέρα") == await said(bob)
                await bob.ping()
            assert await said(ann) == ("Bob", "has left")

    asyncio.run(talk())


def test_rooms_are_apart_and_names_are_wanted(chat):
    async def talk():
        async with websockets.connect(address(chat, "den", "Ann")) as ann:
            await said(ann)
            async with websockets.connect(address(chat, "attic", "Bob")) as bob:
                assert await said(bob) == ("Bob", "has come")
                await bob.send("x" * 100_000)
                assert (await said(bob))[1] == "x" * 100_000
            await ann.send("alone")
            assert await said(ann) == ("Ann", "alone")
        with pytest.raises(Exception, match="403"):
            async with websockets.connect(address(chat, "den", "")):
                pass

    asyncio.run(talk())
    assert chat.get("/rooms/den").headers["content-type"].startswith("text/html")


def test_a_room_is_of_all_workers(only):
    async def talk():
        with only(0) as chat:
            ann = await websockets.connect(address(chat, "den", "Ann"))
        with only(1) as chat:
            bob = await websockets.connect(address(chat, "den", "Bob"))
        assert [client.response_headers["x-worker"] for client in (ann, bob)] == ["0", "1"]
        assert [await said(ann), await said(ann)] == [("Ann", "has come"), ("Bob", "has come")]
        assert [await said(bob), await said(bob)] == [("Ann", "has come"), ("Bob", "has come")]
        for client, name in ((ann, "Ann"), (bob, "Bob")):
            await client.send(f"{name} speaks")
            assert await said(ann) == (name, f"{name} speaks") == await said(bob)
        assert chat.get("/rooms/den/members").json() == 2
        await bob.close()
        assert await said(ann) == ("Bob", "has left")
        await ann.close()

    asyncio.run(talk())


def test_a_room_that_is_full(serve):
    chat = serve(SMALL)

    async def crowd():
        ann = await websockets.connect(address(chat, "den", "Ann"))
        bob = await websockets.connect(address(chat, "den", "Bob"))
        with pytest.raises(Exception, match="403"):
            await websockets.connect(address(chat, "den", "Carl"))
        assert chat.get("/rooms/den/members").json() == 2
        await ann.close()
        await bob.close()

    asyncio.run(crowd())
    wait_until(lambda: chat.get("/rooms/den/members").json() == 0, "the room to be empty")


def test_a_drain_tells_the_members(chat):
    async def talk():
        async with websockets.connect(address(chat, "den", "Ann")) as ann:
            await said(ann)
            chat.signal()
            with pytest.raises(websockets.ConnectionClosed) as end:
                await ann.recv()
            assert end.value.code == 1012

    asyncio.run(talk())
    chat.stop()
