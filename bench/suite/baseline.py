"""The instructions that a change is held against: bench/results/instructions.json.

Counts of callgrind depend on what was built and with what, not on the processor, which it
emulates, nor on what else runs. Those of another compiler, or of a CPython of another version or
other options, do not compare. A CPython that was only built another time does, with more room: its
profile is never quite the same, and moved json.loads by 4.6 %. Rows of what is not ours are not held to
anything."""

import json
from pathlib import Path
from typing import Any, Dict, Optional

import growth
from growth import Figures

NAME = "instructions.json"
# Linked with CPython.
_PYTHON = ("bench_ablation", "bench_complete_system", "bench_json")
_LIMIT_OF_ANOTHER_PYTHON = 1.10
_NOT_OURS = ("json.dumps", "json.loads", "boost::lockfree", "mutex and deque")
# Of what was counted: where one differs, the counts do.
_SAME = ("system", "build", "python", "flags", "counter")


def write(folder: Path, about: Dict[str, str], counted: Figures) -> Path:
    programs: Dict[str, Dict[str, float]] = {}
    for (program, row), count in sorted(counted.items()):
        programs.setdefault(program, {})[row] = count
    folder.mkdir(exist_ok=True, parents=True)
    file = folder / NAME
    file.write_text(json.dumps({"of": about, "programs": programs}, indent=1) + "\n")
    return file


class Baseline:
    """Such a file."""

    def __init__(self, read: Dict[str, Any]) -> None:
        self.of: Dict[str, str] = read["of"]
        self.counted: Figures = {
            (program, row): float(count)
            for program, rows in read["programs"].items()
            for row, count in rows.items()
        }

    def difference(self, about: Dict[str, str]) -> str:
        """Why counts do not compare with these; empty where they do."""
        for name in _SAME:
            if about[name] != self.of.get(name):
                return f"{name} was {self.of.get(name)}, here it is {about[name]}"
        return ""

    def changed(self, counted: Figures, about: Dict[str, str]) -> Figures:
        """The ratios of rows that need more than they may, or as much less."""
        is_same = about["python_built"] == self.of.get("python_built")
        limit = growth.LIMIT if is_same else _LIMIT_OF_ANOTHER_PYTHON
        ours = {key: count for key, count in counted.items() if not key[1].startswith(_NOT_OURS)}
        python = {key: count for key, count in ours.items() if key[0] in _PYTHON}
        others = {key: count for key, count in ours.items() if key not in python}
        found = growth.changed(self.counted, python, limit)
        return {**found, **growth.changed(self.counted, others)}


def read(folder: Path) -> Optional[Baseline]:
    file = folder / NAME
    return Baseline(json.loads(file.read_text())) if file.exists() else None
