"""A request without values: places for them, and text with their marks. Neither can be worked
with: all that a handler may do is to put them somewhere."""

import re
from typing import Any, Callable, List, NoReturn, Set

from fasterapi import _json, _pattern
from fasterapi._tracing._program import Piece, Pieces, Value, joined
from fasterapi._tracing._site import Route, calling_expression

_MISSING: Any = object()
_END = "\ue000"  # of a mark: private use, so that no text has it
_MARK = re.compile(f"{_END}(m+)([0-9]+)M{_END}")


class Trace:
    """The places that one call of a handler was given, and their marks."""

    def __init__(self, route: Route, length: int) -> None:
        self.route = route
        self._length = length
        self._marks: List[Place] = []
        self._read: List[Place] = []
        self._used_marks: Set[int] = set()
        self._used: Set[int] = set()

    def refuse(self, what: str) -> NoReturn:
        """Raises the error of the expression that the handler is at."""
        raise self.route.refusal(calling_expression(), what)

    def place(self, source: str, name: str, called: str, at: int, fallback: Any) -> "Place":
        """A value that was asked for."""
        if isinstance(fallback, (Place, Text)) or has_mark(fallback):
            self.refuse(f"a value of the request as the default of {called}")
        made = Place(self, source, name, called, at, fallback)
        self._read.append(made)
        return made

    def mark(self, place: "Place") -> "Text":
        """Text that stands for a place."""
        self._marks.append(place)
        made = Text(f"{_END}{'m' * self._length}{len(self._marks) - 1}M{_END}")
        made._symbol = place
        return made

    def json(self, place: "Place") -> Value:
        """A place as a value of JSON."""
        self._used.add(id(place))
        return place.json()

    def raw(self, text: str) -> Pieces:
        """Text as it is."""
        return self._split(text, lambda place: place.piece("raw", place.text()))

    def inside_string(self, text: str) -> Pieces:
        """Text between the quotes of a JSON string; its constants are not escaped yet."""
        return self._split(
            text,
            lambda place: place.piece("inside_string", _json.dumps(place.text()).decode()[1:-1]),
        )

    def _split(self, text: str, piece: Callable[["Place"], Value]) -> Pieces:
        text = plain(text)
        pieces: List[Piece] = []
        end = 0
        for found in _MARK.finditer(text):
            at = int(found[2])
            if len(found[1]) != self._length or at >= len(self._marks):
                self.refuse("a text that was changed after a value of the request was put into it")
            self._used_marks.add(at)
            self._used.add(id(self._marks[at]))
            pieces += [text[end : found.start()], piece(self._marks[at])]
            end = found.end()
        pieces.append(text[end:])
        return joined(pieces)

    def check_complete(self, literals: List[str]) -> None:
        """Refuses marks that were broken, and values that were read and got lost."""
        if any(_END in each for each in literals):
            self.refuse("a text that was changed after a value of the request was put into it")
        in_text = [each for at, each in enumerate(self._marks) if at not in self._used_marks]
        for place in [*in_text, *(each for each in self._read if id(each) not in self._used)]:
            what = f"{place.called}, which is read, and is not in the answer where it was put,"
            raise self.route.refusal(place.site, what)


class Place:
    """A value of the request that is not there yet."""

    __slots__ = ("_at", "_fallback", "_name", "_source", "_trace", "called", "site")

    def __init__(
        self, trace: Trace, source: str, name: str, called: str, at: int, fallback: Any
    ) -> None:
        self._trace = trace
        self._source = source
        self._name = name
        self._at = at
        self._fallback = fallback
        self.called = called
        self.site = calling_expression()

    def text(self) -> str:
        """What stands in text where there is none."""
        return "" if self._fallback is _MISSING else str(self._fallback)

    def piece(self, form: str, fallback: str) -> Value:
        """The place in a program."""
        if self._source == "integer":
            form = "integer"
        source = "path_param" if self._source == "integer" else self._source
        said = None if self._fallback is _MISSING else fallback
        return Value(source, form, self._name, self._at, said)

    def json(self) -> Value:
        """The same as a value of JSON."""
        fallback = "" if self._fallback is _MISSING else _json.dumps(self._fallback).decode()
        return self.piece("json_string", fallback)

    def __format__(self, spec: str) -> str:
        if spec:
            self._trace.refuse(f"{self.called} with the format {spec!r}")
        return self._trace.mark(self)

    def __str__(self) -> str:
        return self._trace.mark(self)

    def __add__(self, other: Any) -> Any:
        return str(self) + other

    def __radd__(self, other: Any) -> Any:
        return other + str(self)

    def __getattr__(self, name: str) -> NoReturn:
        self._trace.refuse(f"{self.called}.{name}")


