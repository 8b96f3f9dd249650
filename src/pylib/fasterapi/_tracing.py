"""From a handler ``(req, res)`` to a response program: constants, and values of the request, which
the server puts together without Python (src/http/response_program.hpp).

The handler is called with a request that has no values, only places for them. What it does with
these beyond putting them into text, JSON or a header is an error that names the expression. It is
called twice, with marks of different lengths: a result that depends on them cannot be a program.
"""

import inspect
import re
from typing import Any, Callable, Dict, List, NamedTuple, NoReturn, Optional, Sequence, Tuple, Union

from fasterapi import _json, _pattern
from fasterapi._builder import PlainBuilder

_MISSING: Any = object()
_END = "\ue000"  # of a mark: private use, so that no text has it
_MARK = re.compile(f"{_END}(m+)([0-9]+)M{_END}")


class TraceError(ValueError):
    """A handler that cannot be a response program."""


class Value(NamedTuple):
    """A piece that the request gives. ``fallback`` stands there without it; None: a 422."""

    source: str  # path_param, query, header, path
    form: str  # raw, inside_string, json_string, integer
    name: str
    place: int
    fallback: Optional[str]


Pieces = Tuple[Union[str, Value], ...]


class Program(NamedTuple):
    """What the server gets."""

    status: int
    fields: Tuple[Tuple[str, Pieces], ...]
    body: Pieces


def trace(handler: Callable[[Any, Any], Any], method: str, path: str, where: str) -> Program:
    """The program of a handler. TraceError says what cannot be one, and what to do."""
    if inspect.iscoroutinefunction(handler):
        raise TraceError(f"{where}: a traced handler is a plain function; use app.get() for async")
    first, second = (_once(handler, method, path, where, length) for length in (3, 7))
    if first != second:
        raise TraceError(
            f"{where}: the answer depends on values of the request in a way that cannot be traced; "
            f"make it a Python route"
        )
    return first


def _once(
    handler: Callable[[Any, Any], Any], method: str, path: str, where: str, length: int
) -> Program:
    made = _Trace(where, length)
    response = _Recorder(made)
    result = handler(_Request(made, method, path), response)
    if result is not None and result is not response:
        response.set_json(result) if not isinstance(result, str) else response._set_value(result)
    status, body, fields = response._finish_trace()
    return Program(status, tuple((name, made.raw(value)) for name, value in fields), body)


class _Trace:
    """The places that one call of a handler was given, and text with their marks."""

    def __init__(self, where: str, length: int) -> None:
        self.where = where
        self._length = length
        self._places: List[_Place] = []

    def mark(self, place: "_Place") -> str:
        self._places.append(place)
        return f"{_END}{'m' * self._length}{len(self._places) - 1}M{_END}"

    def refuse(self, what: str) -> NoReturn:
        raise TraceError(
            f"{self.where}: {what} cannot be traced; only constants, and values of the request put "
            f"into text, JSON or headers can; make it a Python route"
        )

    def raw(self, text: str) -> Pieces:
        return self._split(text, lambda place: place.piece("raw", place.text()))

    def inside_string(self, text: str) -> Pieces:
        return self._split(
            text,
            lambda place: place.piece("inside_string", _json.dumps(place.text()).decode()[1:-1]),
        )

    def _split(self, text: str, piece: Callable[["_Place"], Value]) -> Pieces:
        pieces: List[Union[str, Value]] = []
        end = 0
        for found in _MARK.finditer(text):
            if len(found[1]) != self._length:
                self.refuse("a text that was changed")
            pieces += [text[end : found.start()], piece(self._places[int(found[2])])]
            end = found.end()
        pieces.append(text[end:])
        if any(_END in each for each in pieces if isinstance(each, str)):
            self.refuse("a text that was changed after a value of the request was put into it")
        return _joined(pieces)

    def json(self, value: Any) -> Pieces:
        if isinstance(value, _Place):
            return (value.json(),)
        if isinstance(value, str):
            if _END not in value:
                return (_json.dumps(value).decode(),)
            return _joined(['"', *self._json_text(value), '"'])
        if isinstance(value, dict):
            return _joined(["{", *self._members(value), "}"])
        if isinstance(value, (list, tuple)):
            return _joined(["[", *_between([self.json(each) for each in value]), "]"])
        return (_json.dumps(value).decode(),)

    def _members(self, value: Dict[Any, Any]) -> List[Union[str, Value]]:
        members = []
        for name, each in value.items():
            if isinstance(name, _Place) or _END in str(name):
                self.refuse("a value of the request as a key")
            key = _json.dumps({name: 0}).decode()[1:-2]
            members.append((key, *self.json(each)))
        return _between(members)

    def _json_text(self, text: str) -> List[Union[str, Value]]:
        escaped = [
            _json.dumps(each).decode()[1:-1] if isinstance(each, str) else each
            for each in self.inside_string(text)
        ]
        return list(escaped)


