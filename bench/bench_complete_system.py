#!/usr/bin/env python3
"""A request to a Python route without the server: an ASGI scope in, an ASGI answer out, in whatever
Python runs this. The handlers are those of the C++ program of this name.

    pypy3 bench/bench_complete_system.py [--smoke] [--only TEXT] [--json FILE]
"""

import argparse
import asyncio
import json
import platform
import statistics
import sys
import time
from pathlib import Path
from typing import Any, Dict, List, NamedTuple, Tuple

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src" / "pylib"), str(ROOT / "bench" / "micro")]

from complete_app import app  # noqa: E402

MESSAGE = b'{"message":"Hello, World!"}'
ITEM = b'{"id":42,"name":"A usual name","price":12.5,"tags":["a","b"]}'


class Kind(NamedTuple):
    name: str
    path: str
    answer: bytes  # empty: not looked at
    query: bytes = b""
    body: bytes = b""
    status: int = 200


KINDS = [
    Kind("sync, dict", "/sync", MESSAGE),
    Kind("async, never suspends", "/async", MESSAGE),
    Kind("async, suspends once", "/async-once", MESSAGE),
    Kind("typed path and query", "/users/42", b'{"user_id":42,"q":"abc"}', b"q=abc"),
    Kind("typed path and query, a 422", "/users/x", b"", b"q=abc", status=422),
    Kind("JSON body, echoed", "/items", ITEM, body=ITEM),
    Kind("validated Model body, echoed", "/validated", ITEM, body=ITEM),
    Kind("general route: a response model", "/model", MESSAGE),
    Kind("(req, res), JSON text", "/res", b'{"status":"ok"}'),
    Kind("1 KiB of bytes", "/kib-1", b"x" * 1024),
    Kind("64 KiB of bytes", "/kib-64", b"x" * 65536),
]


class Count(NamedTuple):
    """How much of it: PyPy compiles what ran a thousand times, so warm-up counts."""

    warm_up: int
    batches: int
    of_each: int


FULL, SMOKE = Count(20_000, 21, 2_000), Count(20, 3, 20)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--smoke", action="store_true", help="a few requests of each")
    parser.add_argument("--only", default="", metavar="TEXT", help="rows with this in their name")
    parser.add_argument("--json", type=Path, metavar="FILE", help="the figures")
    options = parser.parse_args()
    kinds = [kind for kind in KINDS if options.only in kind.name]
    if not kinds:
        sys.exit(f"nothing has {options.only!r} in its name")
    python = f"{platform.python_implementation()} {platform.python_version()}"
    print(f"the package in {python}, no server")
    rows = asyncio.run(_measure_all(kinds, SMOKE if options.smoke else FULL))
    if options.json:
        found = {"program": "bench_complete_system.py", "python": python, "rows": rows}
        options.json.write_text(json.dumps(found, indent=1) + "\n")


async def _measure_all(kinds: List[Kind], count: Count) -> List[Dict[str, Any]]:
    rows = []
    for kind in kinds:
        rows.append({"name": kind.name, **await _measure(kind, count)})
        figures = "  ".join(f"{name} {rows[-1][name]:.1f}" for name in rows[-1] if name != "name")
        print(f"{kind.name:<40}  {figures}", flush=True)
    return rows


async def _measure(kind: Kind, count: Count) -> Dict[str, float]:
    """Nanoseconds: the median of the batches, then of single requests."""
    for _ in range(count.warm_up):
        await _ask(kind)
    batches, single = [], []
    for _ in range(count.batches):
        began = time.perf_counter_ns()
        for _ in range(count.of_each):
            await _ask(kind)
        batches.append((time.perf_counter_ns() - began) / count.of_each)
    for _ in range(count.batches * count.of_each):
        began = time.perf_counter_ns()
        await _ask(kind)
        single.append(time.perf_counter_ns() - began)
    single.sort()
    return {
        "median_ns": statistics.median(batches),
        "mean_ns": statistics.mean(single),
        **{f"p{share}_ns": single[len(single) * share // 100] for share in (50, 95, 99)},
    }


async def _ask(kind: Kind) -> None:
    sent: List[Dict[str, Any]] = []

    async def receive() -> Dict[str, Any]:
        return {"type": "http.request", "body": kind.body, "more_body": False}

    async def send(message: Dict[str, Any]) -> None:
        sent.append(message)

    await app(_scope(kind), receive, send)
    body = b"".join(message["body"] for message in sent[1:])
    if sent[0]["status"] != kind.status or (kind.answer and body != kind.answer):
        sys.exit(f"{kind.name}: wrong answer: {sent[0]['status']}, {body[:400]!r}")


def _scope(kind: Kind) -> Dict[str, Any]:
    headers: List[Tuple[bytes, bytes]] = [
        (b"host", b"localhost:8000"),
        (b"user-agent", b"bench/1.0"),
        (b"accept", b"*/*"),
    ]
    if kind.body:
        headers.append((b"content-type", b"application/json"))
        headers.append((b"content-length", str(len(kind.body)).encode()))
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST" if kind.body else "GET",
        "scheme": "http",
        "path": kind.path,
        "raw_path": kind.path.encode(),
        "query_string": kind.query,
        "root_path": "",
        "headers": headers,
        "client": ("127.0.0.1", 50000),
        "server": ("127.0.0.1", 8000),
    }


if __name__ == "__main__":
    main()
