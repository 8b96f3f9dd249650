"""fasterapi-server for the time of a measurement."""

import contextlib
import http.client
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Iterator, List

from machine import ROOT

START_LIMIT_S = 60


class RunningServer:
    def __init__(self, process: "subprocess.Popen[bytes]", port: int) -> None:
        self.process = process
        self.port = port

    def get(self, path: str) -> bytes:
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", self.port)) as connection:
            connection.request("GET", path)
            answer = connection.getresponse()
            body = answer.read()
        if answer.status != 200:
            sys.exit(f"GET {path}: status {answer.status}: {body[:200]!r}")
        return body

    def cpu_seconds(self) -> float:
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def resident_kib(self) -> int:
        rollup = Path(f"/proc/{self.process.pid}/smaps_rollup").read_text()
        return int(rollup.split("Rss:")[1].split()[0])


def binary(named: str) -> Path:
    found = Path(named) if named else ROOT / "build" / "release" / "fasterapi-server"
    if not os.access(found, os.X_OK):
        sys.exit(f"{found} is not there: run scripts/build first")
    return found.resolve()


@contextlib.contextmanager
def serving(server: Path, arguments: List[str]) -> Iterator[RunningServer]:
    """On a free port, ready to answer; ended by SIGTERM."""
    with tempfile.TemporaryDirectory() as folder:
        port_file = Path(folder, "port")
        command = [str(server), *arguments, "--port=0", f"--port-file={port_file}"]
        process = subprocess.Popen(command, cwd=ROOT)
        try:
            yield RunningServer(process, _port(process, port_file))
        finally:
            process.terminate()
            process.wait()


def _port(process: "subprocess.Popen[bytes]", port_file: Path) -> int:
    end = time.monotonic() + START_LIMIT_S
    while time.monotonic() < end and process.poll() is None:
        with contextlib.suppress(OSError, ValueError):
            return int(port_file.read_text())
        time.sleep(0.02)
    sys.exit("the server did not start")
