"""Requests whose bodies are sent piece by piece."""

import re
from pathlib import Path
from typing import Any, Optional

from support.server import Server, wait_until
from support.wire import request

KIB, MIB = 1024, 1024 * 1024
HUGE = {"limits": {"max_body_bytes": 1024 * MIB}}  # a configuration that lets such through
LAST = b"0\r\n\r\n"


def head(target: str, *fields: str, length: Optional[int] = None) -> bytes:
    """A request's head; without a length its body is chunked."""
    kind = "Transfer-Encoding: chunked" if length is None else f"Content-Length: {length}"
    return request("POST", target, kind, *fields)


def chunk(data: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(data), data)


def chunked(body: bytes, size: int) -> bytes:
    """A whole body in chunks of that size."""
    return b"".join(chunk(body[at : at + size]) for at in range(0, len(body), size)) + LAST


def wait_seen(server: Server, last: Any) -> None:
    """Until an app's list of what it saw, at /seen, ends with that."""
    wait_until(lambda: server.get("/seen").json()[-1:] == [last], f"the app to see {last}")


def resident(server: Server) -> int:
    """The bytes of memory that it has."""
    text = (Path("/proc") / str(server.process.pid) / "status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+) kB", text)[1]) * 1024
