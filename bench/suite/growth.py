"""Whether a request needs more instructions than it did."""

from typing import Dict, Tuple

LIMIT = 1.05
Figures = Dict[Tuple[str, str], float]  # by program and row


def grown(base: Figures, head: Figures, limit: float = LIMIT) -> Figures:
    """The ratios above the limit."""
    return {key: ratio for key, ratio in changed(base, head, limit).items() if ratio > 1}


def changed(base: Figures, head: Figures, limit: float = LIMIT) -> Figures:
    """The ratios above the limit, or as far below 1."""
    ratios = {key: head[key] / base[key] for key in base if key in head and base[key] > 0}
    return {key: ratio for key, ratio in ratios.items() if not 1 / limit <= ratio <= limit}
