"""Requests that are not to be served, as bytes: RFC 9110 and 9112 where they leave no choice,
and where they do, the strict one. Each is answered once and ends its connection."""

import pytest

from support.wire import request

APP = """
from fasterapi import App

app = App()

@app.route("/", methods=["GET", "POST"])
def root(req):
    return len(req.body())

@app.get("/path")
def path():
    return "path"

@app.get("/host")
def host(req):
    return [req.headers["host"], str(req.url)]
"""


def fields(*lines: bytes) -> bytes:
    return b"GET / HTTP/1.1\r\nHost: a\r\n" + b"".join(line + b"\r\n" for line in lines) + b"\r\n"


def line(first: bytes) -> bytes:
    return first + b"\r\nHost: a\r\n\r\n"


def chunked(body: bytes) -> bytes:
    return b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + body


def posted(*lines: bytes, body: bytes = b"hello") -> bytes:
    head = b"".join(line + b"\r\n" for line in lines)
    return b"POST / HTTP/1.1\r\nHost: a\r\n" + head + b"\r\n" + body


BAD = {
    # Lines (RFC 9112, sections 2.2, 5).
    "bare LF everywhere": b"GET / HTTP/1.1\nHost: a\n\n",
    "bare LF after the request line": b"GET / HTTP/1.1\nHost: a\r\n\r\n",
    "bare LF after a field": b"GET / HTTP/1.1\r\nHost: a\nX: b\r\n\r\n",
    "bare LF at the end": b"GET / HTTP/1.1\r\nHost: a\r\n\n",
    "bare CR in a value": fields(b"X: a\rb"),
    "bare CR in the request line": b"GET /\r HTTP/1.1\r\nHost: a\r\n\r\n",
    "obs-fold": fields(b"X: a", b" b"),
    "obs-fold by tab": fields(b"X: a", b"\tb"),
    "white space before the first field": b"GET / HTTP/1.1\r\n Host: a\r\n\r\n",
    "white space before the colon": fields(b"X : a"),
    "tab before the colon": fields(b"X\t: a"),
    "no colon": fields(b"X"),
    "no name": fields(b": a"),
    "space in a name": fields(b"X Y: a"),
    "bracket in a name": fields(b"X(: a"),
    "8-bit in a name": fields(b"X\xc3\xbc: a"),
    "NUL in a value": fields(b"X: a\0b"),
    "control in a value": fields(b"X: a\x01b"),
    "DEL in a value": fields(b"X: a\x7fb"),
    "NUL in a name": fields(b"X\0: a"),
    # Request lines (RFC 9112, section 3).
    "no method": line(b" / HTTP/1.1"),
    "bad method": line(b"G@T / HTTP/1.1"),
    "two spaces": line(b"GET  / HTTP/1.1"),
    "space at the end": line(b"GET / HTTP/1.1 "),
    "tab as space": line(b"GET\t/\tHTTP/1.1"),
    "no version": line(b"GET /"),
    "small version": line(b"GET / http/1.1"),
    "short version": line(b"GET / HTTP/1"),
    "long version": line(b"GET / HTTP/1.10"),
    "another protocol": line(b"GET / HTTQ/1.1"),
    "TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
    # Targets (RFC 9112, section 3.2; RFC 3986).
    "relative target": line(b"GET path HTTP/1.1"),
    "asterisk for GET": line(b"GET * HTTP/1.1"),
    "space in the target": line(b"GET /a b HTTP/1.1"),
    "8-bit in the target": line(b"GET /\xc3\xbc HTTP/1.1"),
    "control in the target": line(b"GET /\x01 HTTP/1.1"),
    "quote in the path": line(b'GET /" HTTP/1.1'),
    "fragment": line(b"GET /#a HTTP/1.1"),
    "bad escape": line(b"GET /%zz HTTP/1.1"),
    "short escape": line(b"GET /%a HTTP/1.1"),
    "escaped NUL": line(b"GET /%00 HTTP/1.1"),
    "no UTF-8": line(b"GET /%ff HTTP/1.1"),
    "dot segment": line(b"GET /a/../path HTTP/1.1"),
    "single dot segment": line(b"GET /./path HTTP/1.1"),
    "dot segment at the end": line(b"GET /a/.. HTTP/1.1"),
    "escaped dot segment": line(b"GET /a/%2e%2E/path HTTP/1.1"),
    "absolute-form without host": line(b"GET http:///path HTTP/1.1"),
    "absolute-form with userinfo": line(b"GET http://a@b/path HTTP/1.1"),
    # Host (RFC 9112, section 3.2; RFC 3986, section 3.2.2).
    "no Host": b"GET / HTTP/1.1\r\n\r\n",
    "two Hosts": fields(b"Host: a"),
    "two Hosts that differ": fields(b"Host: b"),
    "space in Host": b"GET / HTTP/1.1\r\nHost: a b\r\n\r\n",
    "path in Host": b"GET / HTTP/1.1\r\nHost: a/b\r\n\r\n",
    "userinfo in Host": b"GET / HTTP/1.1\r\nHost: a@b\r\n\r\n",
    "list of Hosts": b"GET / HTTP/1.1\r\nHost: a, b\r\n\r\n",
    "no number as port": b"GET / HTTP/1.1\r\nHost: a:b\r\n\r\n",
    "open bracket in Host": b"GET / HTTP/1.1\r\nHost: [::1\r\n\r\n",
    "bad IPv6 in Host": b"GET / HTTP/1.1\r\nHost: [zz]\r\n\r\n",
    # Content-Length (RFC 9110, section 8.6; RFC 9112, section 6.3).
    "length and chunked": posted(b"Content-Length: 5", b"Transfer-Encoding: chunked"),
    "chunked and length": posted(b"Transfer-Encoding: chunked", b"Content-Length: 5"),
    "two lengths": posted(b"Content-Length: 5", b"Content-Length: 5"),
    "two lengths that differ": posted(b"Content-Length: 5", b"Content-Length: 6"),
    "list of lengths": posted(b"Content-Length: 5, 5"),
    "signed length": posted(b"Content-Length: +5"),
    "negative length": posted(b"Content-Length: -5"),
    "padded length": posted(b"Content-Length: 005"),
    "hexadecimal length": posted(b"Content-Length: 0x5"),
    "fractional length": posted(b"Content-Length: 5.0"),
    "no length": posted(b"Content-Length:"),
    "length beyond 64 bits": posted(b"Content-Length: 18446744073709551621"),
    # Transfer codings (RFC 9112, sections 6.1, 7.1).
    "chunked twice": posted(b"Transfer-Encoding: chunked, chunked"),
    "no coding": posted(b"Transfer-Encoding:"),
    "chunk size no number": chunked(b"g\r\nhello\r\n0\r\n\r\n"),
    "chunk size missing": chunked(b"\r\nhello\r\n0\r\n\r\n"),
    "chunk size with 0x": chunked(b"0x5\r\nhello\r\n0\r\n\r\n"),
    "chunk size signed": chunked(b"+5\r\nhello\r\n0\r\n\r\n"),
    "chunk size after space": chunked(b" 5\r\nhello\r\n0\r\n\r\n"),
    "chunk size beyond 64 bits": chunked(b"1" + b"0" * 16 + b"\r\nhello\r\n0\r\n\r\n"),
    "chunk line by LF": chunked(b"5\nhello\r\n0\r\n\r\n"),
    "chunk line by CR": chunked(b"5\rhello\r\n0\r\n\r\n"),
    "chunk longer than told": chunked(b"5\r\nhello!\r\n0\r\n\r\n"),
    "chunk ended by LF": chunked(b"5\r\nhello\n0\r\n\r\n"),
    "LF in an extension": chunked(b"5;a=b\nc\r\nhello\r\n0\r\n\r\n"),
    "bad trailer": chunked(b"0\r\nX : a\r\n\r\n"),
    "trailer by LF": chunked(b"0\r\nX: a\n\r\n"),
}
OTHER = {
    "unknown coding": (posted(b"Transfer-Encoding: gzip, chunked"), 501),
    "identity": (posted(b"Transfer-Encoding: identity"), 501),
    "HTTP/2": (line(b"GET / HTTP/2.0"), 505),
    "HTTP/2 preface": (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505),
    "HTTP/3": (line(b"GET / HTTP/3.0"), 505),
    "CONNECT": (line(b"CONNECT a:443 HTTP/1.1"), 501),
    "unknown expectation": (fields(b"Expect: 200-ok"), 417),
}
GOOD = {
    "absolute-form": (line(b"GET http://example.org/path HTTP/1.1"), b'"path"'),
    "absolute-form beside another host": (
        line(b"GET http://b.org:81/host HTTP/1.1"),
        b'["b.org:81","http://b.org:81/host"]',
    ),
    "absolute-form, no path": (line(b"GET http://example.org HTTP/1.1"), b"0"),
    "HTTP/1.2": (line(b"GET /path HTTP/1.2"), b'"path"'),
    "host with port": (b"GET / HTTP/1.1\r\nHost: a.b-c:80\r\n\r\n", b"0"),
    "IPv6 host": (b"GET / HTTP/1.1\r\nHost: [::1]:80\r\n\r\n", b"0"),
    "empty host": (b"GET / HTTP/1.1\r\nHost:\r\n\r\n", b"0"),
    "white space around a value": (fields(b"X: \t a \t"), b"0"),
    "no white space": (fields(b"X:a"), b"0"),
    "8-bit in a value": (fields(b"X: \xc3\xbc\xff"), b"0"),
    "empty value": (fields(b"X:"), b"0"),
    "name in any case": (b"POST / HTTP/1.1\r\nhOST: a\r\ncONTENT-lENGTH: 5\r\n\r\nhello", b"5"),
    "body": (posted(b"Content-Length: 5"), b"5"),
    "GET with body": (fields(b"Content-Length: 5") + b"hello", b"5"),
    "escaped slash": (line(b"GET /%70ath HTTP/1.1"), b'"path"'),
    "question mark in the query": (line(b"GET /path?a?b HTTP/1.1"), b'"path"'),
}
# What is refused where it is seen must be refused however the bytes arrive.
SAMPLE = ["obs-fold", "length and chunked", "chunk longer than told", "bad trailer", "two Hosts"]


