"""Runs the bench programs of a build and writes bench/results/<date>-micro.{json,md} and plots.

bench/run_all_benchmarks.sh builds them and calls this.
"""

import argparse
import functools
import json
import re
import sys
from pathlib import Path
from typing import Dict, Tuple

import about
import instructions
import machine
import page
import programs
import quiet
from programs import Results

Others = Dict[str, float]  # cores that other processes used, by program


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    programs.add_arguments(parser)
    parser.add_argument(
        "--patience", type=float, default=60, help="seconds to wait for a quiet machine, a program"
    )
    parser.add_argument("--command", default="", help="how this was called, for the page")
    parser.add_argument("--out", type=Path, default=about.RESULTS, help="the folder to write to")
    options = parser.parse_args()
    described = about.describe(options.build, options.command)  # before the tree may change
    results, others = _run(options)
    described["others"] = _describe_others(others)
    name = f"{described['date']}-micro" + (f"-{_slug(options.only)}" if options.only else "")
    text = json.dumps({"machine": described, "programs": results}, indent=1) + "\n"
    options.out.mkdir(exist_ok=True, parents=True)
    options.out.joinpath(f"{name}.json").write_text(machine.without_paths(text))
    for file in page.write(options.out, name, described, results):
        print(f"written: {file}", file=sys.stderr)


def _run(options: argparse.Namespace) -> Tuple[Results, Others]:
    found, rows_only = programs.select(options.build, options.only)
    results: Results = {}
    others: Others = {}
    for program in found:
        print(f"== {program.name}", flush=True)
        run = functools.partial(programs.run, program, False, rows_only)
        rows, cores = quiet.measure(run, options.patience)
        if rows:
            results[program.name], others[program.name] = rows, round(cores, 2)
    if not results:
        sys.exit(f"nothing has {options.only!r} in its name")
    if instructions.is_available():
        instructions.add(results, found, rows_only)
    return results, others


def _describe_others(others: Others) -> str:
    loud = {name: cores for name, cores in others.items() if cores > quiet.QUIET}
    if not loud:
        return f"other processes used at most {quiet.QUIET} cores during any program"
    return "other processes used cores: " + ", ".join(f"{n} {c:.2f}" for n, c in loud.items())


def _slug(text: str) -> str:
    return re.sub(r"\W+", "-", text).strip("-").lower()


if __name__ == "__main__":
    main()
