"""A client on a raw socket: sends the bytes it is told, and reads answers without forgiving
anything."""

import json
import re
import socket
from typing import Any, Dict, List, NamedTuple, Optional, Tuple

_STATUS_LINE = re.compile(rb"HTTP/1\.1 ([1-5][0-9][0-9]) ([\x20-\x7e]*)")
_FIELD = re.compile(
    rb"([!#$%&'*+\-.^_`|~0-9A-Za-z]+): ([\x21-\x7e\x80-\xff][\x20-\x7e\x80-\xff]*|)"
)
_DATE = re.compile(r"[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT")


class Reply(NamedTuple):
    status: int
    reason: str
    fields: List[Tuple[str, str]]  # names in lower case
    body: bytes
    chunks: Optional[List[bytes]]  # None: with a length

    @property
    def headers(self) -> Dict[str, str]:
        return dict(self.fields)

    def json(self) -> Any:
        return json.loads(self.body)


class Wire:
    """One connection."""

    def __init__(self, connected: socket.socket) -> None:
        self.socket = connected
        if connected.family != socket.AF_UNIX:
            connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._received = b""

    def send(self, data: bytes) -> "Wire":
        self.socket.sendall(data)
        return self

    def get(self, target: str, *fields: str, method: str = "GET") -> Reply:
        self.send(request(method, target, *fields))
        return self.read(method)

    def read(self, method: str = "GET") -> Reply:
        """The next answer to a request of that method, checked to the letter."""
        status, reason, fields = self._head()
        headers = dict(fields)
        if status < 200:
            assert "content-length" not in headers
            assert "transfer-encoding" not in headers
            return Reply(status, reason, fields, b"", None)
        assert _DATE.fullmatch(headers["date"]), headers
        for name in ("date", "content-length", "content-type", "transfer-encoding", "connection"):
            assert [n for n, _ in fields].count(name) <= 1, f"{name} twice: {fields}"
        if status in (204, 304):
            assert "content-length" not in headers
            assert "transfer-encoding" not in headers
            return Reply(status, reason, fields, b"", None)
        if "transfer-encoding" in headers:
            assert headers["transfer-encoding"] == "chunked"
            assert "content-length" not in headers
            chunks = [] if method == "HEAD" else self._chunks()
            return Reply(status, reason, fields, b"".join(chunks), chunks)
        if "content-length" not in headers:
            assert headers.get("connection") == "close", f"no end in sight: {fields}"
            body = b"" if method == "HEAD" else self.rest()
            return Reply(status, reason, fields, body, None)
        length = 0 if method == "HEAD" else int(headers["content-length"])
        return Reply(status, reason, fields, self._take(length), None)

    def head(self) -> Reply:
        """Status line and fields alone, for answers whose body is looked at piece by piece."""
        return Reply(*self._head(), b"", None)

    def chunk(self) -> bytes:
        """The next chunk; empty: the last one, with its trailers."""
        size_text = self._line()
        assert re.fullmatch(rb"[0-9a-fA-F]+", size_text), size_text
        size = int(size_text, 16)
        data = self._take(size)
        assert self._line() == b""
        return data

    def read_bytes(self, size: int) -> bytes:
        """So many, or fewer at the end of the connection."""
        received = bytearray(self._received)
        while len(received) < size:
            self._received = b""  # else each piece would copy all before it
            if not self._receive():
                break
            received += self._received
        self._received = bytes(received[size:])
        return bytes(received[:size])

    def rest(self) -> bytes:
        """Everything until the server ends the connection."""
        while self._receive():
            pass
        data, self._received = self._received, b""
        return data

    def is_ended(self) -> bool:
        """Waits for the end of the connection; false where there are bytes instead."""
        return not self._received and not self._receive()

    def end_input(self) -> "Wire":
        self.socket.shutdown(socket.SHUT_WR)
        return self

    def close(self) -> None:
        self.socket.close()

    def __enter__(self) -> "Wire":
        return self

    def __exit__(self, *_: Any) -> None:
        self.close()

    def _head(self) -> Tuple[int, str, List[Tuple[str, str]]]:
        first = self._line()
        status_line = _STATUS_LINE.fullmatch(first)
        assert status_line, f"no status line: {first!r}"
        fields = []
        for line in iter(self._line, b""):
            field = _FIELD.fullmatch(line)
            assert field, f"no field line: {line!r}"
            fields.append((field[1].decode().lower(), field[2].decode("latin-1")))
        return int(status_line[1]), status_line[2].decode(), fields

    def _chunks(self) -> List[bytes]:
        return list(iter(self.chunk, b""))

    def _line(self) -> bytes:
        while b"\r\n" not in self._received:
            assert self._receive(), f"the connection ended in {self._received!r}"
        line, _, self._received = self._received.partition(b"\r\n")
        return line

    def _take(self, size: int) -> bytes:
        data = self.read_bytes(size)
        assert len(data) == size, f"the connection ended {size - len(data)} bytes too early"
        return data

    def _receive(self) -> bool:
        try:
            data = self.socket.recv(65536)
        except ConnectionResetError:
            return False
        self._received += data
        return bool(data)


def request(method: str, target: str, *fields: str, body: bytes = b"", host: str = "test") -> bytes:
    """A request of HTTP/1.1, with Host, and with Content-Length where there is a body."""
    lines = [f"{method} {target} HTTP/1.1", f"Host: {host}", *fields]
    if body:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body