@pytest.fixture(scope="module")
def server(serve_once):
    return serve_once(APP)


def refused(server, data: bytes, status: int) -> None:
    with server.connect() as wire:
        wire.send(data)
        reply = wire.read()
        assert reply.status == status, reply
        assert reply.headers["connection"] == "close"
        assert reply.headers["content-type"] == "application/json"
        assert set(reply.json()) == {"detail"}
        assert len(reply.body) < 200
        wire.end_input()
        assert wire.is_ended()


@pytest.mark.parametrize("name", BAD)
def test_malformed_is_400_and_the_end(server, name):
    refused(server, BAD[name], 400)


@pytest.mark.parametrize("name", OTHER)
def test_not_served_is_its_own_status_and_the_end(server, name):
    refused(server, *OTHER[name])


@pytest.mark.parametrize("name", GOOD)
def test_unusual_but_right(server, name):
    data, body = GOOD[name]
    with server.connect() as wire:
        for _ in range(2):
            wire.send(data)
            reply = wire.read()
            assert (reply.status, reply.body) == (200, body)


@pytest.mark.parametrize("name", SAMPLE)
def test_refused_at_every_split(server, name):
    data = BAD[name]
    for at in range(1, len(data)):
        with server.connect() as wire:
            wire.send(data[:at])
            try:
                wire.send(data[at:])
            except (BrokenPipeError, ConnectionResetError):
                pass  # refused by what it had
            assert wire.read().status == 400, at


