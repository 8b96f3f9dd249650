"""Which route a path belongs to, for apps that run without the server: the rules of its route
table.

A literal segment beats ``{name:int}``, which beats ``{name}``, which beats ``{name:path}``, from
the left; patterns that differ in parameter names alone are the same place."""

import re
from typing import Any, Dict, List, NamedTuple, Optional, Sequence, Tuple

from fasterapi import _pattern

# Of a route that serves every one which no other route of its place does.
ANY_METHOD = "*"
_BODY = {"segment": "([^/]+)", "int": "([0-9]+)", "path": "(.*)"}
_RANK = {"int": 1, "segment": 2, "path": 3}
_SPLIT = re.compile(r"(\{[^{}]*\})")


class Match(NamedTuple):
    """``route`` is its place in the table, or the other answers that a path can have."""

    route: int = -1
    texts: Tuple[str, ...] = ()
    allow: Tuple[str, ...] = ()  # the path exists with these methods
    location: Optional[str] = None  # the path exists with a slash more, or less


class RouteTable:
    """Immutable; made of (methods, path, origin) per route. ValueError names both of two routes
    with one method and place."""

    def __init__(
        self, routes: Sequence[Tuple[Tuple[str, ...], str, str]], redirect_slashes: bool
    ) -> None:
        places: Dict[str, _Place] = {}
        for index, (methods, path, origin) in enumerate(routes):
            place = places.setdefault(place_of(path), _Place(path))
            for method in methods:
                if method in place.by_method:
                    other = routes[place.by_method[method]][2]
                    raise ValueError(f"{method} {path} at {origin} is already taken at {other}")
                place.by_method[method] = index
        self._places = sorted(places.values(), key=lambda place: place.rank)
        self._redirect_slashes = redirect_slashes

    def find(self, method: str, path: str) -> Match:
        """The route for a percent-decoded path; HEAD finds GET's, and what no route of the place
        names that of ``*``."""
        matching = [(p, m) for p in self._places for m in [p.pattern.fullmatch(path)] if m]
        for place, found in matching:
            index = place.by_method.get(method)
            if index is None and method == "HEAD":
                index = place.by_method.get("GET")
            if index is None:
                index = place.by_method.get(ANY_METHOD)
            if index is not None:
                return Match(index, tuple(found.groups()))
        if matching:
            return Match(allow=_allow([place for place, _ in matching]))
        other = path[:-1] if path.endswith("/") else path + "/"
        if (
            self._redirect_slashes
            and other
            and any(p.pattern.fullmatch(other) for p in self._places)
        ):
            return Match(location=other)
        return Match()

    def route_at(self, path: str) -> int:
        """The first route of the place that a path belongs to, whatever its methods; -1: none."""
        for place in self._places:
            if place.pattern.fullmatch(path):
                return min(place.by_method.values())
        return -1


class _Place:
    def __init__(self, path: str) -> None:
        kinds = {p.name: p.kind for p in _pattern.parse(path)}
        self.by_method: Dict[str, int] = {}
        self.rank: List[Tuple[int, ...]] = []
        expression = ""
        for segment in path.split("/"):
            pieces = _SPLIT.split(segment)
            ranks = [0 if piece else -1 for piece in pieces]
            for at, piece in enumerate(pieces):
                if at % 2 == 0:
                    pieces[at] = re.escape(piece)
                else:
                    kind = kinds[piece[1:-1].split(":")[0]]
                    pieces[at], ranks[at] = _BODY[kind], _RANK[kind]
            self.rank.append(tuple(rank for rank in ranks if rank >= 0))
            expression += "/" + "".join(pieces)
        self.pattern = re.compile(expression[1:], re.DOTALL)


def pattern_of(path: str) -> "re.Pattern[str]":
    """What the paths of a route look like; its groups are the texts of the parameters."""
    return _Place(path).pattern


def place_of(path: str) -> str:
    """A pattern without the names of its parameters."""
    return _SPLIT.sub(_anonymous, path)


def _anonymous(parameter: "re.Match[str]") -> str:
    converter = parameter[0][1:-1].partition(":")[2]
    return "{" + ("" if converter == "str" else converter) + "}"


def _allow(places: Sequence[_Place]) -> Tuple[str, ...]:
    methods = [method for place in places for method in place.by_method]
    if "GET" in methods:
        methods.append("HEAD")
    return tuple(sorted({*methods, "OPTIONS"}))


def path_params(path: str, texts: Sequence[str]) -> Dict[str, Any]:
    """The parameters of a pattern by name, from the texts in their places."""
    return {
        parameter.name: int(text) if parameter.kind == "int" else text
        for parameter, text in zip(_pattern.parse(path), texts)
    }
