"""Files from the disk to the socket, without the interpreter on the way; and with it, where something
of the app stands between."""

import gzip
import os

import pytest

APP = """
import os

import starlette.responses
from fasterapi import App, FileResponse
from fasterapi.background import BackgroundTask
from fasterapi.staticfiles import StaticFiles

app = App()

@app.get("/file")
def file(name: str):
    return FileResponse(name)

def made(name):
    return FileResponse(name, background=BackgroundTask(os.truncate, name, 0))

@app.get("/truncated")
def truncated(name: str) -> FileResponse:
    return made(name)

@app.get("/truncated/elsewhere")
def truncated_elsewhere(name: str):
    return made(name)

@app.get("/theirs")
def theirs(name: str) -> starlette.responses.FileResponse:
    return starlette.responses.FileResponse(name)

@app.get("/deleted")
def deleted() -> FileResponse:
    return FileResponse("deleted.bin", stat_result=os.stat("small.bin"))

@app.get("/stands")
def stands():
    open("gate").read()

@app.get("/ping")
def ping():
    return "pong"

app.mount("/static", StaticFiles(directory="."))
"""
LAYERED = """
from fasterapi import App, FileResponse, Request
from fasterapi.middleware.gzip import GZipMiddleware

app = App()

@app.middleware("http")
async def middleware(request: Request, call_next):
    response = await call_next(request)
    if request.url.path == "/turned":
        inner = response.body_iterator
        response.body_iterator = (part[::-1] async for part in inner)
    return response

ZIP

@app.get("/turned")
@app.get("/file")
def file() -> FileResponse:
    return FileResponse("small.bin")

@app.get("/stands")
def stands():
    open("gate").read()
"""
SMALL = bytes(range(251)) * 200
LARGE = SMALL * 480  # 24 MB: more than sockets hold


@pytest.fixture(scope="module")
def server(serve_once):
    server = serve_once(APP, flags=["--workers=1", "--io-threads=1"])
    (server.folder / "small.bin").write_bytes(SMALL)
    return server


@pytest.fixture
def large(server):
    path = server.folder / "large.bin"
    path.write_bytes(LARGE)
    return path


@pytest.fixture
def gate(server):
    gate = server.gate()
    yield gate
    gate.path.unlink()


def starts(wire, target, *fields):
    """Asks for a file, and reads its head."""
    lines = "".join(f"{field}\r\n" for field in fields)
    wire.send(f"GET {target} HTTP/1.1\r\nHost: localhost\r\n{lines}\r\n".encode())
    return wire.head()


def arrives(wire, expected):
    """Whether these are the next bytes; pytest would print the difference."""
    return wire.read_bytes(len(expected)) == expected


@pytest.mark.parametrize(
    "target, fields, begin",
    [
        ("/file?name=large.bin", (), 0),
        ("/static/large.bin", (), 0),
        ("/theirs?name=large.bin", (), 0),
        ("/file?name=large.bin", ("Range: bytes=100-",), 100),
        ("/static/large.bin", ("Range: bytes=-24000000",), len(LARGE) - 24_000_000),
        ("/theirs?name=large.bin", ("Range: bytes=60-",), 60),
    ],
)
def test_a_file_goes_on_while_the_only_worker_stands_in_a_handler(
    server, large, gate, target, fields, begin
):
    expected = LARGE[begin:]
    with server.connect() as wire, server.connect() as other:
        head = starts(wire, target, *fields)
        assert head.status == (206 if fields else 200)
        assert int(head.headers["content-length"]) == len(expected)
        other.send(b"GET /stands HTTP/1.1\r\nHost: localhost\r\n\r\n")
        gate.wait_for_handler()
        assert arrives(wire, expected)
        gate.open()
        assert other.read().status == 200
        assert wire.get("/ping").json() == "pong"


@pytest.mark.parametrize("target", ["/truncated", "/truncated/elsewhere"])
def test_what_follows_a_file_follows_its_last_byte(server, large, target):
    with server.connect() as wire:
        starts(wire, f"{target}?name=large.bin")
        with server.connect() as other:
            for _ in range(20):
                assert other.get("/ping").json() == "pong"
        assert arrives(wire, LARGE)
        while large.stat().st_size != 0:
            wire.get("/ping")


