"""Connections of a measurement: each sends, then each answer is read, so the server finds many
sockets ready at once, as under load."""

import contextlib
import re
import socket
import sys
from typing import Iterator, List

LIMIT_S = 60


def message(path: str, body: bytes = b"") -> bytes:
    """A GET, or a POST of JSON."""
    head = f"{'POST' if body else 'GET'} {path} HTTP/1.1\r\nHost: localhost\r\n"
    if body:
        head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
    return head.encode() + b"\r\n" + body


@contextlib.contextmanager
def connected(port: int, count: int) -> Iterator[List[socket.socket]]:
    with contextlib.ExitStack() as stack:
        yield [
            stack.enter_context(socket.create_connection(("127.0.0.1", port), LIMIT_S))
            for _ in range(count)
        ]


def ask(clients: List[socket.socket], sent: bytes, size: int) -> None:
    """One message on each; the answers to it are so many bytes."""
    for client in clients:
        client.sendall(sent)
    for client in clients:
        left = size
        while left > 0:
            received = len(client.recv(1 << 20))
            if received == 0:
                sys.exit("a connection was closed")
            left -= received


def answer_size(port: int, sent: bytes) -> int:
    """Of what a message gets, which is to be a 2xx."""
    with socket.create_connection(("127.0.0.1", port), LIMIT_S) as client:
        client.sendall(sent)
        received = b""
        while b"\r\n\r\n" not in received:
            received += client.recv(1 << 20)
    head = received.partition(b"\r\n\r\n")[0]
    length = re.search(rb"(?i)Content-Length: (\d+)", head)
    if length is None or not head.startswith(b"HTTP/1.1 2"):
        sys.exit(f"no 2xx with a length: {received[:400]!r}")
    return len(head) + 4 + int(length[1])