@pytest.mark.parametrize("name", ["body", "absolute-form", "IPv6 host"])
def test_served_at_every_split(server, name):
    data, body = GOOD[name]
    with server.connect() as wire:
        for at in range(1, len(data)):
            wire.send(data[:at])
            wire.send(data[at:])
            assert wire.read().body == body, at


def test_a_transfer_coding_in_http_1_0_ends_the_connection(server):
    with server.connect() as wire:
        wire.send(
            b"POST / HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\n"
            b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"
        )
        wire.read()
        assert wire.is_ended()


def test_nothing_is_smuggled_behind_a_refused_request(server):
    with server.connect() as wire:
        wire.send(
            posted(b"Content-Length: 5", b"Transfer-Encoding: chunked", body=b"0\r\n\r\n")
            + request("GET", "/path")
        )
        assert wire.read().status == 400
        assert wire.is_ended()


def test_refusals_are_logged_and_the_server_goes_on(server):
    refused(server, BAD["two Hosts"], 400)
    server.wait_log(r"refused with 400")
    assert server.get("/path").status == 200
    assert "Traceback" not in server.log


def test_a_refusal_is_text_for_those_who_prefer_it(server):
    with server.connect() as wire:
        wire.send(b"GET /%zz HTTP/1.1\r\nHost: a\r\nAccept: text/plain\r\n\r\n")
        reply = wire.read()
        assert reply.status == 400
        assert reply.headers["content-type"] == "text/plain; charset=utf-8"
        assert reply.body == b"malformed escape in path"
