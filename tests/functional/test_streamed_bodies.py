"""Bodies that come while their handler runs."""

import hashlib
import re
import select
import time
from pathlib import Path

import pytest

from support.server import IS_SANITIZED, wait_until
from support.wire import request

APP = """
import asyncio
import hashlib

from fasterapi import App, Form, HTTPException, Request, StreamingResponse, UploadFile

app = App()
app.seen = []

@app.post("/echo")
async def echo(request: Request):
    async def parts():
        async for piece in request.stream():
            yield piece
    return StreamingResponse(parts(), media_type="application/octet-stream")

@app.post("/count")
async def count(request: Request):
    sizes = [len(piece) async for piece in request.stream()]
    return {"size": sum(sizes), "pieces": len(sizes)}

@app.post("/body")
async def body(request: Request):
    whole = await request.body()
    again = b"".join([piece async for piece in request.stream()])
    return {"size": len(whole), "same": whole == again == await request.body()}

@app.post("/twice")
async def twice(request: Request):
    async for piece in request.stream():
        pass
    try:
        await request.body()
    except RuntimeError as error:
        return str(error)

@app.post("/json")
async def as_json(request: Request):
    return len(await request.json())

@app.post("/refused")
async def refused(request: Request):
    raise HTTPException(401, "no")

@app.post("/first")
async def first(request: Request):
    async for piece in request.stream():
        return len(piece)

@app.post("/limited", max_body_size=100_000)
async def limited(request: Request):
    return sum([len(piece) async for piece in request.stream()])

@app.post("/watched")
async def watched(request: Request):
    app.seen.append("began")
    try:
        async for piece in request.stream():
            pass
    except BaseException as error:
        app.seen.append(type(error).__name__)
        raise

@app.post("/asleep")
async def asleep(request: Request):
    app.seen.append("asleep")
    try:
        await asyncio.Event().wait()
    except asyncio.CancelledError:
        app.seen.append("cancelled")
        raise

@app.post("/slow")
async def slow(request: Request):
    with open(GATE) as gate:
        await asyncio.to_thread(gate.read)
    size = 0
    async for piece in request.stream():
        size += len(piece)
    return size

@app.post("/upload")
async def upload(file: UploadFile, note: str = Form("")):
    digest = hashlib.sha256()
    while part := await file.read(65536):
        digest.update(part)
    return {"size": file.size, "note": note, "digest": digest.hexdigest(), "name": file.filename}

@app.post("/plain-upload")
def plain_upload(file: UploadFile):
    return {"size": file.size, "digest": hashlib.sha256(file.file.read()).hexdigest()}

@app.post("/form")
async def form(request: Request):
    async with request.form() as fields:
        note, file = fields["note"], fields["file"]
        return {"note": note, "file": file.size}

@app.post("/typed")
async def typed(data: bytes):
    return len(data)

@app.get("/seen")
async def seen():
    return app.seen

async def outer(scope, receive, send):
    sizes = []
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            app.seen.append("disconnect")
            return
        sizes.append(len(message["body"]))
        if len(sizes) == 1:
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": b"began ", "more_body": True})
        if not message["more_body"]:
            break
    await send({"type": "http.response.body", "body": str(sum(sizes)).encode()})

app.mount("/asgi", outer)
inner = App()

@inner.post("/count")
async def inner_count(request: Request):
    return sum([len(piece) async for piece in request.stream()])

@inner.post("/typed")
def inner_typed(data: bytes):
    return len(data)

app.mount("/inner", inner)
"""
KIB, MIB = 1024, 1024 * 1024


@pytest.fixture(scope="module", params=["auto", "ring", "inline"])
def server(serve_once, request):
    config = {"dispatch": request.param, "limits": {"max_body_bytes": 1024 * MIB}}
    return serve_once(APP, config=config)


def head(target, *fields, length=None):
    kind = "Transfer-Encoding: chunked" if length is None else f"Content-Length: {length}"
    return request("POST", target, kind, *fields)


