"""The families of cases of the Autobahn fuzzing client, with frames by hand. Their numbers are in
the names."""

import json
import os
import zlib

import pytest

from support.server import ROOT
from support.websocket import (
    BINARY,
    CLOSE,
    CONTINUATION,
    FIN,
    PING,
    PONG,
    RSV1,
    TEXT,
    WebSocketWire,
    close_payload,
    connect,
    frame,
)

APP = ROOT / "tests" / "support" / "websocket_app.py"
SIZES = [0, 1, 125, 126, 127, 128, 65535, 65536]
VIOLATION, BAD_DATA = 1002, 1007


@pytest.fixture(scope="module")
def server(serve_once):
    return serve_once(APP)


@pytest.fixture
def ws(server):
    return connect(server)


def send_in_steps(ws: WebSocketWire, data: bytes, step: int) -> None:
    for begin in range(0, len(data), step):
        ws.wire.send(data[begin : begin + step])


def refuses(ws: WebSocketWire, *codes: int) -> None:
    """The connection is failed with one of the codes, and ends once the client's does."""
    assert ws.closed()[0] in codes
    ws.wire.end_input()
    assert ws.wire.is_ended()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("opcode", [TEXT, BINARY])
def test_1_framing(ws, size, opcode):
    data = b"*" * size
    for step in (len(data) + 14, 997, 1) if size < 1000 else (len(data) + 14, 997):
        send_in_steps(ws, frame(FIN | opcode, data), step)
        got = ws.message()
        assert (got.encode() if opcode == TEXT else got) == data
    assert ws.ends()


@pytest.mark.parametrize("payload", [b"", b"Hello", b"\x00\xff\xfe\xfd", b"\xfe" * 125])
def test_2_pings_of_any_payload(ws, payload):
    assert ws.send(PING, payload).frame() == (FIN | PONG, payload)
    send_in_steps(ws, frame(FIN | PING, payload), 1)
    assert ws.frame() == (FIN | PONG, payload)
    assert ws.ends()


def test_2_5_a_ping_of_126_bytes(ws):
    ws.send(PING, b"\xfe" * 126)
    refuses(ws, VIOLATION)


def test_2_7_pongs_that_nobody_asked_for(ws):
    ws.send(PONG).send(PONG, b"unsolicited").send(PING, b"ping")
    assert ws.frame() == (FIN | PONG, b"ping")
    assert ws.ends()


def test_2_10_ten_pings(ws):
    ws.wire.send(b"".join(frame(FIN | PING, b"payload-%d" % i) for i in range(10)))
    assert [ws.frame().payload for _ in range(10)] == [b"payload-%d" % i for i in range(10)]
    assert ws.ends()


@pytest.mark.parametrize("bits", range(1, 8))
@pytest.mark.parametrize("opcode", [TEXT, BINARY, PING, CLOSE])
def test_3_reserved_bits(ws, bits, opcode):
    ws.send_text("before")
    assert ws.message() == "before"
    ws.wire.send(frame(FIN | bits << 4 | opcode, b"" if opcode == CLOSE else b"x"))
    refuses(ws, VIOLATION)


@pytest.mark.parametrize("opcode", [3, 4, 5, 6, 7, 11, 12, 13, 14, 15])
@pytest.mark.parametrize("payload", [b"", b"reserved opcode payload"])
def test_4_reserved_opcodes(ws, opcode, payload):
    assert ws.send_text("before").message() == "before"
    refuses(ws.send(opcode, payload), VIOLATION)


@pytest.mark.parametrize("opcode", [PING, PONG, CLOSE])
def test_5_control_frames_in_fragments(ws, opcode):
    ws.send(opcode, b"", flags=0).send(CONTINUATION, b"")
    refuses(ws, VIOLATION)


@pytest.mark.parametrize("step", [100, 1])
@pytest.mark.parametrize("with_ping", [False, True])
def test_5_fragments(ws, step, with_ping):
    data = frame(TEXT, b"frag") + (frame(FIN | PING, b"p") if with_ping else b"")
    data += frame(CONTINUATION, b"") + frame(CONTINUATION, b"men") + frame(FIN, b"t")
    send_in_steps(ws, data, step)
    if with_ping:
        assert ws.frame() == (FIN | PONG, b"p")
    assert ws.message() == "fragment"
    assert ws.ends()


@pytest.mark.parametrize(
    "data",
    [
        frame(FIN | CONTINUATION, b"nothing to continue"),
        frame(CONTINUATION, b"nothing to continue") + frame(FIN | TEXT, b"x"),
        frame(FIN | TEXT, b"x") + frame(FIN | CONTINUATION, b"nothing to continue"),
        frame(TEXT, b"one") + frame(FIN | TEXT, b"two"),
        frame(TEXT, b"one") + frame(TEXT, b"two"),
    ],
)
def test_5_fragments_out_of_order(ws, data):
    ws.wire.send(data)
    got = ws.frame()
    if got.opcode == TEXT:  # the good message before
        got = ws.frame()
    assert (got.opcode, got.payload[:2]) == (CLOSE, close_payload(VIOLATION))


