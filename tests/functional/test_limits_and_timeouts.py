"""Limits of size and time, small ones."""

import select
import socket
from pathlib import Path

import pytest

from support.server import wait_until
from support.wire import request

APP = """
from fasterapi import App

app = App()

@app.route("/", methods=["GET", "POST"])
def root(req):
    return len(req.body())
"""
LIMITS = {
    "max_head_bytes": 2048,
    "max_target_bytes": 100,
    "max_header_count": 10,
    "max_body_bytes": 1000,
    "max_chunk_line_bytes": 50,
    "max_chunk_extension_bytes": 100,
    "max_trailer_bytes": 100,
}
POST_CHUNKED = b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"


@pytest.fixture(scope="module")
def small(serve_once):
    return serve_once(APP, config={"limits": LIMITS})


def refused(server, data, status):
    with server.connect() as wire:
        wire.send(data)
        reply = wire.read()
        assert reply.status == status
        assert reply.headers["connection"] == "close"


def test_a_target_at_the_limit(small):
    assert small.get("/?" + "a" * 98).status == 200
    refused(small, request("GET", "/?" + "a" * 99), 414)


def test_a_target_without_end(small):
    refused(small, b"GET /" + b"a" * 200, 414)


def test_a_head_at_the_limit(small):
    def head_of(size):
        return request("GET", "/", "X: " + "a" * (size - len(request("GET", "/", "X: "))))

    with small.connect() as wire:
        assert wire.send(head_of(2048)).read().status == 200
    refused(small, head_of(2049), 431)


def test_a_head_without_end(small):
    refused(small, b"GET / HTTP/1.1\r\nX: " + b"a" * 3000, 431)


def test_as_many_fields_as_the_limit(small):
    assert small.get("/", *["A: b"] * 9).status == 200
    refused(small, request("GET", "/", *["A: b"] * 10), 431)


def test_a_body_at_the_limit(small):
    assert small.request("POST", "/", body=b"x" * 1000).json() == 1000
    refused(small, request("POST", "/", body=b"x" * 1001), 413)


