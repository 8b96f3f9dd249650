"""Instructions per request where the processor's counters are out of reach: by callgrind.

A bench program under `valgrind --tool=callgrind --instr-atstart=no` switches counting on around a
fixed number of requests and dumps with the label "bench|<program>|<row>|<requests>". Callgrind
emulates the processor, so its counts are repeatable; they are not those of another CPU.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Dict, Iterable, List

from growth import Figures
from programs import Results, Row

# Their rows of one thread: under callgrind threads take turns, and those that spin would be counted.
COUNTED = (
    "bench_ablation",
    "bench_complete_system",
    "bench_head_parser",
    "bench_json",
    "bench_lane",
    "bench_mpmc_ring",
    "bench_pure_cpp",
    "bench_response",
    "bench_route_table",
)
_LABEL = re.compile(r"^desc: Trigger: Client Request: bench\|([^|]+)\|([^|]+)\|(\d+)$", re.M)
_TOTAL = re.compile(r"^totals: (\d+)", re.M)  # the summary is 0 where counting is switched


def is_available() -> bool:
    return shutil.which("valgrind") is not None


def count(program: Path, only: str = "") -> Dict[str, float]:
    """Instructions of each row of the program, by name."""
    with tempfile.TemporaryDirectory() as folder:
        command = ["valgrind", "--quiet", "--tool=callgrind", "--instr-atstart=no"]
        command += [f"--callgrind-out-file={folder}/out", str(program)]
        command += ["--only", only] if only else []
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if done.returncode != 0:
            sys.exit(f"{program.name} under callgrind: {done.stdout[-2000:]}")
        return _read(Path(folder).iterdir())


def count_all(programs: List[Path], only: str = "") -> Figures:
    """Those of every program, as many at once as there are cores: counts bear other load."""
    counted = [program for program in programs if program.name in COUNTED]
    with ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        found = pool.map(lambda program: count(program, only), counted)
        return {
            (program.name, row): round(value, 1)
            for program, rows in zip(counted, found)
            for row, value in rows.items()
        }


def _read(files: Iterable[Path]) -> Dict[str, float]:
    counted = {}
    for file in files:
        text = file.read_text()
        label, total = _LABEL.search(text), _TOTAL.search(text)
        if label and total:
            counted[label[2]] = int(total[1]) / int(label[3])
    return counted


def add(results: Results, programs: List[Path], only: str = "") -> None:
    """Fills in what the programs could not count by themselves."""
    for program in programs:
        rows = results.get(program.name, [])
        if program.name not in COUNTED or any("instructions" in row for row in rows):
            continue
        print(f"counting instructions of {program.name}", file=sys.stderr)
        counted = count(program, only)
        for row in rows:
            _add_to(row, counted)


def _add_to(row: Row, counted: Dict[str, float]) -> None:
    if row["name"] in counted:
        row["instructions"] = round(counted[row["name"]], 1)