def chunk(data):
    return b"%x\r\n%b\r\n" % (len(data), data)


LAST = b"0\r\n\r\n"


def chunked(body, size):
    return b"".join(chunk(body[at : at + size]) for at in range(0, len(body), size)) + LAST


def wait_seen(server, last):
    wait_until(lambda: server.get("/seen").json()[-1:] == [last], f"the app to see {last}")


def test_the_handler_answers_to_the_first_piece_before_the_second_is_sent(server):
    with server.connect() as wire:
        wire.send(head("/echo") + chunk(b"first"))
        assert wire.head().status == 200
        assert wire.chunk() == b"first"
        wire.send(chunk(b"second"))
        assert wire.chunk() == b"second"
        wire.send(LAST)
        assert wire.chunk() == b""
        assert wire.get("/seen").status == 200


def test_a_body_of_known_length_comes_in_pieces(server):
    with server.connect() as wire:
        wire.send(head("/echo", length=200_000) + b"a" * 1000)
        assert wire.head().status == 200
        assert wire.chunk() == b"a" * 1000
        wire.send(b"b" * 199_000)
        received = b""
        while part := wire.chunk():
            received += part
        assert received == b"b" * 199_000
        assert wire.get("/seen").status == 200


def test_large_bodies_of_both_kinds_arrive_whole(server):
    body = bytes(range(256)) * 8 * KIB
    with server.connect() as wire:
        wire.send(head("/count", length=len(body)) + body)
        reply = wire.read().json()
        assert reply["size"] == len(body)
        assert reply["pieces"] > 1
        wire.send(head("/count") + chunked(body, 7000))
        assert wire.read().json()["size"] == len(body)
        wire.send(head("/body", length=len(body)) + body)
        assert wire.read().json() == {"size": len(body), "same": True}


def test_a_stream_is_taken_once(server):
    with server.connect() as wire:
        wire.send(head("/twice", length=100_000) + b"a" * 100_000)
        assert wire.read().json() == "Stream consumed"


def test_json_is_read_when_it_is_there(server):
    with server.connect() as wire:
        wire.send(head("/json") + chunk(b'["abc",'))
        wire.send(chunk(b' "def"]') + LAST)
        assert wire.read().json() == 2


def test_a_small_or_complete_body_comes_in_one_piece(server):
    with server.connect() as wire:
        wire.send(head("/count", length=60_000) + b"a" * 100)
        wire.send(b"b" * 59_900)
        assert wire.read().json() == {"size": 60_000, "pieces": 1}
        wire.send(head("/count") + chunked(b"x" * 100, 1))
        assert wire.read().json() == {"size": 100, "pieces": 1}


def test_a_chunked_body_split_at_any_byte(server):
    body = b"4;a=b\r\nWiki\r\nB\r\npedia in ch\r\n0\r\nX-Sum: x\r\n\r\n"
    with server.connect() as wire:
        for end in range(1, len(body)):
            wire.send(head("/body"))
            wire.send(body[:end])
            wire.send(body[end:] + request("GET", "/seen"))
            assert wire.read().json() == {"size": 15, "same": True}
            assert wire.read().status == 200


def test_pipelined_requests_behind_it_are_answered_in_order(server):
    with server.connect() as wire:
        wire.send(head("/count") + chunk(b"a" * 1000))
        second = head("/count", length=100_000) + b"c" * 100_000
        wire.send(chunk(b"b" * 1000) + LAST + second + request("GET", "/seen"))
        assert wire.read().json()["size"] == 2000
        assert wire.read().json()["size"] == 100_000
        assert isinstance(wire.read().json(), list)


def test_an_answer_before_the_body_has_come_ends_the_connection(server):
    with server.connect() as wire:
        wire.send(head("/refused", length=10 * MIB) + b"a" * 1000)
        reply = wire.read()
        assert (reply.status, reply.headers["connection"]) == (401, "close")
        assert wire.rest() == b""


