"""Reads Prometheus' text format, version 0.0.4, strictly: what is no line of it is an error."""

import re
from typing import Dict, FrozenSet, List, Tuple

_NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
_LABEL = re.compile(r'([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(,|$)')
_SAMPLE = re.compile(rf"({_NAME})(?:\{{(.*)\}})? (\S+)")
_NUMBER = re.compile(r"[+-]?Inf|NaN|[+-]?\d+(\.\d+)?(e[+-]?\d+)?")
_ESCAPES = {"\\\\": "\\", '\\"': '"', "\\n": "\n"}

Labels = FrozenSet[Tuple[str, str]]


class Page:
    """The samples of a page by name and labels; `page("name", route="/")` is one of them."""

    def __init__(self, text: str) -> None:
        assert text.endswith("\n")
        self.types: Dict[str, str] = {}
        self.helps: Dict[str, str] = {}
        self.samples: Dict[Tuple[str, Labels], float] = {}
        family = ""
        for line in text.splitlines():
            if line.startswith("# HELP "):
                family, _, self.helps[family] = line[7:].partition(" ")
            elif line.startswith("# TYPE "):
                named, kind = line[7:].split(" ")
                assert named == family and named not in self.types, line
                self.types[named] = kind
            else:
                self._read_sample(line, family)
        self._check_histograms()

    def _read_sample(self, line: str, family: str) -> None:
        found = _SAMPLE.fullmatch(line)
        assert found and _NUMBER.fullmatch(found[3]), line
        name = found[1]
        suffix = r"(_bucket|_sum|_count)" if self.types[family] == "histogram" else ""
        assert re.fullmatch(re.escape(family) + suffix, name), line
        key = (name, frozenset(_read_labels(found[2] or "").items()))
        assert key not in self.samples, line
        self.samples[key] = float(found[3])

    def _check_histograms(self) -> None:
        buckets: Dict[Tuple[str, Labels], List[Tuple[float, float]]] = {}
        for (name, labels), value in self.samples.items():
            bound = dict(labels).get("le")
            if name.endswith("_bucket") and bound is not None:
                rest = frozenset(labels - {("le", bound)})
                buckets.setdefault((name[:-7], rest), []).append((float(bound), value))
        for (name, labels), each in buckets.items():
            each.sort()
            assert each[-1][0] == float("inf"), name
            assert [count for _, count in each] == sorted(count for _, count in each), name
            assert each[-1][1] == self.samples[name + "_count", labels], name
            assert (name + "_sum", labels) in self.samples, name

    def __call__(self, name: str, /, **labels: str) -> float:
        return self.samples[name, frozenset(labels.items())]

    def all(self, name: str) -> Dict[Labels, float]:
        return {labels: value for (each, labels), value in self.samples.items() if each == name}


def _read_labels(text: str) -> Dict[str, str]:
    labels: Dict[str, str] = {}
    at = 0
    while at < len(text):
        found = _LABEL.match(text, at)
        assert found and found[1] not in labels, text
        labels[found[1]] = re.sub(r"\\.", lambda escape: _ESCAPES[escape[0]], found[2])
        at = found.end()
    return labels
