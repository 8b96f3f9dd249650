"""Instructions of a request to the server, sockets included, by callgrind.

The server runs under valgrind; vgdb sets its counters to zero before the requests and dumps them
after. Of its threads the busiest counts, the worker that leads the reactor: what the others do is
to look now and then, by the clock, which under valgrind is another. The kernel's part is not in it.
"""

import contextlib
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Callable, ContextManager, Dict, Iterator, List

import clients
import running_server
from running_server import RunningServer

_TOTAL = re.compile(r"^totals: (\d+)", re.M)
_CALLGRIND = "valgrind --quiet --tool=callgrind --separate-threads=yes".split()
_VALGRIND = [*_CALLGRIND, "--instr-atstart=no"]


class CountedServer:
    def __init__(self, running: RunningServer, folder: Path) -> None:
        self.running = running
        self._folder = folder

    def of_request(self, sent: bytes, connections: int, rounds: int) -> float:
        """Of each, with a message at a time on each connection."""
        size = clients.answer_size(self.running.port, sent)
        with clients.connected(self.running.port, connections) as opened:

            def ask() -> None:
                for _ in range(rounds):
                    clients.ask(opened, sent, size)

            ask()
            return self._of(ask) / (connections * rounds)

    def _of(self, work: Callable[[], None]) -> int:
        self._tell("instrumentation on")
        self._tell("zero")
        work()
        for file in self._folder.glob("out*"):
            file.unlink()
        self._tell("dump")
        self._tell("instrumentation off")
        return max(_totals(self._folder))

    def _tell(self, command: str) -> None:
        _tell(self.running, command)


Start = Callable[[List[str]], ContextManager[RunningServer]]  # under the program that it is given


@contextlib.contextmanager
def counted(start: Start) -> Iterator[CountedServer]:
    _need_valgrind()
    with tempfile.TemporaryDirectory() as folder:
        with start([*_VALGRIND, f"--callgrind-out-file={folder}/out"]) as running:
            yield CountedServer(running, Path(folder))


def of_command(command: List[str], env: Dict[str, str]) -> int:
    """Of a program with all its threads, from start to end."""
    _need_valgrind()
    with tempfile.TemporaryDirectory() as folder:
        counted = [*_CALLGRIND, f"--callgrind-out-file={folder}/out", *command]
        subprocess.run(counted, env=env, check=True)
        return sum(_totals(Path(folder)))


def _tell(running: RunningServer, command: str) -> None:
    told = ["vgdb", f"--pid={running.process.pid}", *command.split()]
    subprocess.run(told, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)


def _totals(folder: Path) -> List[int]:
    found = [_TOTAL.search(file.read_text()) for file in folder.glob("out*")]
    return [int(total[1]) for total in found if total]


def _need_valgrind() -> None:
    if shutil.which("valgrind") is None:
        sys.exit("valgrind is not installed: it counts")


def counted_server(server: Path, flags: List[str]) -> ContextManager[CountedServer]:
    return counted(lambda before: running_server.serving(server, flags, before=before))
