"""Handlers that suspend, for bench/load/suspend: `app` for fasterapi-server, `asgi` for an ASGI server.

ECHO names a Unix socket that sends back what it gets. Each round trip has a connection of a pool, as
those of database drivers."""

import asyncio
import os

ECHO = os.environ["ECHO"]
QUESTION = b"SELECT 1".ljust(100)
MESSAGE = {"message": "Hello, World!"}


class Wire(asyncio.Protocol):
    """A connection by transport and protocol, as asyncpg has it."""

    def connection_made(self, transport):
        self.transport = transport

    def data_received(self, data):
        self.answer.set_result(data)

    async def ask(self, question):
        self.answer = asyncio.get_running_loop().create_future()
        self.transport.write(question)
        return await self.answer


class Pool:
    def __init__(self, connect):
        self.connect = connect
        self.free = []

    async def take(self):
        return self.free.pop() if self.free else await self.connect()


async def connect_wire():
    return (await asyncio.get_running_loop().create_unix_connection(Wire, ECHO))[1]


async def connect_streams():
    return await asyncio.open_unix_connection(ECHO)


wires, streams = Pool(connect_wire), Pool(connect_streams)


async def sleep():
    await asyncio.sleep(0)
    return MESSAGE


async def by_protocol():
    wire = await wires.take()
    answer = await wire.ask(QUESTION)
    wires.free.append(wire)
    return {"bytes": len(answer)}


async def by_streams():
    stream = await streams.take()
    reader, writer = stream
    writer.write(QUESTION)
    answer = await reader.readexactly(len(QUESTION))
    streams.free.append(stream)
    return {"bytes": len(answer)}


HANDLERS = {"/sleep": sleep, "/protocol": by_protocol, "/streams": by_streams}

try:
    from fasterapi import App
except ImportError:
    import orjson
else:
    app = App()
    for path, handler in HANDLERS.items():
        app.get(path)(handler)


async def asgi(scope, receive, send):
    body = orjson.dumps(await HANDLERS[scope["path"]]())
    headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})