def test_an_early_answer_reaches_a_client_that_sends_on(server):
    with server.connect() as wire:
        wire.send(head("/refused", length=20 * MIB))
        try:
            wire.send(b"a" * 20 * MIB)
        except (BrokenPipeError, ConnectionResetError):
            pass
        assert wire.read().status == 401


def test_an_answer_to_a_body_that_has_come_unread_keeps_the_connection(server):
    with server.connect() as wire:
        wire.send(head("/first") + chunk(b"abc"))
        assert wire.read().json() == 3
        assert wire.rest() == b""  # the rest had not come
    with server.connect() as wire:
        wire.send(head("/refused") + chunk(b"abc") + LAST)
        assert wire.read().status == 401
        assert wire.get("/seen").status == 200


def test_the_body_is_asked_for_when_its_handler_wants_it(server):
    with server.connect() as wire:
        wire.send(head("/count", "Expect: 100-continue", length=100_000))
        assert wire.read().status == 100
        wire.send(b"a" * 100_000)
        assert wire.read().json()["size"] == 100_000
        wire.send(head("/count", "Expect: 100-continue"))
        assert wire.read().status == 100
        wire.send(chunk(b"a") + LAST)
        assert wire.read().json() == {"size": 1, "pieces": 1}
        wire.send(head("/refused", "Expect: 100-continue", length=100_000))
        assert wire.read().status == 401
        assert wire.rest() == b""


def test_a_routes_limit_holds_for_what_is_announced_and_for_what_comes(server):
    with server.connect() as wire:
        wire.send(head("/limited", length=100_001) + b"a")
        assert wire.read().status == 413
    with server.connect() as wire:
        wire.send(head("/limited") + chunk(b"a" * 90_000))
        wire.send(chunk(b"b" * 10_001))
        assert wire.read().status == 413
    with server.connect() as wire:
        wire.send(head("/limited") + chunk(b"a" * 90_000))
        wire.send(chunk(b"b" * 10_000) + LAST)
        assert wire.read().json() == 100_000


def test_a_malformed_chunk_is_a_400(server):
    with server.connect() as wire:
        wire.send(head("/count") + chunk(b"abc"))
        wire.send(b"xyz\r\n")
        assert wire.read().status == 400
        assert wire.rest() == b""


def test_a_client_that_leaves_is_told_to_who_reads(server):
    with server.connect() as wire:
        wire.send(head("/watched", length=100_000) + b"a")
        wait_seen(server, "began")
    wait_seen(server, "ClientDisconnect")


def test_a_client_that_leaves_cancels_who_does_not_read(server):
    with server.connect() as wire:
        wire.send(head("/asleep", length=100_000) + b"a")
        wait_seen(server, "asleep")
    wait_seen(server, "cancelled")


def test_an_asgi_application_gets_messages(server):
    with server.connect() as wire:
        wire.send(head("/asgi/") + chunk(b"a" * 10))
        assert wire.head().status == 200
        assert wire.chunk() == b"began "
        wire.send(chunk(b"b" * 10) + LAST)
        assert wire.chunk() == b"20"
        assert wire.chunk() == b""


def test_an_asgi_application_is_told_of_a_client_that_leaves(server):
    with server.connect() as wire:
        wire.send(head("/asgi/") + chunk(b"a" * 10))
        assert wire.head().status == 200
        assert wire.chunk() == b"began "
    wait_seen(server, "disconnect")


def test_a_mounted_app_has_both_kinds_of_routes(server):
    body = b"x" * 100_000
    with server.connect() as wire:
        wire.send(head("/inner/count", length=len(body)) + body)
        assert wire.read().json() == len(body)
        wire.send(head("/inner/typed", length=len(body)) + body)
        assert wire.read().json() == len(body)
        wire.send(head("/typed", length=len(body)) + body)
        assert wire.read().json() == len(body)


def multipart(content, note=b"n"):
    return (
        b"--B\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\n" + note
        + b"\r\n--B\r\nContent-Disposition: form-data; name=\"file\"; filename=\"f\"\r\n\r\n"
        + content + b"\r\n--B--\r\n"
    )


