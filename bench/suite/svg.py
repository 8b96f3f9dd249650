"""Bar charts as SVG, without anything installed."""

from html import escape
from typing import List, NamedTuple, Optional

_LABEL, _BARS, _ROW = 330, 470, 22  # pixels
_WIDTH = _LABEL + _BARS + 110
_FONT = "font-family='sans-serif' font-size='12'"


class Bar(NamedTuple):
    label: str
    value: float
    low: Optional[float] = None  # of its spread
    high: Optional[float] = None
    is_ours: bool = True


def bar_chart(title: str, unit: str, bars: List[Bar]) -> str:
    """One horizontal bar for each, with a whisker from low to high."""
    longest = max(max(bar.value, bar.high or 0.0) for bar in bars)
    height = 40 + _ROW * len(bars)
    lines = [
        f"<svg xmlns='http://www.w3.org/2000/svg' width='{_WIDTH}' height='{height}'>",
        "<rect width='100%' height='100%' fill='white'/>",
        f"<text x='10' y='20' {_FONT} font-weight='bold'>{escape(title)}, {escape(unit)}</text>",
    ]
    for place, bar in enumerate(bars):
        lines += _draw(bar, 34 + _ROW * place, _BARS / longest)
    return "\n".join([*lines, "</svg>"]) + "\n"


def _draw(bar: Bar, top: float, scale: float) -> List[str]:
    end = _LABEL + bar.value * scale
    middle = top + (_ROW - 6) / 2
    color = "#3b6ea5" if bar.is_ours else "#a0a0a0"
    drawn = [
        f"<text x='{_LABEL - 8}' y='{middle + 4:.1f}' {_FONT} text-anchor='end'>"
        f"{escape(bar.label)}</text>",
        f"<rect x='{_LABEL}' y='{top:.1f}' width='{end - _LABEL:.1f}' height='{_ROW - 6}' "
        f"fill='{color}'/>",
    ]
    if bar.low is not None and bar.high is not None:
        low, high = _LABEL + bar.low * scale, _LABEL + bar.high * scale
        drawn.append(
            f"<path d='M{low:.1f} {middle:.1f}H{high:.1f}' stroke='black' stroke-width='1.5'/>"
        )
        end = max(end, high)
    drawn.append(f"<text x='{end + 6:.1f}' y='{middle + 4:.1f}' {_FONT}>{bar.value:,.0f}</text>")
    return drawn
