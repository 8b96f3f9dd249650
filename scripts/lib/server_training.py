#!/usr/bin/env python3
"""The run from which the compiler learns what the server does most (cmake/profile.cmake).

    server_training.py SERVER      a binary of the preset `training`, which writes the profile at its end

Every kind of request that server_training_app.py answers, over real connections: one by one, on many
connections at once and several in a message, by one worker and by two. The numbers are fixed, and each
answer's status is checked. It takes about 20 seconds on two cores.
"""

import contextlib
import os
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Iterator, List, NamedTuple

APP = Path(__file__).with_name("server_training_app.py")
CONNECTIONS = 32
ROUNDS = 24
START_LIMIT_S = 120
ANSWER_LIMIT_S = 60

FEW = "Accept: */*\r\n"
BROWSER = (
    "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0\r\n"
    "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8\r\n"
    "Accept-Language: de,en;q=0.5\r\nAccept-Encoding: gzip, deflate, br\r\n"
    "Cookie: session=5f2b1c9e7a; theme=dark\r\nConnection: keep-alive\r\nDNT: 1\r\n"
)
ORDER = b'{"customer":"Zo\xc3\xab","lines":[{"article":7},{"article":12,"count":3,"note":"red \\"one\\""}]}'
WRONG = b'{"customer":"Ada","lines":[{"article":"seven"}],"paid":"perhaps"}'
NOTE = b'{"text":"to do","tags":["a","b"],"weight":1.25,"nested":{"done":false,"due":null}}'


class Kind(NamedTuple):
    status: int
    request: bytes
    weight: int = 1  # how many times as often as the least frequent ones


def get(status: int, target: str, fields: str = FEW, weight: int = 1, method: str = "GET") -> Kind:
    head = f"{method} {target} HTTP/1.1\r\nHost: localhost:8000\r\n{fields}\r\n"
    return Kind(status, head.encode(), weight)


def post(status: int, target: str, body: bytes, weight: int = 1, method: str = "POST") -> Kind:
    fields = f"{FEW}Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
    head = get(status, target, fields, weight, method)
    return head._replace(request=head.request + body)


def chunked(status: int, target: str, pieces: List[bytes]) -> Kind:
    body = b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in [*pieces, b""])
    fields = "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n"
    head = get(status, target, fields, method="POST")
    return head._replace(request=head.request + body)


KINDS = [
    get(200, "/health", weight=2),
    get(200, "/version", weight=2),
    get(200, "/articles/17?currency=USD", weight=4),
    get(200, "/articles/17", BROWSER, weight=4),
    get(200, "/articles?offset=10&limit=3&sort=by%20price", BROWSER, weight=2),
    post(201, "/orders", ORDER, weight=4),
    post(200, "/receipts", ORDER),
    post(200, "/notes", NOTE, weight=2),
    post(200, "/articles/3", b'{"title":"Hammer"}', method="PUT"),
    get(200, "/turns?turns=0", weight=2),
    get(200, "/turns", weight=2),
    get(200, "/me?language=fr", BROWSER),
    get(200, "/asked"),
    get(200, "/raw", weight=2),
    post(200, "/raw", b"something"),
    get(200, "/page", BROWSER),
    get(200, "/blob"),
    get(200, "/stream"),
    post(200, "/received", b"x" * 20000),
    chunked(200, "/received", [b"first", b"y" * 3000]),
    chunked(200, "/notes", [NOTE[:20], NOTE[20:]]),
    get(204, "/articles/5", method="DELETE"),
    get(404, "/articles/1000"),
    get(404, "/nothing/here"),
    get(405, "/orders", method="DELETE"),
    get(422, "/articles/seven"),
    post(422, "/orders", WRONG),
]


class Connection:
    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=ANSWER_LIMIT_S)
        self.received = self.socket.makefile("rb", buffering=65536)

    def __enter__(self) -> "Connection":
        return self

    def __exit__(self, *_: object) -> None:
        self.received.close()
        self.socket.close()

    def ask(self, kind: Kind, times: int = 1) -> None:
        self.socket.sendall(kind.request * times)

    def take(self, kind: Kind) -> None:
        """Reads one answer, whose status has to be right."""
        line = self.received.readline()
        if line.split(b" ")[1:2] != [str(kind.status).encode()]:
            sys.exit(f"{kind.request[:60]!r}: {kind.status} was expected, not {line!r}")
        size = 0
        while (field := self.received.readline()) != b"\r\n":
            name, _, value = field.lower().partition(b":")
            if name == b"content-length":
                size = int(value)
            elif name == b"transfer-encoding":
                size = -1
        if size < 0:
            self._take_chunks()
        else:
            self.received.read(size)

    def _take_chunks(self) -> None:
        while size := int(self.received.readline(), 16):
            self.received.read(size + 2)
        self.received.readline()

    def echo(self, texts: int) -> None:
        upgrade = (
            "Upgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
        )
        asked = get(101, "/echo", upgrade)
        self.ask(asked)
        self.take(asked)
        text = b"Hello, room"
        for _ in range(texts):
            self.socket.sendall(bytes([0x81, 0x80 | len(text), 0, 0, 0, 0]) + text)
            if self.received.read(len(text) + 2)[2:] != text:
                sys.exit("a WebSocket's echo was expected")


def train(port: int) -> None:
    for kind in KINDS:
        with Connection(port) as connection:
            for _ in range(ROUNDS):
                connection.ask(kind)
                connection.take(kind)
    connections = [Connection(port) for _ in range(CONNECTIONS)]
    for _ in range(ROUNDS):
        for kind in KINDS:
            for _ in range(kind.weight):
                together(connections, kind, 1)
        together(connections[:4], KINDS[2], 16)
    for connection in connections:
        connection.socket.close()
    with Connection(port) as connection:
        connection.echo(200)


def together(connections: List[Connection], kind: Kind, times: int) -> None:
    for connection in connections:
        connection.ask(kind, times)
    for connection in connections:
        for _ in range(times):
            connection.take(kind)


@contextlib.contextmanager
def serving(server: str, workers: int) -> Iterator[int]:
    """Its port. It is ended by SIGTERM, as it writes the profile on its way out."""
    with tempfile.TemporaryDirectory() as folder:
        port_file = Path(folder, "port")
        options = [f"--app={APP}:app", f"--workers={workers}", "--log-level=warning"]
        process = subprocess.Popen([server, *options, "--port=0", f"--port-file={port_file}"])
        try:
            yield wait_for_port(process, port_file)
        finally:
            process.terminate()
            status = process.wait()
    if status != 0:
        sys.exit(f"the server that was trained ended with status {status}")


def wait_for_port(process: "subprocess.Popen[bytes]", port_file: Path) -> int:
    end = time.monotonic() + START_LIMIT_S
    while time.monotonic() < end and process.poll() is None:
        with contextlib.suppress(OSError, ValueError):
            return int(port_file.read_text())
        time.sleep(0.02)
    sys.exit("the server to be trained did not start")


def main() -> None:
    if len(sys.argv) != 2 or not os.access(sys.argv[1], os.X_OK):
        sys.exit(__doc__)
    started = time.monotonic()
    for workers in 1, 2:
        with serving(os.path.abspath(sys.argv[1]), workers) as port:
            train(port)
    print(f"trained for {time.monotonic() - started:.0f} s")


if __name__ == "__main__":
    main()
