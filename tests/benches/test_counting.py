"""Instructions by callgrind itself: a bench program that is built here, then made to do more."""

import shutil
import subprocess
import sys
from pathlib import Path
from typing import List

import pytest

from support.server import ROOT

BENCH = ROOT / "bench"
PROGRAM = """\
#include "support/timing.hpp"

int main(int count, char* arguments[]) {
  fasterapi::bench::results().start(count, arguments);
  volatile unsigned sum = 0;
  fasterapi::bench::measure("a loop", [&] {
    for (unsigned i = 0; i < STEPS; ++i) sum = sum + i;
  });
  return fasterapi::bench::results().finish();
}
"""


class Build:
    """A build's folder with one real bench program."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "bench").mkdir(parents=True)
        server = folder / "fasterapi-server"
        server.write_text("#!/bin/sh\necho fasterapi-server 9.9\n")
        server.chmod(0o755)
        (folder / "CMakeCache.txt").write_text("CMAKE_BUILD_TYPE:STRING=Release\n")
        (folder / "program.cpp").write_text(PROGRAM)
        for name in ("report", "instructions"):
            self._compile("-c", f"{BENCH}/support/{name}.cpp", "-o", f"{folder}/{name}.o")

    def link(self, steps: int) -> None:
        objects = [f"{self.folder}/{name}.o" for name in ("report", "instructions")]
        target = str(self.folder / "bench" / "bench_pure_cpp")
        self._compile(f"-DSTEPS={steps}", f"{self.folder}/program.cpp", *objects, "-o", target)

    @staticmethod
    def _compile(*arguments: str) -> None:
        subprocess.run(["g++", "-std=c++20", "-O1", f"-I{BENCH}", *arguments], check=True)


def _suite(script: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
    command: List[str] = [sys.executable, "-B", str(BENCH / "suite" / script), *arguments]
    environment = {"PYTHONPATH": str(BENCH / "load"), "PATH": "/usr/bin:/bin"}
    return subprocess.run(command, env=environment, capture_output=True, text=True)


@pytest.mark.skipif(shutil.which("valgrind") is None, reason="no valgrind here")
def test_a_program_that_does_more_fails_the_smoke(tmp_path: Path) -> None:
    build, results = Build(tmp_path / "build"), tmp_path / "results"
    build.link(steps=1000)
    done = _suite("count.py", f"--build={build.folder}", f"--out={results}")
    assert done.returncode == 0, done.stderr
    smoke = ["smoke.py", f"--build={build.folder}", f"--results={results}"]
    same = _suite(*smoke)
    assert same.returncode == 0, same.stdout + same.stderr
    assert same.stdout.splitlines()[-1] == "1 passed, 0 failed"
    build.link(steps=1100)
    grown = _suite(*smoke)
    assert grown.returncode == 1
    assert "bench_pure_cpp, a loop: 1.1" in grown.stdout
    assert grown.stdout.splitlines()[-1] == "0 passed, 1 failed"