@pytest.mark.parametrize("size, is_masked", [(0, False), (5, False), (70_000, False)])
def test_frames_without_mask(ws, size, is_masked):
    ws.wire.send(frame(FIN | BINARY, bytes(size), is_masked))
    refuses(ws, VIOLATION)


@pytest.mark.parametrize(
    "data",
    [
        bytes([0x82, 0xFE, 0, 125]) + bytes(129),
        bytes([0x82, 0xFF]) + (65535).to_bytes(8, "big") + bytes(4),
    ],
)
def test_lengths_longer_than_they_need_be(ws, data):
    ws.wire.send(data)
    refuses(ws, VIOLATION)


VALID = [
    "κόσμε", "\ufffd", "\U00010000", "\U0010ffff", "\ud7ff", "\ue000", "\ufffe\uffff", "\x00",
    "\u0080\u07ff\u0800", "\U0001fffe",
]  # fmt: skip
INVALID = [
    b"\x80", b"\xbf\x80", b"\xc0\xaf", b"\xc1\xbf", b"\xe0\x80\xaf", b"\xe0\x9f\xbf",
    b"\xed\xa0\x80", b"\xed\xbf\xbf", b"\xf0\x80\x80\xaf",
    b"\xf4\x90\x80\x80", b"\xf8\x88\x80\x80\x80", b"\xfe",
    b"\xff", b"\xc2", b"\xe2\x82", b"\xf0\x9f\x98", b"abc\xce\xba\xe1\xbd\xb9\xcf\x83\xce\xbc\xce",
    b"\xed\xa0\x80\xed\xb0\x80", b"a\xffb",
]  # fmt: skip


@pytest.mark.parametrize("text", VALID)
def test_6_valid_text(ws, text):
    data = text.encode()
    assert ws.send(TEXT, data).message() == text
    parts = [data[i : i + 1] for i in range(len(data))]  # a fragment for each byte
    ws.send(TEXT, parts[0], flags=0)
    for part in parts[1:]:
        ws.send(CONTINUATION, part, flags=0)
    assert ws.send(CONTINUATION).message() == text
    assert ws.ends()


@pytest.mark.parametrize("data", INVALID)
def test_6_invalid_text(server, data):
    whole = connect(server).send(TEXT, data)
    refuses(whole, BAD_DATA)
    parts = connect(server).send(TEXT, data[:1], flags=0)
    parts.send(CONTINUATION, data[1:])
    refuses(parts, BAD_DATA)


def test_6_4_invalid_text_fails_before_the_message_ends(ws):
    ws.send(TEXT, b"\xce\xba\xf4\x90\x80\x80", flags=0)
    refuses(ws, BAD_DATA)


VALID_CODES = [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999]
INVALID_CODES = [0, 999, 1004, 1005, 1006, 1016, 1100, 2000, 2999]


@pytest.mark.parametrize("code", VALID_CODES)
def test_7_7_valid_close_codes(ws, code):
    assert ws.close(code, "reason").closed()[0] == code
    assert ws.wire.is_ended()


@pytest.mark.parametrize("code", INVALID_CODES)
def test_7_9_invalid_close_codes(ws, code):
    refuses(ws.close(code), VIOLATION)


def test_7_1_nothing_counts_behind_a_close(ws):
    ws.wire.send(
        frame(FIN | CLOSE, close_payload(1000)) + frame(FIN | PING) + frame(FIN | TEXT, b"x")
    )
    assert ws.closed()[0] == 1000
    assert ws.wire.is_ended()


def test_7_3_close_payloads(server):
    assert connect(server).close(None).closed()[0] in (1000, 1005)
    refuses(connect(server).send(CLOSE, b"x"), VIOLATION)
    assert connect(server).close(1000, "*" * 123).closed()[0] == 1000
    refuses(connect(server).send(CLOSE, close_payload(1000) + b"*" * 124), VIOLATION)
    refuses(connect(server).send(CLOSE, close_payload(1000) + b"\xed\xa0\x80"), VIOLATION, BAD_DATA)


@pytest.mark.parametrize("fragment", [64, 1000, 65536, 1 << 20])
def test_9_messages_of_a_megabyte(ws, fragment):
    data = os.urandom(1 << 20) if fragment > 64 else os.urandom(1 << 16)
    parts = [data[i : i + fragment] for i in range(0, len(data), fragment)]
    for number, part in enumerate(parts):
        flags = FIN if number == len(parts) - 1 else 0
        ws.send(BINARY if number == 0 else CONTINUATION, part, flags=flags)
    assert ws.message() == data
    assert ws.ends()


def test_9_the_largest_message(ws):
    data = bytes(16 << 20)
    assert len(ws.send_bytes(data).message()) == len(data)
    assert ws.ends()


