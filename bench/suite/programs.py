"""The bench programs of a build folder, and what they measure."""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Dict, List, Optional, Tuple

Row = Dict[str, Any]  # "name", and figures with their unit: "p50_ns"
Results = Dict[str, List[Row]]  # by program


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--build", type=Path, required=True, help="the build's folder")
    parser.add_argument("--only", default="", help="programs, or rows, with this in their name")


def select(build: Path, only: str) -> Tuple[List[Path], str]:
    """The programs with that in their name; where there is none, all, and what their rows are to
    have in theirs."""
    found = find(build)
    named = [program for program in found if only in program.name]
    return (named, "") if named else (found, only)


def find(build: Path) -> List[Path]:
    """Every bench_<noun> of the build, by name."""
    files = (build / "bench").glob("bench_*")
    found = sorted(file for file in files if file.is_file() and os.access(file, os.X_OK))
    if not found:
        sys.exit(f"no bench programs in {build}/bench: build with -DFASTERAPI_BENCH=ON")
    return found


def run(program: Path, smoke: bool, only: str, is_shown: bool = True) -> List[Row]:
    """One run; ends the process where the program fails. No row where nothing has that name."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "rows.json")
        command = [str(program), "--json", str(file), *(["--smoke"] if smoke else [])]
        command += ["--only", only] if only else []
        done = subprocess.run(command, stdout=None if is_shown else subprocess.DEVNULL)
        if only and done.returncode == 1 and not file.exists():
            return []
        if done.returncode != 0:
            sys.exit(f"{program.name} ended with {done.returncode}")
        rows: List[Row] = json.loads(file.read_text())["rows"]
        return rows


def find_row(results: Results, program: str, name: str) -> Optional[Row]:
    for row in results.get(program, []):
        if row["name"] == name:
            return row
    return None


def typical(row: Row) -> Optional[float]:
    """The figure that a row is compared by, in nanoseconds."""
    value = row.get("median_ns", row.get("p50_ns"))
    return None if value is None else float(value)
