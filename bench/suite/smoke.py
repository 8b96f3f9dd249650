"""Runs every bench program briefly, then counts the instructions of its rows and compares them with
bench/results/instructions.json: exit status 1 where one grew by over 5 %.

bench/run_all_benchmarks.sh --smoke builds them and calls this.
"""

import argparse
import sys
from pathlib import Path
from typing import List

import about
import baseline
import instructions
import programs
from growth import Figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    programs.add_arguments(parser)
    parser.add_argument("--results", type=Path, default=about.RESULTS, help="their folder")
    options = parser.parse_args()
    found, rows_only = programs.select(options.build, options.only)
    rows = sum(len(programs.run(program, True, rows_only)) for program in found)
    if rows == 0:
        sys.exit(f"nothing has {options.only!r} in its name")
    grown = _grown(options, found, rows_only)
    print(f"{rows - grown} passed, {grown} failed")
    sys.exit(grown > 0)


def _grown(options: argparse.Namespace, found: List[Path], rows_only: str) -> int:
    """How many rows; says which, or why they are not compared."""
    base = baseline.read(options.results)
    if base is None or not instructions.is_available():
        print(f"instructions are not compared: {'no valgrind' if base else 'no counts to hold'}")
        return 0
    counted = instructions.count_all(found, rows_only)
    here = about.describe_counts(options.build, "")
    difference = base.difference(here)
    if difference:
        print(f"{len(counted)} rows counted, and not compared with {baseline.NAME}: {difference}")
        return 0
    return _report(base, counted, base.changed(counted, here))


def _report(base: baseline.Baseline, counted: Figures, changed: Figures) -> int:
    for (program, row), ratio in changed.items():
        print(f"{program}, {row}: {ratio:.3f} of the instructions of {base.of['date']}")
    grown = sum(ratio > 1 for ratio in changed.values())
    unknown = len(counted.keys() - base.counted.keys())
    compared = len(counted) - unknown
    print(f"instructions: {compared} rows compared, {grown} grew, {unknown} are new")
    if changed or unknown:
        print("is it meant? bench/run_all_benchmarks.sh --count writes them anew")
    return grown


if __name__ == "__main__":
    main()