class Text(str):
    """A place as text, which can be put into other text and nothing else."""

    _symbol: Place

    def __str__(self) -> str:
        return self

    def __format__(self, spec: str) -> str:
        if spec:
            self._symbol._trace.refuse(f"{self._symbol.called} with the format {spec!r}")
        return self

    def __add__(self, other: Any) -> str:
        return plain(self) + (plain(str(other)) if isinstance(other, (Place, Text)) else other)

    def __radd__(self, other: str) -> str:
        return other + plain(self)


def plain(text: str) -> str:
    """Text as one that can be worked with."""
    return "".join(("", text))


def has_mark(value: Any) -> bool:
    """Whether a value is text with a mark, or a place."""
    return isinstance(value, Place) or (isinstance(value, str) and _END in plain(value))


def _refusing(name: str) -> Callable[..., NoReturn]:
    is_operator = name.startswith("__")

    def refuse(self: Any, *_: Any, **__: Any) -> NoReturn:
        symbol: Place = self if isinstance(self, Place) else self._symbol
        if is_operator:
            symbol._trace.refuse(f"{name.strip('_')}() of {symbol.called}")
        symbol._trace.refuse(f"{symbol.called}.{name}()")

    return refuse


for _name in (
    "__bool__ __len__ __iter__ __contains__ __getitem__ __eq__ __ne__ __lt__ __le__ __gt__ __ge__ "
    "__hash__ __int__ __float__ __index__ __mul__ __rmul__ __mod__ __sub__ __repr__ "
    "__bytes__"
).split():
    setattr(Place, _name, _refusing(_name))
    setattr(Text, _name, _refusing(_name))
for _name in dir(str):
    if not _name.startswith("_"):
        setattr(Text, _name, _refusing(_name))


class Values:
    """path_params, query_params or headers."""

    def __init__(self, trace: Trace, source: str, called: str) -> None:
        self._trace = trace
        self._source = source
        self._called = called

    def __getitem__(self, name: str) -> Any:
        return self._find(name, f"{self._called}[{name!r}]", _MISSING)

    def get(self, name: str, default: Any = None) -> Any:
        """The value, or the default where the request has none."""
        return self._find(name, f"{self._called}.get({name!r})", default)

    def _find(self, name: str, called: str, fallback: Any) -> Any:
        return self._trace.place(self._source, name, called, 0, fallback)

    def __getattr__(self, name: str) -> NoReturn:
        self._trace.refuse(f"{self._called}.{name}")

    def __iter__(self) -> NoReturn:
        self._trace.refuse(f"a loop over {self._called}")

    def __len__(self) -> NoReturn:
        self._trace.refuse(f"len() of {self._called}")

    def __contains__(self, name: object) -> NoReturn:
        self._trace.refuse(f"{name!r} in {self._called}")


class _PathParams(Values):
    def __init__(self, trace: Trace, path: str) -> None:
        super().__init__(trace, "path_param", "req.path_params")
        self._known = {each.name: (at, each.kind) for at, each in enumerate(_pattern.parse(path))}

    def _find(self, name: str, called: str, fallback: Any) -> Any:
        if name in self._known:
            at, kind = self._known[name]
            source = "integer" if kind == "int" else "path_param"
            return self._trace.place(source, name, called, at, _MISSING)
        if fallback is _MISSING:
            self._trace.refuse(f"{called}, which the path does not have,")
        return fallback


class SymbolicRequest:
    """What a handler gets for a request."""

    def __init__(self, trace: Trace, method: str, path: str) -> None:
        self._trace = trace
        self.method = method
        self.path_params = _PathParams(trace, path)
        self.query_params = Values(trace, "query", "req.query_params")
        self.headers = Values(trace, "header", "req.headers")

    @property
    def path(self) -> Place:
        """The path that was asked for."""
        return self._trace.place("path", "", "req.path", 0, _MISSING)

    def __getattr__(self, name: str) -> NoReturn:
        self._trace.refuse(f"req.{name}")