class _Place:
    """A value of the request that is not there yet."""

    __slots__ = ("_called", "_fallback", "_name", "_place", "_source", "_trace")

    def __init__(
        self, trace: _Trace, source: str, name: str, called: str, place: int, fallback: Any
    ) -> None:
        self._trace = trace
        self._source = source
        self._name = name
        self._called = called
        self._place = place
        self._fallback = fallback

    def text(self) -> str:
        return "" if self._fallback is _MISSING else str(self._fallback)

    def piece(self, form: str, fallback: str) -> Value:
        if self._source == "integer":
            form = "integer"
        source = "path_param" if self._source == "integer" else self._source
        said = None if self._fallback is _MISSING else fallback
        return Value(source, form, self._name, self._place, said)

    def json(self) -> Value:
        fallback = "" if self._fallback is _MISSING else _json.dumps(self._fallback).decode()
        return self.piece("json_string", fallback)

    def __format__(self, spec: str) -> str:
        if spec:
            self._trace.refuse(f"{self._called} with the format {spec!r}")
        return self._trace.mark(self)

    def __str__(self) -> str:
        return self._trace.mark(self)

    def __add__(self, other: Any) -> Any:
        return str(self) + other

    def __radd__(self, other: Any) -> Any:
        return other + str(self)

    def __getattr__(self, name: str) -> NoReturn:
        self._trace.refuse(f"{self._called}.{name}")


def _refusing(name: str) -> Callable[..., NoReturn]:
    def refuse(self: _Place, *_: Any) -> NoReturn:
        self._trace.refuse(f"{name.strip('_')}() of {self._called}")

    return refuse


for _name in (
    "__bool__ __len__ __iter__ __contains__ __getitem__ __eq__ __ne__ __lt__ __le__ __gt__ __ge__ "
    "__hash__ __int__ __float__ __index__ __mul__ __rmul__ __mod__ __sub__ __repr__ __bytes__"
).split():
    setattr(_Place, _name, _refusing(_name))


class _Values:
    """path_params, query_params or headers."""

    def __init__(self, trace: _Trace, source: str, called: str) -> None:
        self._trace = trace
        self._source = source
        self._called = called

    def __getitem__(self, name: str) -> Any:
        return self._make(name, f"{self._called}[{name!r}]", _MISSING)

    def get(self, name: str, default: Any = None) -> Any:
        """The value, or the default where the request has none."""
        return self._make(name, f"{self._called}.get({name!r})", default)

    def _make(self, name: str, called: str, fallback: Any) -> Any:
        return _Place(self._trace, self._source, name, called, 0, fallback)

    def __getattr__(self, name: str) -> NoReturn:
        self._trace.refuse(f"{self._called}.{name}")

    def __iter__(self) -> NoReturn:
        self._trace.refuse(f"a loop over {self._called}")

    def __contains__(self, name: object) -> NoReturn:
        self._trace.refuse(f"{name!r} in {self._called}")


class _PathParams(_Values):
    def __init__(self, trace: _Trace, path: str) -> None:
        super().__init__(trace, "path_param", "req.path_params")
        self._known = {each.name: (at, each.kind) for at, each in enumerate(_pattern.parse(path))}

    def _make(self, name: str, called: str, fallback: Any) -> Any:
        if name not in self._known:
            if fallback is _MISSING:
                raise KeyError(name)
            return fallback
        place, kind = self._known[name]
        source = "integer" if kind == "int" else "path_param"
        return _Place(self._trace, source, name, called, place, _MISSING)


class _Request:
    def __init__(self, trace: _Trace, method: str, path: str) -> None:
        self._trace = trace
        self.method = method
        self.path = _Place(trace, "path", "", "req.path", 0, _MISSING)
        self.path_params = _PathParams(trace, path)
        self.query_params = _Values(trace, "query", "req.query_params")
        self.headers = _Values(trace, "header", "req.headers")

    def __getattr__(self, name: str) -> NoReturn:
        self._trace.refuse(f"req.{name}")


class _Recorder(PlainBuilder):
    """A response builder that keeps values apart from text."""

    def __init__(self, trace: _Trace) -> None:
        super().__init__()
        self._trace = trace
        self._pieces: Pieces = ()

    def header(self, name: str, value: Any) -> "_Recorder":
        """As ResponseBuilder.header."""
        self.headers[name] = str(value)
        return self

    def set_json(self, value: Any) -> "_Recorder":
        """As ResponseBuilder.set_json; values in JSON text are escaped."""
        if isinstance(value, (bytes, bytearray, memoryview)):
            value = bytes(value).decode()
        is_text = isinstance(value, str)
        self._pieces = self._trace.inside_string(value) if is_text else self._trace.json(value)
        self._body_type = "application/json"
        return self

    def _set_value(self, value: Any) -> None:
        self._pieces = self._trace.json(value)
        self._body_type = "application/json"

    def _set_body(self, content: Any, content_type: str) -> "_Recorder":
        if isinstance(content, _Place):
            content = str(content)
        text = content if isinstance(content, str) else bytes(content).decode()
        self._pieces = self._trace.raw(text)
        self._body_type = content_type
        return self

    def _finish_trace(self) -> Tuple[int, Pieces, Sequence[Tuple[str, str]]]:
        status, _, fields = self._finish()
        return status, self._pieces, fields


def _between(all_pieces: Sequence[Sequence[Union[str, Value]]]) -> List[Union[str, Value]]:
    joined: List[Union[str, Value]] = []
    for pieces in all_pieces:
        if joined:
            joined.append(",")
        joined += pieces
    return joined


def _joined(pieces: Sequence[Union[str, Value]]) -> Pieces:
    made: List[Union[str, Value]] = []
    for each in pieces:
        last = made[-1] if made else None
        if isinstance(each, str) and isinstance(last, str):
            made[-1] = last + each
        elif each != "":
            made.append(each)
    return tuple(made)
