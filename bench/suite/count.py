"""Counts the instructions of every row and writes bench/results/instructions.json.

bench/run_all_benchmarks.sh --count builds the programs and calls this.
"""

import argparse
import sys
from pathlib import Path

import about
import baseline
import instructions
import programs


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", type=Path, required=True, help="the build's folder")
    parser.add_argument("--command", default="", help="how this was called, for the file")
    parser.add_argument("--out", type=Path, default=about.RESULTS, help="the folder to write to")
    options = parser.parse_args()
    if not instructions.is_available():
        sys.exit("valgrind is not installed: it counts")
    described = about.describe_counts(options.build, options.command)
    counted = instructions.count_all(programs.find(options.build))
    print(f"written: {baseline.write(options.out, described, counted)}", file=sys.stderr)


if __name__ == "__main__":
    main()
