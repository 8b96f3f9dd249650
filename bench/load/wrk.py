"""wrk, the load generator, and what it reports."""

import json
import re
import subprocess
import sys
import tempfile
from typing import Dict, List, NamedTuple, Optional

_UNITS = {"us": 1e-3, "ms": 1.0, "s": 1e3}
_POST = """\
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.body = {}
"""


class Run(NamedTuple):
    requests: int
    rate: float  # a second
    p50: float  # ms
    p99: float


def run(port: int, path: str, connections: int, seconds: int, body: bytes = b"") -> Run:
    return finish(start(port, path, connections, seconds, body))


def start(
    port: int, path: str, connections: int, seconds: int, body: bytes = b""
) -> "subprocess.Popen[str]":
    """A POST of JSON where there is a body."""
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency"]
    script: Optional[tempfile._TemporaryFileWrapper[str]] = None
    if body:
        script = tempfile.NamedTemporaryFile("w", suffix=".lua")
        script.write(_POST.format(json.dumps(body.decode())))
        script.flush()
        command += ["-s", script.name]
    process = subprocess.Popen(
        [*command, f"http://127.0.0.1:{port}{path}"], stdout=subprocess.PIPE, text=True
    )
    process.script = script  # type: ignore[attr-defined]  # the file lives as long
    return process


def finish(load: "subprocess.Popen[str]") -> Run:
    text = load.communicate()[0]
    if "Non-2xx" in text or "Socket errors" in text:
        sys.exit(text)
    rate, requests = _first(r"Requests/sec:\s+([\d.]+)", text), _first(r"(\d+) requests in", text)
    times: Dict[str, float] = {
        share: float(value) * _UNITS[unit]
        for share, value, unit in re.findall(r"(50|99)%\s+([\d.]+)(us|ms|s)", text)
    }
    return Run(int(requests), float(rate), times["50"], times["99"])


def _first(pattern: str, text: str) -> str:
    found: List[str] = re.findall(pattern, text)
    return found[0] if found else sys.exit(text)
