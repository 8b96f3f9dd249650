"""The chat example, with an outside client: the package websockets."""

import asyncio
import json

import pytest

from support.server import ROOT

websockets = pytest.importorskip("websockets")


@pytest.fixture
def chat(serve):
    return serve(ROOT / "python_apps" / "chat_app.py")


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
