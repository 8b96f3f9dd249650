"""Runs the bench programs of a build and writes bench/results/.

bench/run_all_benchmarks.sh builds them and calls this.
"""

import argparse
import datetime
import functools
import json
import re
import sys
from pathlib import Path
from typing import Dict, List

import growth
import instructions
import machine
import page
import programs
import quiet
from programs import Results

Others = Dict[str, float]  # cores that other processes used, by program

RESULTS = machine.ROOT / "bench" / "results"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", type=Path, required=True, help="the build's folder")
    parser.add_argument("--smoke", action="store_true", help="a few iterations, no files")
    parser.add_argument("--only", default="", help="programs, or rows, with this in their name")
    parser.add_argument(
        "--patience", type=float, default=60, help="seconds to wait for a quiet machine, a program"
    )
    parser.add_argument("--command", default="", help="how this was called, for the page")
    parser.add_argument("--out", type=Path, default=RESULTS, help="the folder to write to")
    options = parser.parse_args()
    about = _describe(options.build, options.command)  # before the tree may change
    others: Others = {}
    results = _run(options, others)
    about["others"] = _describe_others(others)
    if options.smoke:
        print(f"{sum(map(len, results.values()))} rows of {len(results)} programs work")
        sys.exit(_has_grown(results, about, options.out))
    name = f"{about['date']}-micro" + (f"-{_slug(options.only)}" if options.only else "")
    text = json.dumps({"machine": about, "programs": results}, indent=1) + "\n"
    options.out.mkdir(exist_ok=True, parents=True)
    options.out.joinpath(f"{name}.json").write_text(machine.without_paths(text))
    for file in page.write(options.out, name, about, results):
        print(f"written: {file}", file=sys.stderr)


def _run(options: argparse.Namespace, others: Others) -> Results:
    """--only names programs where it fits one, rows otherwise."""
    smoke, only = options.smoke, options.only
    found = programs.find(options.build)
    named = [program for program in found if only and only in program.name]
    rows_only = "" if named else only
    found = named or found
    results = {}
    for program in found:
        print(f"== {program.name}", flush=True)
        run = functools.partial(programs.run, program, smoke, rows_only)
        rows, cores = quiet.measure(run, 0 if smoke else options.patience)
        if rows:
            results[program.name], others[program.name] = rows, round(cores, 2)
    if not results:
        sys.exit(f"nothing has {only!r} in its name")
    if instructions.is_available():
        instructions.add(results, found, rows_only)
    return results


def _has_grown(results: Results, about: Dict[str, str], folder: Path) -> bool:
    """Compares the instructions with those of the newest result, if it is of such a machine."""
    before = growth.newest(folder)
    if before is None:
        return False
    difference = growth.difference(about, before["machine"])
    if difference:
        print(f"instructions are not compared with {before['machine']['date']}: {difference}")
        return False
    base, head = growth.instructions_of(before["programs"]), growth.instructions_of(results)
    grown = growth.grown(base, head)
    for (program, name), ratio in grown.items():
        print(f"{program}, {name}: {ratio:.3f} of the instructions of {before['machine']['date']}")
    print(f"instructions: {len(base.keys() & head.keys())} rows compared, {len(grown)} grew")
    return bool(grown)


def _describe(build: Path, command: str) -> Dict[str, str]:
    described = machine.describe(build / "fasterapi-server")
    del described["client"]  # wrk takes no part
    return {
        "date": datetime.date.today().isoformat(),
        "command": command,
        **described,
        "flags": _flags(build),
    }


def _describe_others(others: Others) -> str:
    loud = {name: cores for name, cores in others.items() if cores > quiet.QUIET}
    if not loud:
        return f"other processes used at most {quiet.QUIET} cores during any program"
    return "other processes used cores: " + ", ".join(f"{n} {c:.2f}" for n, c in loud.items())


def _flags(build: Path) -> str:
    cache = build.joinpath("CMakeCache.txt").read_text()
    kind = _cached(cache, "CMAKE_BUILD_TYPE")
    flags: List[str] = [_cached(cache, f"CMAKE_CXX_FLAGS_{kind.upper()}")]
    if _cached(cache, "FASTERAPI_LTO") == "ON":
        flags.append("-flto")
    return f"{kind}: {' '.join(flags)}"


def _cached(cache: str, name: str) -> str:
    found = re.search(rf"^{name}:\w+=(.*)$", cache, re.M)
    return found[1] if found else ""


def _slug(text: str) -> str:
    return re.sub(r"\W+", "-", text).strip("-").lower()


if __name__ == "__main__":
    main()
