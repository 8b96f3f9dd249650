"""bench/load: each program runs, in little, against the server of the build."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Sequence

import pytest

from support.server import BINARY, ROOT, environment

LOAD = ROOT / "bench" / "load"


def _run(program: str, *arguments: str) -> str:
    command = [sys.executable, "-B", str(LOAD / program), f"--server={BINARY}", *arguments]
    done = subprocess.run(command, env=environment(), capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize(
    ("program", "tools", "rows"),
    [
        ("batching", ["valgrind"], ["| a body sent back |", "| a transaction of SQLite |"]),
        ("blocking", ["wrk"], ["| auto | beside |", "| ring | beside |"]),
        ("idle", [], ["silent: ", "after a request: "]),
        ("imports", [], ["| an app |", "| starlette.exceptions |"]),
        ("layers", ["valgrind"], ["| Depends |", "| ASGI middleware |"]),
        ("limit", ["wrk"], ["| bare loop, and a thread that sleeps |", "| C++ route |"]),
        ("metrics_cost", ["valgrind"], ["| Python route |", "| C++ route |"]),
        ("parallel", ["wrk"], ["pair 1: ", "two workers against one: "]),
        ("suspend", ["wrk"], ["| fasterapi-server |"]),
        ("syscalls", ["strace"], ["/json, 32 connections, x16: "]),
        ("websockets", [], ["| fasterapi-server |"]),
    ],
)
def test_a_program_measures(program: str, tools: Sequence[str], rows: Sequence[str]) -> None:
    for tool in tools:
        if shutil.which(tool) is None:
            pytest.skip(f"no {tool} here")
    said = _run(program, "--smoke")
    for row in rows:
        assert row in said


@pytest.mark.skipif(shutil.which("valgrind") is None, reason="no valgrind here")
def test_suspending_is_counted_as_well() -> None:
    assert "| instructions of a request, " in _run("suspend", "--smoke", "--instructions")


@pytest.mark.skipif(shutil.which("valgrind") is None, reason="no valgrind here")
def test_imports_are_counted_as_well() -> None:
    said = _run("imports", "--smoke", "--instructions")
    count = re.search(r"^\| an app \| ([0-9.]+) \|$", said, re.M)
    assert count is not None and float(count[1]) > 1


@pytest.mark.parametrize("program", ["batching", "layers"])
def test_a_cost_is_measured_in_time_as_well(program: str) -> None:
    assert "| CPU ns of a request |" in _run(program, "--smoke", "--time")


def test_time_is_drawn(tmp_path: Path) -> None:
    if shutil.which("perf") is None or os.getuid() != 0:
        pytest.skip("no perf here, or no right to profile")
    _run("flame", "--smoke", f"--out={tmp_path}", "/json")
    assert "<svg" in next(tmp_path.glob("*-flame-json.svg")).read_text()


PEERS = """\
import json, sys
rates = {"fasterapi": (3000, 5.0), "uvicorn-fastapi": (1000, 20.0), "robyn": (1500, 10.0)}
rates["granian-wsgi"] = (2900, 6.0)
rows = [
    {"server": name, "workload": "post", "rps": rate, "cpu_us": cpu}
    for name, (rate, cpu) in rates.items()
]
with open(sys.argv[sys.argv.index("--json") + 1], "w") as file:
    json.dump({"results": rows}, file)
print("the peers' tables")
"""


def test_a_validated_body_is_held_against_peers_that_validate(tmp_path: Path) -> None:
    peers, out = tmp_path / "peers", tmp_path / "out"
    peers.mkdir()
    (peers / "compare.py").write_text(PEERS)
    command = [sys.executable, "-B", str(LOAD / "compare"), f"--server={BINARY}", f"--out={out}"]
    done = subprocess.run(command, env=environment({"PEERS_DIR": str(peers)}), capture_output=True)
    assert done.returncode == 0, done.stderr
    page = next(out.glob("*-load.md")).read_text()
    assert "the peers' tables" in page
    assert "2.00 times the rate of the best peer that validates (robyn; " in page
    assert "at 0.50 of its processor time" in page
