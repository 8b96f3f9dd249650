"""fasterapi-server for the time of a measurement."""

import argparse
import contextlib
import http.client
import os
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Iterable, Iterator, List, Optional, Sequence, Tuple

from machine import ROOT

START_LIMIT_S = 120


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


def parser(description: Optional[str], smoke: str) -> argparse.ArgumentParser:
    """With the options that every program here has."""
    made = argparse.ArgumentParser(
        description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    made.add_argument("--server", default="", help="the binary, if not build/release's")
    made.add_argument("--smoke", action="store_true", help=f"{smoke}; says nothing of speed")
    return made


def binary(named: str) -> Path:
    found = Path(named) if named else ROOT / "build" / "release" / "fasterapi-server"
    if not os.access(found, os.X_OK):
        sys.exit(f"{found} is not there: run scripts/build first")
    return found.resolve()


def one_worker(app: str) -> List[str]:
    """The flags of a server as its peers are: one worker, one I/O thread."""
    return [f"--app={app}", "--workers=1", "--io-threads=1", "--log-level=warning"]


@contextlib.contextmanager
def on_cores(cores: Iterable[int]) -> Iterator[None]:
    """Of this process, and for good of those it starts meanwhile."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, cores)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def two_cores() -> Tuple[int, int]:
    """The server's, and the load's."""
    cores = sorted(os.sched_getaffinity(0))
    if len(cores) < 2:
        sys.exit("two cores are needed")
    return cores[0], cores[1]


@contextlib.contextmanager
def started(
    command: Sequence[str],
    cwd: Path = ROOT,
    core: Optional[int] = None,
    pass_fds: Sequence[int] = (),
) -> Iterator["subprocess.Popen[bytes]"]:
    """Ended by SIGTERM."""
    with on_cores(os.sched_getaffinity(0) if core is None else [core]):
        process = subprocess.Popen(command, cwd=cwd, pass_fds=pass_fds)
    try:
        yield process
    finally:
        process.terminate()
        process.wait()


@contextlib.contextmanager
def serving(
    server: Path,
    arguments: List[str],
    before: Sequence[str] = (),
    core: Optional[int] = None,
) -> Iterator[RunningServer]:
    """On a free port, ready to answer; ended by SIGTERM. `before`: a program that runs it."""
    with tempfile.TemporaryDirectory() as folder:
        port_file = Path(folder, "port")
        command = [*before, str(server), *arguments, "--port=0", f"--port-file={port_file}"]
        with started(command, core=core) as process:
            yield RunningServer(process, _port(process, port_file))


@contextlib.contextmanager
def serving_uvicorn(
    uvicorn: Sequence[str], before: Sequence[str] = (), core: Optional[int] = None
) -> Iterator[RunningServer]:
    """The same of a peer, whose app is in this folder. `uvicorn`: the command and its arguments."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(1024)
        descriptor = listening.fileno()
        command = [*before, *uvicorn, f"--fd={descriptor}", "--log-level=error", "--lifespan=off"]
        with started(command, Path(__file__).parent, core, [descriptor]) as process:
            yield RunningServer(process, listening.getsockname()[1])


def _port(process: "subprocess.Popen[bytes]", port_file: Path) -> int:
    end = time.monotonic() + START_LIMIT_S
    while time.monotonic() < end and process.poll() is None:
        with contextlib.suppress(OSError, ValueError):
            return int(port_file.read_text())
        time.sleep(0.02)
    sys.exit("the server did not start")
