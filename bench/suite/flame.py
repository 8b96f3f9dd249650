"""Flame graphs: the stacks of `perf script` as SVG. A frame's width is its share of the samples."""

import re
from html import escape
from typing import Dict, Iterable, List, Tuple

_WIDTH, _HEIGHT = 1200, 16  # pixels; of a frame: its height
_LEAST = 0.6  # narrower frames are left out
_FRAME = re.compile(r"^\s+[0-9a-f]+ (.*?)(?:\+0x[0-9a-f]+)? \(([^)]*)\)$")


class Frame:
    """A function under its caller."""

    def __init__(self) -> None:
        self.samples = 0
        self.callees: Dict[str, Frame] = {}

    def depth(self) -> int:
        return 1 + max((callee.depth() for callee in self.callees.values()), default=0)


def read_stacks(script: Iterable[str]) -> Frame:
    """The tree of what `perf script -F ip,sym,dso` prints: stacks, innermost frame first."""
    root = Frame()
    stack: List[str] = []
    for line in script:
        found = _FRAME.match(line)
        if found:
            stack.append(_shorten(found[1], found[2]))
        elif not line.strip() and stack:
            _add(root, stack)
            stack = []
    if stack:
        _add(root, stack)
    return root


def draw(root: Frame, title: str) -> str:
    height = (root.depth() + 2) * _HEIGHT
    lines = [
        f"<svg xmlns='http://www.w3.org/2000/svg' width='{_WIDTH}' height='{height}' "
        "font-family='monospace' font-size='11'>",
        "<rect width='100%' height='100%' fill='white'/>",
        f"<text x='6' y='13'>{escape(title)}, {root.samples} samples</text>",
    ]
    _draw_callees(root, 0.0, height - _HEIGHT, _WIDTH / max(root.samples, 1), lines)
    return "\n".join([*lines, "</svg>"]) + "\n"


def _add(root: Frame, stack: List[str]) -> None:
    root.samples += 1
    here = root
    for name in reversed(stack):
        here = here.callees.setdefault(name, Frame())
        here.samples += 1


def _shorten(symbol: str, binary: str) -> str:
    if symbol == "[unknown]":
        return f"[{binary.rpartition('/')[2]}]"
    symbol = symbol.replace("(anonymous namespace)::", "").replace("fasterapi::", "")
    symbol = re.sub(r"\(.*", "", symbol)
    while True:  # template arguments, from the inside
        shorter = re.sub(r"<[^<>]*>", "", symbol)
        if shorter == symbol:
            return symbol
        symbol = shorter


def _draw_callees(frame: Frame, x: float, y: float, scale: float, lines: List[str]) -> None:
    for name, callee in sorted(frame.callees.items()):
        width = callee.samples * scale
        if width >= _LEAST:
            lines.append(_box(name, callee.samples, (x, y, width)))
            _draw_callees(callee, x, y - _HEIGHT, scale, lines)
        x += width


def _box(name: str, samples: int, place: Tuple[float, float, float]) -> str:
    x, y, width = place
    shown = name[: int((width - 4) / 6.7)] if width > 20 else ""
    tone = sum(map(ord, name)) % 60
    return (
        f"<g><title>{escape(name)}: {samples}</title>"
        f"<rect x='{x:.1f}' y='{y:.0f}' width='{width:.1f}' height='{_HEIGHT - 1}' "
        f"fill='rgb({215 + tone // 2},{130 + tone},60)'/>"
        f"<text x='{x + 2:.1f}' y='{y + 11:.0f}'>{escape(shown)}</text></g>"
    )