def test_10_a_message_is_not_sent_in_needless_fragments(ws):
    ws.send_bytes(bytes(65536))
    assert ws.frame() == (FIN | BINARY, bytes(65536))
    assert ws.ends()


class Deflate:
    """RFC 7692 on the client's side."""

    def __init__(self, server, offer: str) -> None:
        self.ws = connect(server, "/ws", f"Sec-WebSocket-Extensions: {offer}")
        agreed = self.ws.reply.headers["sec-websocket-extensions"]
        self.parameters = dict((*part.strip().split("="), "")[:2] for part in agreed.split(";")[1:])
        self.bits = int(self.parameters.get("client_max_window_bits") or 15)
        self._in = zlib.decompressobj(-int(self.parameters.get("server_max_window_bits") or 15))
        self._out = zlib.compressobj(6, zlib.DEFLATED, -self.bits)

    def compress(self, data: bytes) -> bytes:
        packed = self._out.compress(data) + self._out.flush(zlib.Z_SYNC_FLUSH)
        if "client_no_context_takeover" in self.parameters:
            self._out = zlib.compressobj(6, zlib.DEFLATED, -self.bits)
        return packed[:-4]

    def echo(self, data: bytes, fragments: int = 1) -> None:
        packed = self.compress(data)
        size = len(packed) // fragments + 1
        for number in range(fragments):
            flags = (FIN if number == fragments - 1 else 0) | (RSV1 if number == 0 else 0)
            part = packed[number * size : (number + 1) * size]
            self.ws.send(BINARY if number == 0 else CONTINUATION, part, flags=flags)
        assert self._message() == data

    def _message(self) -> bytes:
        got = self.ws.frame()
        is_compressed, parts = got.first & RSV1, [got.payload]
        while not got.first & FIN:
            got = self.ws.frame()
            parts.append(got.payload)
        data = b"".join(parts)
        if is_compressed:
            data = self._in.decompress(data + b"\x00\x00\xff\xff")
            if "server_no_context_takeover" in self.parameters:
                bits = int(self.parameters.get("server_max_window_bits") or 15)
                self._in = zlib.decompressobj(-bits)
        return data


OFFERS = [
    "permessage-deflate",
    "permessage-deflate; client_max_window_bits",
    "permessage-deflate; client_max_window_bits=9",
    "permessage-deflate; server_max_window_bits=9",
    "permessage-deflate; server_no_context_takeover",
    "permessage-deflate; client_no_context_takeover; server_no_context_takeover",
    "permessage-deflate; server_max_window_bits=15; client_max_window_bits=15",
    "unknown, permessage-deflate",
    "permessage-deflate; server_max_window_bits=8, permessage-deflate",
]


@pytest.mark.parametrize("offer", OFFERS)
def test_12_13_compression(server, offer):
    client = Deflate(server, offer)
    text = json.dumps([{"id": i, "name": f"name {i}", "tags": ["a", "b"]} for i in range(3000)])
    for size in (0, 1, 16, 63, 64, 65, 256, 1024, 4096, 8192, 16384, 32768, 65536, 131072):
        client.echo(text.encode()[:size])
        client.echo(os.urandom(size))
    for fragments in (2, 7, 100):
        client.echo(text.encode()[:50_000], fragments)
    for _ in range(100):
        client.echo(b"the same again and again")
    assert client.ws.ends()


@pytest.mark.parametrize(
    "offer",
    [
        "permessage-deflate; server_max_window_bits=16",
        "permessage-deflate; server_max_window_bits=8",  # Beast has no window that small
        'permessage-deflate; server_no_context_takeover; server_max_window_bits="8"',
        "permessage-deflate; client_max_window_bits=7",
        "permessage-deflate; unknown=1",
        "permessage-bzip2",
    ],
)
def test_offers_that_are_declined(server, offer):
    ws = connect(server, "/ws", f"Sec-WebSocket-Extensions: {offer}")
    assert "sec-websocket-extensions" not in ws.reply.headers
    assert ws.send_text("plain").message() == "plain"


BEFORE_ITS_BEGIN = b"\x02\x02\x00"  # a copy of what came before the first byte
LAST_BLOCK = b"\xf3\x48\xcd\xc9\xc9\x07\x00\x00"  # "Hello" with BFINAL (RFC 7692, 7.2.3.4)


@pytest.mark.parametrize("payload", [b"\xff" * 100, BEFORE_ITS_BEGIN, LAST_BLOCK])
def test_compressed_nonsense_ends_the_connection(server, payload):
    client = Deflate(server, "permessage-deflate")
    client.ws.send(BINARY, payload, flags=FIN | RSV1)
    refuses(client.ws, BAD_DATA)
    assert connect(server).send_text("still there").message() == "still there"


def test_what_is_compressed_counts_by_what_it_becomes(server):
    client = Deflate(server, "permessage-deflate")
    client.ws.send(BINARY, client.compress(bytes((16 << 20) + 1)), flags=FIN | RSV1)
    refuses(client.ws, 1009)
