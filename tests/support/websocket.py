"""A WebSocket client that sends the frames it is told, and reads without forgiving anything
(RFC 6455)."""

import base64
import hashlib
import json
import os
import struct
import zlib
from typing import Any, List, NamedTuple, Optional, Tuple

from support.server import Server
from support.wire import Reply, Wire

CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0, 1, 2, 8, 9, 10
FIN, RSV1, RSV2, RSV3 = 0x80, 0x40, 0x20, 0x10
_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


class Frame(NamedTuple):
    first: int  #: flags and opcode
    payload: bytes

    @property
    def opcode(self) -> int:
        return self.first & 0x0F


def frame(
    first: int, payload: bytes = b"", is_masked: bool = True, size: Optional[int] = None
) -> bytes:
    """The bytes of one; ``size`` says another length than the payload has."""
    length = len(payload) if size is None else size
    mask_bit = 0x80 if is_masked else 0
    if length < 126:
        head = struct.pack("!BB", first, mask_bit | length)
    elif length < 65536:
        head = struct.pack("!BBH", first, mask_bit | 126, length)
    else:
        head = struct.pack("!BBQ", first, mask_bit | 127, length)
    if not is_masked:
        return head + payload
    mask = b"\x12\x34\x56\x78"
    padded = mask * (len(payload) // 4 + 1)
    masked = int.from_bytes(payload, "big") ^ int.from_bytes(padded[: len(payload)], "big")
    return head + mask + masked.to_bytes(len(payload), "big")


def close_payload(code: int, reason: str = "") -> bytes:
    return struct.pack("!H", code) + reason.encode()


def handshake_fields(key: str, *fields: str) -> Tuple[str, ...]:
    return (
        "Upgrade: websocket",
        "Connection: keep-alive, Upgrade",
        f"Sec-WebSocket-Key: {key}",
        "Sec-WebSocket-Version: 13",
        *fields,
    )


class WebSocketWire:
    """One connection, its handshake done."""

    def __init__(self, wire: Wire, target: str = "/ws", *fields: str) -> None:
        self.wire = wire
        key = base64.b64encode(os.urandom(16)).decode()
        lines = [f"GET {target} HTTP/1.1", "Host: test", *handshake_fields(key, *fields), "", ""]
        wire.send("\r\n".join(lines).encode("latin-1"))
        self.reply: Reply = wire.head()
        assert self.reply.status == 101, self.reply
        accept = base64.b64encode(hashlib.sha1(key.encode() + _GUID).digest()).decode()
        headers = self.reply.headers
        assert headers["sec-websocket-accept"] == accept
        assert headers["upgrade"].lower() == "websocket"
        assert headers["connection"].lower() == "upgrade"
        assert "content-length" not in headers
        self._inflate = zlib.decompressobj(-15)

    def send(self, opcode: int, payload: bytes = b"", flags: int = FIN) -> "WebSocketWire":
        self.wire.send(frame(flags | opcode, payload))
        return self

    def send_text(self, text: str) -> "WebSocketWire":
        return self.send(TEXT, text.encode())

    def send_bytes(self, data: bytes) -> "WebSocketWire":
        return self.send(BINARY, data)

    def close(self, code: Optional[int] = 1000, reason: str = "") -> "WebSocketWire":
        return self.send(CLOSE, b"" if code is None else close_payload(code, reason))

    def frame(self) -> Optional[Frame]:
        """The next frame; None at the end of the connection."""
        start = self.wire.read_bytes(2)
        if len(start) < 2:
            assert not start
            return None
        first, size = start
        assert size < 128, "a server does not mask"
        if size == 126:
            (size,) = struct.unpack("!H", self.wire.read_bytes(2))
            assert size >= 126
        elif size == 127:
            (size,) = struct.unpack("!Q", self.wire.read_bytes(8))
            assert size >= 65536
        payload = self.wire.read_bytes(size)
        assert len(payload) == size
        if first & 0x08:
            assert first & FIN and size < 126, "control frames are small and whole"
        return Frame(first, payload)

    def message(self) -> Any:
        """The next message: str or bytes. Fails at a close; answers pings."""
        parts: List[bytes] = []
        kind, is_compressed = 0, False
        while True:
            got = self.frame()
            assert got is not None, "the connection ended"
            assert got.opcode != CLOSE, got
            if got.opcode == PING:
                self.send(PONG, got.payload)
                continue
            if got.opcode == PONG:
                continue
            assert (got.opcode == CONTINUATION) == bool(parts or kind), got
            if not kind:
                kind, is_compressed = got.opcode, bool(got.first & RSV1)
            parts.append(got.payload)
            if got.first & FIN:
                break
        data = b"".join(parts)
        if is_compressed:
            data = self._inflate.decompress(data + b"\x00\x00\xff\xff")
        return data.decode() if kind == TEXT else data

    def json(self) -> Any:
        return json.loads(self.message())

    def closed(self) -> Tuple[int, str]:
        """Code and reason of the close frame that comes next; 1005 without."""
        got = self.frame()
        assert got is not None, "the connection ended without a close frame"
        assert got.opcode == CLOSE, got
        if not got.payload:
            return 1005, ""
        return struct.unpack("!H", got.payload[:2])[0], got.payload[2:].decode()

    def ends(self) -> bool:
        """Closes, and waits for the answer and the end of the connection."""
        return self.close().closed()[0] == 1000 and self.wire.is_ended()


def connect(server: Server, target: str = "/ws", *fields: str) -> WebSocketWire:
    return WebSocketWire(server.connect(), target, *fields)