def test_what_follows_a_file_follows_a_client_that_leaves(server, large):
    with server.connect() as wire:
        starts(wire, "/truncated?name=large.bin")
    with server.connect() as other:
        while large.stat().st_size != 0:
            other.get("/ping")


def test_a_file_that_shrinks_ends_its_connection(server, large):
    with server.connect() as wire:
        starts(wire, "/file?name=large.bin")
        wire.send(b"GET /ping HTTP/1.1\r\nHost: localhost\r\n\r\n")
        os.truncate(large, 10)
        body = wire.rest()
    assert len(body) < len(LARGE)
    assert b"HTTP/1.1" not in body
    server.wait_log("bytes before its length")


def test_of_a_file_that_grows_the_length_is_sent(server, large):
    with server.connect() as wire:
        starts(wire, "/file?name=large.bin")
        wire.send(b"GET /ping HTTP/1.1\r\nHost: localhost\r\n\r\n")
        with open(large, "ab") as file:
            file.write(b"more")
        assert arrives(wire, LARGE)
        assert wire.read().json() == "pong"


def test_files_and_others_pipelined(server, large):
    targets = ["/ping", "/file?name=small.bin", "/file?name=large.bin", "/ping"]
    with server.connect() as wire:
        for target in targets:
            wire.send(f"GET {target} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        bodies = [wire.read().body for _ in targets]
    are_whole = bodies == [b'"pong"', SMALL, LARGE, b'"pong"']
    assert are_whole


def test_a_file_that_is_gone_by_then_is_a_500(server):
    with server.connect() as wire:
        assert wire.get("/deleted").status == 500
        assert wire.get("/ping").status == 200
    server.wait_log("deleted.bin")


def test_no_descriptor_is_left(server, large):
    def files():
        paths = (f"/proc/{server.process.pid}/fd/{fd}" for fd in fds())
        return [path for path in map(link, paths) if path.endswith(".bin")]

    def fds():
        return os.listdir(f"/proc/{server.process.pid}/fd")

    def link(path):
        try:
            return os.readlink(path)
        except FileNotFoundError:
            return ""

    with server.connect() as wire:
        for target in ("/file?name=small.bin", "/static/small.bin", "/deleted"):
            wire.get(target)
        wire.get("/file?name=small.bin", method="HEAD")
        starts(wire, "/file?name=large.bin")
        assert len(files()) == 1
    with server.connect() as wire:
        while files():
            wire.get("/ping")


def reversed_parts(content):
    parts = range(0, len(content), 64 * 1024)
    return (content[begin : begin + 64 * 1024][::-1] for begin in parts)


def test_middleware_gets_the_parts(serve):
    server = serve(LAYERED.replace("ZIP", "app.add_middleware(GZipMiddleware)"))
    (server.folder / "small.bin").write_bytes(SMALL)
    with server.connect() as wire:
        reply = wire.get("/file", "Accept-Encoding: gzip")
        assert reply.headers["content-encoding"] == "gzip"
        bodies = [gzip.decompress(reply.body)]
        bodies += [wire.get(path, "Accept-Encoding: identity").body for path in ("/file", "/turned")]
    are_whole = bodies == [SMALL, SMALL, b"".join(reversed_parts(SMALL))]
    assert are_whole


def test_middleware_that_leaves_the_parts_alone_is_not_in_the_way(serve):
    server = serve(LAYERED.replace("ZIP", ""), flags=["--workers=1", "--io-threads=1"])
    (server.folder / "small.bin").write_bytes(LARGE)
    gate = server.gate()
    with server.connect() as wire, server.connect() as other:
        starts(wire, "/file")
        other.send(b"GET /stands HTTP/1.1\r\nHost: localhost\r\n\r\n")
        gate.wait_for_handler()
        assert arrives(wire, LARGE)
        gate.open()
        assert other.read().status == 200
