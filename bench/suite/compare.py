"""Compares two builds' bench programs, row by row; scripts/bench-compare calls it.

Rounds alternate between the builds and the medians are compared, so the machine's moods meet both.
Times of a busy machine still wander by a tenth and more: the instructions are what to trust.
"""

import argparse
import statistics
import sys
from collections import defaultdict
from pathlib import Path
from typing import Dict, List, Optional, Tuple

import growth
import instructions
import programs
from growth import Figures
from tables import table

Key = Tuple[str, str]  # program and row


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base", type=Path, required=True, help="a build's folder")
    parser.add_argument("--head", type=Path, required=True, help="the other's")
    parser.add_argument("--rounds", type=int, default=5, help="of the timing; 0: count only")
    parser.add_argument("--only", default="", help="rows with this in their name")
    parser.add_argument("--smoke", action="store_true", help="short rounds")
    parser.add_argument("--fail-above", type=float, default=growth.LIMIT, metavar="RATIO")
    options = parser.parse_args()
    pairs = _pairs(options.base, options.head)
    base_times, head_times = _time(pairs, options.rounds, options.smoke, options.only)
    base_counts, head_counts = _count(pairs, options.only)
    _print(base_times, head_times, base_counts, head_counts)
    grown = growth.grown(base_counts, head_counts, options.fail_above)
    for (program, name), ratio in grown.items():
        print(f"{program}, {name}: {ratio:.3f} of the base's instructions", file=sys.stderr)
    sys.exit(bool(grown))


def _pairs(base: Path, head: Path) -> List[Tuple[Path, Path]]:
    theirs = {program.name: program for program in programs.find(base)}
    ours = {program.name: program for program in programs.find(head)}
    for name in sorted(theirs.keys() ^ ours.keys()):
        print(f"{name} is only in {'the base' if name in theirs else 'this tree'}", file=sys.stderr)
    return [(theirs[name], ours[name]) for name in sorted(theirs.keys() & ours.keys())]


def _time(
    pairs: List[Tuple[Path, Path]], rounds: int, smoke: bool, only: str
) -> Tuple[Figures, Figures]:
    runs: List[Dict[Key, List[float]]] = [defaultdict(list), defaultdict(list)]
    for turn in range(rounds):
        for pair in pairs:
            for side in (0, 1) if turn % 2 == 0 else (1, 0):
                for row in programs.run(pair[side], smoke, only, is_shown=False):
                    value = programs.typical(row)
                    if value is not None:
                        runs[side][pair[side].name, row["name"]].append(value)
    base, head = ({key: statistics.median(each) for key, each in side.items()} for side in runs)
    return base, head


def _count(pairs: List[Tuple[Path, Path]], only: str) -> Tuple[Figures, Figures]:
    counts: Tuple[Figures, Figures] = {}, {}
    if not instructions.is_available():
        print("no valgrind: instructions are not counted", file=sys.stderr)
        return counts
    for pair in pairs:
        if pair[0].name not in instructions.COUNTED:
            continue
        for side in (0, 1):
            for name, value in instructions.count(pair[side], only).items():
                counts[side][pair[side].name, name] = value
    return counts


def _print(base: Figures, head: Figures, base_counts: Figures, head_counts: Figures) -> None:
    lines = []
    for key in dict.fromkeys([*base, *base_counts]):
        if key in head or key in head_counts:
            times = _columns(base.get(key), head.get(key), 1)
            counts = _columns(base_counts.get(key), head_counts.get(key), 0)
            lines.append([": ".join(key), *times, *counts])
    head_line = ["", "base ns", "ns", "ratio", "base instructions", "instructions", "ratio"]
    print(table(head_line, lines))


def _columns(base: Optional[float], head: Optional[float], digits: int) -> List[str]:
    if base is None or head is None:
        return ["", "", ""]
    return [f"{base:.{digits}f}", f"{head:.{digits}f}", f"{head / base:.3f}"]


if __name__ == "__main__":
    main()