def test_a_large_length_is_refused_before_the_body_comes(small):
    refused(small, b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999\r\n\r\n", 413)


def test_who_sends_a_large_body_to_its_end_reads_the_refusal(small):
    part = b"x" * 0x100000
    refused(small, request("POST", "/", body=part * 64), 413)
    refused(small, POST_CHUNKED + (b"100000\r\n" + part + b"\r\n") * 64 + b"0\r\n\r\n", 413)


def test_a_chunked_body_at_the_limit(small):
    chunk = b"64\r\n" + b"x" * 100 + b"\r\n"
    with small.connect() as wire:
        wire.send(POST_CHUNKED + chunk * 10 + b"0\r\n\r\n")
        assert wire.read().json() == 1000
    refused(small, POST_CHUNKED + chunk * 10 + b"1\r\nx\r\n", 413)
    refused(small, POST_CHUNKED + b"ffffffff\r\n", 413)


def answered(server, data):
    with server.connect() as wire:
        wire.send(data)
        assert wire.read().status == 200


def test_trailers_at_the_limit(small):
    def trailers(size):  # with the CRLF of the field's line
        return POST_CHUNKED + b"0\r\nX: " + b"a" * (size - 5) + b"\r\n\r\n"

    answered(small, trailers(100))
    refused(small, trailers(101), 431)


def test_a_chunk_line_at_the_limit(small):
    def line(size):  # without its CRLF
        return POST_CHUNKED + b"1;" + b"a" * (size - 2) + b"\r\nx\r\n0\r\n\r\n"

    answered(small, line(50))
    refused(small, line(51), 400)


def test_chunk_extensions_at_the_limit(small):
    def extensions(size):  # of two chunks and the last
        chunk = b"1;" + b"a" * 39 + b"\r\nx\r\n"
        return POST_CHUNKED + chunk * 2 + b"0;" + b"a" * (size - 81) + b"\r\n\r\n"

    answered(small, extensions(100))
    refused(small, extensions(101), 400)


def test_the_server_is_well_after_all_that(small):
    assert small.get("/").status == 200


@pytest.fixture(scope="module")
def hasty(serve_once):
    return serve_once(
        APP, config={"timeouts": {"header": "200ms", "body": "200ms", "keep_alive": "200ms"}}
    )


@pytest.mark.parametrize(
    "start",
    [b"G", b"GET / HTTP/1.1\r\nHost: a\r\n", b"GET / HTTP/1.1\r\nHost: a\r\n\r"],
)
def test_a_slow_head_is_408(hasty, start):
    refused(hasty, start, 408)


@pytest.mark.parametrize(
    "start",
    [
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhell",
        POST_CHUNKED,
        POST_CHUNKED + b"5\r\nhell",
        POST_CHUNKED + b"0\r\n",
    ],
)
def test_a_slow_body_is_408(hasty, start):
    refused(hasty, start, 408)


def test_a_head_that_trickles_is_408_all_the_same(hasty):
    """The deadline is for the whole head: a byte now and then does not extend it."""
    with hasty.connect() as wire:
        for byte in b"GET / HTTP/1.1\r\nX: " + b"a" * 200:
            wire.send(bytes([byte]))
            if select.select([wire.socket], [], [], 0.05)[0]:
                break
        assert wire.read().status == 408


@pytest.mark.parametrize("start", [request("POST", "/", "Content-Length: 1000"), POST_CHUNKED])
def test_a_body_that_trickles_is_408(serve, start):
    server = serve(APP, config={"timeouts": {"body": "500ms"}, "limits": {"min_body_rate": 100}})
    piece = b"1\r\nx\r\n" if start is POST_CHUNKED else b"x"
    with server.connect() as wire:
        wire.send(start)
        sent = 0
        while sent < 50 and not select.select([wire.socket], [], [], 0.1)[0]:
            wire.send(piece)  # ten bytes a second of the body, if that
            sent += 1
        assert sent < 50, "it was never refused"
        assert wire.read().status == 408


@pytest.mark.parametrize("rate", [0, 20])
def test_a_body_above_the_rate_takes_its_time(serve, rate):
    server = serve(APP, config={"timeouts": {"body": "1s"}, "limits": {"min_body_rate": rate}})
    with server.connect() as wire:
        wire.send(request("POST", "/", "Content-Length: 150"))
        for _ in range(30):
            wire.send(b"x" * 5)
            select.select([wire.socket], [], [], 0.1)
        assert wire.read().json() == 150


def test_an_idle_connection_is_closed_without_a_word(hasty):
    with hasty.connect() as wire:
        assert wire.is_ended()
    with hasty.connect() as wire:
        assert wire.get("/").status == 200
        assert wire.is_ended()


def test_a_client_that_does_not_read_is_cut_off(serve):
    server = serve(
        """
        from fasterapi import App, Response
        app = App()
        app.get("/big")(lambda: Response(b"x" * 50_000_000))
        """,
        config={"timeouts": {"write": "300ms"}},
    )
    with server.connect() as wire:
        wire.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        wire.send(request("GET", "/big"))
        wait_until(lambda: not has_connection(server), "the server to close it")


def has_connection(server):
    """Whether a connection is established at the server's end."""
    rows = [row.split() for row in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    local = f":{server.port:04X}"
    return any(row[1].endswith(local) and row[3] == "01" for row in rows)


def test_connections_beyond_the_limit_wait(serve):
    server = serve(APP, config={"limits": {"max_connections": 2}})
    first, second = server.connect(), server.connect()
    assert first.get("/").status == second.get("/").status == 200
    third = server.connect()
    third.send(request("GET", "/"))
    third.socket.settimeout(0.3)
    with pytest.raises(TimeoutError):
        third.read()
    first.close()
    third.socket.settimeout(10)
    assert third.read().status == 200
    second.close()
    third.close()
