"""What a request costs a server of one worker: instructions, or processor time under load."""

import argparse
import contextlib
import sys
from pathlib import Path
from typing import Callable, Iterator, List

import clients
import counting
import running_server
import wrk

UNITS = {False: "instructions", True: "CPU ns"}
Cost = Callable[[str, bytes], float]  # of a path, and of a body if it is to be a POST


def parser(description: "str | None", smoke: str) -> argparse.ArgumentParser:
    made = running_server.parser(description, smoke)
    made.add_argument("--time", action="store_true", help="processor time instead")
    made.add_argument("--duration", type=int, default=4, help="seconds of one run")
    return made


@contextlib.contextmanager
def measured(
    server: Path, flags: List[str], connections: int, options: argparse.Namespace
) -> Iterator[Cost]:
    if options.time:
        servers, loads = running_server.two_cores()
        with running_server.serving(server, flags, core=servers) as running:
            with running_server.on_cores([loads]):
                seconds = 1 if options.smoke else options.duration
                yield lambda path, body=b"": _cpu_ns(running, path, body, connections, seconds)
        return
    with counting.counted_server(server, flags) as counted:
        rounds = 1 if options.smoke else 50
        yield lambda path, body=b"": counted.of_request(
            clients.message(path, body), connections, rounds
        )


def _cpu_ns(
    running: running_server.RunningServer, path: str, body: bytes, connections: int, seconds: int
) -> float:
    wrk.run(running.port, path, connections, 1, body)  # warm
    before = running.cpu_seconds()
    for _ in range(10):  # a slow disk may finish none in a second
        requests = wrk.run(running.port, path, connections, seconds, body).requests
        if requests:
            return (running.cpu_seconds() - before) / requests * 1e9
    sys.exit(f"{path} answers nothing")
