"""The tables of a result: what the project started from, and what was measured."""

from typing import List, NamedTuple, Optional, Sequence, Tuple

from programs import Results, Row, find_row

TYPICAL = "typed path and query"
_ON = ("own GILs", "ring", "zero-copy", "inline")
_OFF = ("one shared GIL", "mutex queue", "string building", "crossing threads")
_EXPECTED = (500, 900, 300, None)  # ns that each was hoped to save; inline had no figure


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] + ["---:"] * (len(head) - 1), *rows]
    return "".join("| " + " | ".join(line) + " |\n" for line in lines)


def every_row(rows: List[Row]) -> str:
    """All figures of a program: a column for each that any row has."""
    columns: List[str] = []
    for row in rows:
        columns += [name for name in row if name != "name" and name not in columns]
    lines = [[row["name"], *(_figure(row.get(column)) for column in columns)] for row in rows]
    return table(["", *(column.replace("_", " ") for column in columns)], lines)


def criteria(results: Results) -> str:
    """The success criteria of the start, beside a request with two typed arguments."""
    inline = find_row(results, "bench_complete_system", f"inline: {TYPICAL}")
    crossing = find_row(results, "bench_complete_system", f"crossing, one core: {TYPICAL}")
    if inline is None or crossing is None:
        return ""
    start = [
        ("mean", "6.5 µs", "4.0 µs", "2.5 µs"),
        ("P95", "8.5 µs", "6.0 µs", "4.0 µs"),
        ("P99", "12 µs", "8.0 µs", "6.0 µs"),
        ("requests a second, one core", "154K", "250K", "400K"),
        ("CPU at 100K requests a second", "400 ms", "250 ms", "150 ms"),
    ]
    ours = zip(start, _criteria_of(inline), _criteria_of(crossing))
    head = ["", "assumed then", "target", "stretch", "inline", "crossing threads"]
    return table(head, [[*line, here, there] for line, here, there in ours])


def _criteria_of(row: Row) -> List[str]:
    times = [f"{row[key] / 1000:.2f} µs" for key in ("mean_ns", "p95_ns", "p99_ns")]
    return [*times, f"{1e6 / row['median_ns']:,.0f}K", f"{row['cpu_ns'] / 10:.0f} ms"]


class Ablation(NamedTuple):
    label: str
    row: Row
    expected: Optional[int]


def ablation_rows(results: Results, is_inline: bool) -> List[Ablation]:
    """All on, each off alone, all off; the first is what the others are compared with."""
    on = list(_ON) if is_inline else [*_ON[:3], _OFF[3]]
    found = []
    for off in ([], [0], [1], [2], [3] if is_inline else [], [0, 1, 2, 3]):
        names = [_OFF[i] if i in off else on[i] for i in range(4)]
        row = find_row(results, "bench_ablation", ", ".join(names))
        if row is None:
            return []
        label = " and ".join(_OFF[i] for i in off) if off else "all on"
        if len(off) == 4:
            label = "all off"
        found.append(Ablation(label, row, _expected(off)))
    return [each for i, each in enumerate(found) if i == 0 or each.label != "all on"]


def ablation(results: Results, is_inline: bool) -> str:
    return _comparison(ablation_rows(results, is_inline))


# Of handlers that are given objects of ours; those of the rows above are given none.
_OBJECTS = (
    ("(req, res), objects used again", "all on", None),
    ("(req, res), objects made anew", "pooling", 450),
    ("(req, res), all off", "all off", None),
)
_BATCHES = (
    ("a request, batches of 10", "all on", None),
    ("a request, one by one", "batching", None),
    ("a request, all off", "all off", None),
)


def pooling(results: Results) -> str:
    return _comparison(_named_rows(results, _OBJECTS))


def batching(results: Results) -> str:
    """With what it costs of the same requests one by one: the start hoped for 0.58."""
    rows = _named_rows(results, _BATCHES)
    if not rows:
        return ""
    share = rows[0].row["cpu_ns"] / rows[1].row["cpu_ns"]
    return f"{_comparison(rows)}\nBatched, a request costs {share:.2f} of one by itself.\n"


def _named_rows(
    results: Results, wanted: Sequence[Tuple[str, str, Optional[int]]]
) -> List[Ablation]:
    rows = [find_row(results, "bench_ablation", name) for name, _, _ in wanted]
    return [
        Ablation(label, row, expected)
        for row, (_, label, expected) in zip(rows, wanted)
        if row is not None and None not in rows
    ]


def _comparison(rows: List[Ablation]) -> str:
    """Each row, and how much more it takes than the first."""
    if not rows:
        return ""
    base = rows[0].row
    lines = []
    for label, row, expected in rows:
        lines.append([label])
        for key in ("median_ns", "cpu_ns", "instructions"):
            is_known = key in row and key in base
            more = "" if row is base or not is_known else f"{row[key] - base[key]:+.0f}"
            lines[-1] += [f"{row[key]:.0f}" if key in row else "", more]
        lines[-1].append(f"+{expected}" if expected else "")
    head = ["switched off", "ns", "more", "CPU ns", "more", "instructions", "more"]
    return table([*head, "expected then, ns"], lines)


def _expected(off: Sequence[int]) -> Optional[int]:
    known = [_EXPECTED[i] for i in off if _EXPECTED[i] is not None]
    return sum(filter(None, known)) if known or not off else None


def _figure(value: Optional[float]) -> str:
    if value is None:
        return ""
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}"
