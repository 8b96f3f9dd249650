"""Whether a request needs more instructions than it did."""

import json
from pathlib import Path
from typing import Any, Dict, Optional, Tuple

from programs import Results

LIMIT = 1.05
Figures = Dict[Tuple[str, str], float]  # by program and row
_SAME = ("cpu", "server", "flags")  # of the machine: else counts do not compare


def grown(base: Figures, head: Figures, limit: float = LIMIT) -> Dict[Tuple[str, str], float]:
    """The ratios above the limit."""
    ratios = {key: head[key] / base[key] for key in base if key in head and base[key] > 0}
    return {key: ratio for key, ratio in ratios.items() if ratio > limit}


def instructions_of(results: Results) -> Figures:
    return {
        (program, row["name"]): float(row["instructions"])
        for program, rows in results.items()
        for row in rows
        if "instructions" in row
    }


def newest(folder: Path) -> Optional[Dict[str, Any]]:
    """The last written result of all programs."""
    files = sorted(folder.glob("????-??-??-micro.json"))
    if not files:
        return None
    found: Dict[str, Any] = json.loads(files[-1].read_text())
    return found


def difference(about: Dict[str, str], other: Dict[str, str]) -> str:
    """Why two results' counts do not compare; empty where they do."""
    for name in _SAME:
        if about.get(name) != other.get(name):
            return f"{name}: {other.get(name)}, here {about.get(name)}"
    return ""
