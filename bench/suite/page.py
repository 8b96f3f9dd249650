"""A result as a page and as plots."""

from pathlib import Path
from typing import Dict, List

import machine
from programs import Results, typical
from svg import Bar, bar_chart
from tables import ablation, ablation_rows, batching, criteria, every_row, pooling

_INTRO = """\
Each row is the median of its batches with the quartiles, and where single requests were timed
their mean and percentiles, one reading of the clock included. `instructions` are those of one
thread in user mode.
"""


def write(folder: Path, name: str, about: Dict[str, str], results: Results) -> List[Path]:
    """<name>.md and its plots; the files written."""
    plots = {f"{name}-{kind}.svg": text for kind, text in _plots(results).items()}
    page = [f"# Benches, {about['date']}\n", machine.as_markdown(about), _INTRO]
    page += [f"![{plot}]({plot})\n" for plot in plots]
    page += _section("The success criteria of the start, one request with two typed arguments",
                     criteria(results))
    page += _section("What each optimisation gives, two threads", ablation(results, True))
    page += _section("The same where requests cross threads", ablation(results, False))
    page += _section("What pooling gives a handler of (req, res), two threads", pooling(results))
    page += _section("What batching gives a handler of requests, two threads", batching(results))
    for program, rows in results.items():
        page += _section(program, every_row(rows))
    files = {f"{name}.md": machine.without_paths("\n".join(page)), **plots}
    for file, text in files.items():
        folder.joinpath(file).write_text(text, encoding="utf-8")
    return [folder / file for file in files]


def _section(title: str, text: str) -> List[str]:
    return [f"## {title}\n", text] if text else []


def _plots(results: Results) -> Dict[str, str]:
    plots = {}
    for kind, title, bars in (
        ("inline", "A request in one thread", _rows(results, "bench_complete_system", "inline: ")),
        ("ablation", "Two threads, one optimisation off", _ablation_bars(results)),
        ("queues", "An element through a queue", _queue_bars(results)),
    ):
        if bars:
            plots[kind] = bar_chart(title, "ns", bars)
    return plots


def _rows(results: Results, program: str, before: str) -> List[Bar]:
    rows = [row for row in results.get(program, []) if row["name"].startswith(before)]
    return [
        Bar(row["name"][len(before):], typical(row) or 0, row.get("low_ns"), row.get("high_ns"))
        for row in rows
    ]


def _ablation_bars(results: Results) -> List[Bar]:
    return [
        Bar(each.label, each.row["median_ns"], each.row["low_ns"], each.row["high_ns"], i == 0)
        for i, each in enumerate(ablation_rows(results, True))
    ]


def _queue_bars(results: Results) -> List[Bar]:
    bars = _rows(results, "bench_mpmc_ring", "")
    return [bar._replace(is_ours=bar.label.startswith("mpmc_ring")) for bar in bars]
