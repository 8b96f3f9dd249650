"""What a server executes in user space, by callgrind."""

import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Callable, Dict, List, Optional

FEW, MANY = 800, 4000
START_LIMIT_S = 300


def instructions(
    command: List[str], port: int, load: Callable[[int], None], env: Optional[Dict[str, str]] = None
) -> float:
    """Of one request: the server runs for FEW of them and for MANY, as ``load`` makes them; the
    difference is without its start. ``command`` makes it listen on ``port``."""
    return (_count(command, port, load, MANY, env) - _count(command, port, load, FEW, env)) / (
        MANY - FEW
    )


def _count(
    command: List[str],
    port: int,
    load: Callable[[int], None],
    requests: int,
    env: Optional[Dict[str, str]],
) -> int:
    with tempfile.TemporaryDirectory() as folder:
        out = f"--callgrind-out-file={Path(folder, 'out')}"
        process = subprocess.Popen(
            ["valgrind", "--tool=callgrind", out, *command],
            env=env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        wait_until_it_listens(process, port)
        load(requests)
        process.send_signal(signal.SIGTERM)
        said = process.communicate()[1]
        found = re.search(r"Collected : (\d+)", said)
        return int(found[1]) if found else sys.exit(said)


def wait_until_it_listens(process: "subprocess.Popen[str]", port: int) -> None:
    end = time.monotonic() + START_LIMIT_S
    while time.monotonic() < end and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.1)
    process.kill()
    sys.exit(f"the server does not listen: {process.communicate()[1]}")


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def ask(port: int, target: str, requests: int, connections: int = 1) -> None:
    """GETs on so many connections, one under way on each."""
    question = f"GET {target} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()
    wires = [socket.create_connection(("127.0.0.1", port), 60) for _ in range(connections)]
    for _ in range(requests // connections):
        for wire in wires:
            wire.sendall(question)
        for wire in wires:
            if not wire.recv(65536).startswith(b"HTTP/1.1 200"):
                sys.exit(f"no 200 for {target}")
    for wire in wires:
        wire.close()
