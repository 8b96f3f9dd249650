"""Route patterns: ``/items/{id}``, ``/items/{id:int}``, ``/files/{rest:path}``."""

import re
from typing import Any, List, Mapping, NamedTuple
from urllib.parse import quote
from uuid import UUID

_PARAMETER = re.compile(r"\{([^{}:]*)(?::([^{}]*))?\}")
_KINDS = {
    "": "segment",
    "str": "segment",
    "int": "int",
    "path": "path",
    "float": "float",
    "uuid": "uuid",
}
#: kinds that the server's route table does not tell apart from a segment
CHECKED = {
    "float": (re.compile(r"[0-9]+(\.[0-9]+)?"), float),
    "uuid": (re.compile("[0-9a-fA-F]{8}-?([0-9a-fA-F]{4}-?){3}[0-9a-fA-F]{12}"), UUID),
}


class PathParameter(NamedTuple):
    """One ``{...}`` of a pattern; kind is "segment", "int", "path", "float" or "uuid"."""

    name: str
    kind: str


def parse(pattern: str) -> List[PathParameter]:
    """The parameters of a pattern, in order. ValueError says what is wrong with it."""
    if pattern and not pattern.startswith("/"):
        raise ValueError(f'path {pattern!r} must start with "/"')
    found: List[PathParameter] = []
    for name, converter in _PARAMETER.findall(pattern):
        if not name.isidentifier():
            raise ValueError(f"path {pattern!r}: {name!r} is no parameter name")
        if converter not in _KINDS:
            raise ValueError(
                f"path {pattern!r}: {{{name}:{converter}}} is unknown; there are {{name}}, "
                "{name:int}, {name:float}, {name:uuid} and {name:path}"
            )
        if name in (seen.name for seen in found):
            raise ValueError(f"path {pattern!r}: parameter {name!r} occurs twice")
        found.append(PathParameter(name, _KINDS[converter]))
    if "{" in _PARAMETER.sub("", pattern) or "}" in _PARAMETER.sub("", pattern):
        raise ValueError(f"path {pattern!r}: unbalanced braces")
    return found


def names_in(pattern: str) -> List[str]:
    """The parameters of what need not be a pattern of ours, such as a callback's URL."""
    return [name for name, _ in _PARAMETER.findall(pattern) if name.isidentifier()]


def path_format(path: str) -> str:
    """``/files/{name:path}`` as ``/files/{name}``."""
    return re.sub(r"\{(\w+):\w+\}", r"{\1}", path)


def canonical(pattern: str) -> str:
    """The pattern as the server's route table has it: ``{name:str}`` is ``{name}``, and so are the
    CHECKED kinds."""
    return re.sub(":(str|float|uuid)}", "}", pattern)


def fill(pattern: str, values: Mapping[str, Any]) -> str:
    """The pattern with its parameters' values, percent-encoded but for the slashes of a path."""

    def text(match: "re.Match[str]") -> str:
        safe = "/" if match[2] == "path" else ""
        return quote(str(values[match[1]]), safe=safe)

    return _PARAMETER.sub(text, pattern)