MULTIPART = "Content-Type: multipart/form-data; boundary=B"


@pytest.mark.parametrize("size", [0, 100_000, 3 * MIB])
def test_a_form_is_parsed_as_it_comes(server, size):
    content = (bytes(range(256)) * (size // 256 + 1))[:size]
    body = multipart(content)
    digest = hashlib.sha256(content).hexdigest()
    for target in ("/upload", "/plain-upload"):
        with server.connect() as wire:
            wire.send(head(target, MULTIPART) + chunk(body[:50]))
            wire.send(chunked(body[50:], 50_000))
            made = wire.read().json()
            assert (made["size"], made["digest"]) == (size, digest)
            wire.send(head(target, MULTIPART, length=len(body)) + body)
            assert wire.read().json() == made
    with server.connect() as wire:
        wire.send(head("/form", MULTIPART) + chunk(body))
        wire.send(LAST)
        assert wire.read().json() == {"note": "n", "file": size}


def test_a_preamble_may_come_in_pieces(server):
    body = b"preamble\r\n" + multipart(b"abc")
    with server.connect() as wire:
        wire.send(head("/form", MULTIPART) + chunk(body[:1]))
        wire.send(chunked(body[1:], 1))
        assert wire.read().json() == {"note": "n", "file": 3}


def test_a_broken_form_is_a_400_before_its_end(server):
    with server.connect() as wire:
        wire.send(head("/upload", MULTIPART) + chunk(b"--B\r\nbroken\r\n\r\n"))
        assert wire.read().status == 400


def test_a_form_without_end_is_a_400(server):
    with server.connect() as wire:
        wire.send(head("/upload", MULTIPART) + chunk(multipart(b"abc")[:-5]))
        wire.send(LAST)
        assert wire.read().status == 400


def resident(server):
    text = (Path("/proc") / str(server.process.pid) / "status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+) kB", text)[1]) * 1024


def test_a_handler_that_does_not_read_slows_the_client(serve):
    server = serve(APP, config={"limits": {"max_body_bytes": 1024 * MIB}})
    size = 300 * MIB
    before = resident(server)
    gate = server.gate()
    with server.connect() as wire:
        wire.send(head("/slow", length=size))
        wire.socket.settimeout(None)
        gate.wait_for_handler()
        wire.socket.setblocking(False)
        block = b"a" * MIB
        sent = fill(wire.socket, block)
        assert sent < 40 * MIB  # what the kernel takes, and a little
        assert resident(server) - before < 20 * MIB
        gate.open()
        wire.socket.settimeout(20)
        while sent < size:
            wire.send(block[: min(MIB, size - sent)])
            sent += min(MIB, size - sent)
        assert wire.read().json() == size
    if not IS_SANITIZED:
        assert resident(server) - before < 40 * MIB


def fill(sending, block):
    """So much is taken before nothing is for a second."""
    sent = 0
    poll = select.poll()
    poll.register(sending, select.POLLOUT)
    while poll.poll(1000):
        sent += sending.send(block)
    return sent


def test_a_large_upload_is_on_disk(serve):
    server = serve(APP, config={"limits": {"max_body_bytes": 1024 * MIB}})
    before = resident(server)
    block = b"a" * MIB
    count = 300
    whole = multipart(b"")
    begin, end = whole[:-9], whole[-9:]
    with server.connect() as wire:
        wire.send(head("/upload", MULTIPART, length=count * MIB + len(whole)) + begin)
        digest = hashlib.sha256()
        for _ in range(count):
            wire.send(block)
            digest.update(block)
        peak = resident(server)
        wire.send(end)
        made = wire.read().json()
        assert (made["size"], made["digest"]) == (count * MIB, digest.hexdigest())
    if not IS_SANITIZED:
        assert peak - before < 40 * MIB


def test_a_body_that_stalls_is_a_408_and_its_handler_hears_of_it(serve):
    server = serve(APP, config={"timeouts": {"body": "500ms"}})
    with server.connect() as wire:
        wire.send(head("/watched", length=100_000) + b"a")
        assert wire.read().status == 408
        assert wire.rest() == b""
    wait_seen(server, "ClientDisconnect")
    with server.connect() as wire:
        wire.send(head("/echo") + chunk(b"a"))
        assert wire.head().status == 200
        assert wire.chunk() == b"a"
        assert wire.rest() == b""  # without the last chunk


def test_a_body_over_the_servers_limit_is_a_413(serve):
    server = serve(APP, config={"limits": {"max_body_bytes": 100_000}})
    with server.connect() as wire:
        wire.send(head("/watched") + chunk(b"a" * 60_000))
        wait_seen(server, "began")
        wire.send(chunk(b"a" * 60_000))
        assert wire.read().status == 413
    wait_seen(server, "ClientDisconnect")
    with server.connect() as wire:
        wire.send(head("/count", length=100_001) + b"a")
        assert wire.read().status == 413


def test_a_handler_has_its_time_from_the_last_of_the_body(serve):
    server = serve(APP, config={"timeouts": {"handler": "600ms"}})
    with server.connect() as wire:
        wire.send(head("/echo") + chunk(b"a"))
        assert wire.head().status == 200
    started = time.monotonic()
    with server.connect() as wire:
        wire.send(head("/count", length=100_000))
        sent = 0
        while time.monotonic() < started + 1.5:
            wire.send(b"a")
            sent += 1
            select.select([wire.socket], [], [], 0.1)
        wire.send(b"a" * (100_000 - sent))
        assert wire.read().json()["size"] == 100_000


def test_a_drain_waits_for_the_body(serve):
    server = serve(APP)
    with server.connect() as wire:
        wire.send(head("/watched", length=100_000) + b"a")
        wait_seen(server, "began")
        server.begin_drain()
        wire.send(b"a" * 99_999)
        reply = wire.read()
        assert (reply.status, reply.headers["connection"]) == (200, "close")
        assert wire.rest() == b""
    assert server.wait() == 0


def test_a_stop_tells_who_sends_on(serve):
    server = serve(APP, config={"timeouts": {"drain": "500ms"}})
    with server.connect() as wire:
        wire.send(head("/watched", length=100_000) + b"a")
        wait_seen(server, "began")
        server.begin_drain()
        assert wire.read().status == 503
    assert server.wait() == 5


MIDDLEWARE = """
from fasterapi import App, Request
from fasterapi.middleware import CORSMiddleware
from starlette.middleware.base import BaseHTTPMiddleware

app = App()

@app.middleware("http")
async def around(request, call_next):
    response = await call_next(request)
    response.headers["x-around"] = "yes"
    return response

class Wrapping(BaseHTTPMiddleware):
    async def dispatch(self, request, call_next):
        return await call_next(request)

app.add_middleware(CORSMiddleware, allow_origins=["*"])
if WRAPS:
    app.add_middleware(Wrapping)

@app.post("/count")
async def count(request: Request):
    sizes = [len(piece) async for piece in request.stream()]
    return {"size": sum(sizes), "pieces": len(sizes)}

@app.post("/typed")
def typed(data: bytes):
    return len(data)
"""


@pytest.mark.parametrize("wraps", [False, True])
def test_middleware_lets_a_stream_through(serve, wraps):
    server = serve(MIDDLEWARE.replace("WRAPS", str(wraps)))
    body = b"x" * 200_000
    with server.connect() as wire:
        for fields in ([], ["Origin: http://a"]):
            wire.send(head("/count", *fields, length=len(body)) + body[:1000])
            wire.send(body[1000:])
            reply = wire.read()
            assert reply.headers["x-around"] == "yes"
            assert reply.json()["size"] == len(body)
            wire.send(head("/typed", *fields, length=len(body)) + body)
            assert wire.read().json() == len(body)
