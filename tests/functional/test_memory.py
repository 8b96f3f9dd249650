"""Memory that clients ask for: they get none for what they only announce, and where there is none
left, one connection ends and not the server."""

import re
import resource
from pathlib import Path

import pytest

from support.server import IS_SANITIZED
from support.wire import request

APP = """
from fasterapi import App

app = App()

@app.post("/")
def root(req):
    return len(req.body())
"""

MIB = 1024 * 1024

pytestmark = pytest.mark.skipif(
    IS_SANITIZED, reason="a sanitizer's allocator ends the process itself"
)


def announce(length):
    return request("POST", "/", f"Content-Length: {length}")


def limit_memory(server, more):
    """To what it has now and so many bytes more."""
    status = Path(f"/proc/{server.process.pid}/status").read_text()
    limit = int(re.search(r"VmSize:\s+(\d+) kB", status)[1]) * 1024 + more
    resource.prlimit(server.process.pid, resource.RLIMIT_AS, (limit, limit))


def test_a_length_that_is_only_announced_takes_no_memory(serve):
    server = serve(APP, flags=["--limits-max-body-bytes=64g"])
    with server.connect() as wire:
        wire.send(announce(60_000_000_000) + b"abc")
        assert server.request("POST", "/", body=b"x" * 100_000).json() == 100_000


def test_many_announced_bodies_take_little(serve):
    server = serve(APP)
    limit_memory(server, 200 * MIB)
    for _ in range(200):
        server.connect().send(announce(16_000_000) + b"abc")
    assert server.request("POST", "/", body=b"x" * 100_000).json() == 100_000


def test_without_memory_one_connection_ends(serve):
    server = serve(APP, flags=["--limits-max-body-bytes=1g"])
    limit_memory(server, 100 * MIB)
    with server.connect() as wire:
        with pytest.raises((BrokenPipeError, ConnectionResetError)):
            wire.send(announce(1_000_000_000))
            for _ in range(1000):
                wire.send(b"x" * 1_000_000)
    server.wait_log("out of memory")
    assert server.request("POST", "/", body=b"x" * 100_000).json() == 100_000
