"""From a handler's signature to its binding plan, once, at registration.

The plan is a tuple of parameters, in the format that src/python/handler.hpp documents: the
server compiles it into native code, fasterapi._execution runs it in Python. Both pass all values
positionally.
"""

import functools
import inspect
import os
import typing
from typing import Any, Callable, Dict, List, NamedTuple, Optional, Sequence, Tuple

from fasterapi import _annotations, _pattern
from fasterapi._builder import ResponseBuilder
from fasterapi.requests import Request
from fasterapi.responses import Response

SUPPORTED = (
    "str, int, float, bool for path and query parameters; dict, list, Any for a JSON body; bytes "
    "for a raw body; Optional of these; Request, Response"
)


class Parameter(NamedTuple):
    """How one argument is made. ``place`` is that among the path's parameters, or -1."""

    name: str
    source: str  # path, query, body, request, response
    type: str  # str, int, float, bool, json, dict, list, bytes
    required: bool
    default: Any
    alias: str
    place: int
    nullable: bool


Plan = Tuple[Parameter, ...]

_SCALARS = {str: "str", int: "int", float: "float", bool: "bool"}
_BODIES = {dict: "dict", list: "list", bytes: "bytes", Any: "json"}
_REQUEST_NAMES = frozenset(("req", "request"))
_RESPONSE_NAMES = frozenset(("res", "response"))


def origin_of(endpoint: Callable[..., Any]) -> str:
    """Where a handler is defined, as "app.py:12", the file from the current folder if below it."""
    function = inspect.unwrap(endpoint)
    while isinstance(function, functools.partial):
        function = inspect.unwrap(function.func)
    if not hasattr(function, "__code__"):
        function = type(function).__call__
    code = getattr(function, "__code__", None)
    if code is None:
        return f"{getattr(function, '__module__', '?')}:{getattr(function, '__qualname__', '?')}"
    return f"{_shorten(code.co_filename)}:{code.co_firstlineno}"


def _shorten(file: str) -> str:
    here = os.path.join(os.getcwd(), "")
    return file[len(here) :] if file.startswith(here) else file


def make_plan(endpoint: Callable[..., Any], path: str) -> Plan:
    """The plan for a handler under a path. TypeError names the parameter, the place and the way
    out."""
    in_path = _pattern.parse(path)
    where = f"{getattr(endpoint, '__name__', endpoint)!s} ({origin_of(endpoint)})"
    hints = _annotations.resolve(endpoint, where)
    plan = tuple(
        _parameter(parameter, hints, in_path, where) for parameter in parameters_of(endpoint)
    )
    _check(plan, in_path, path, where)
    return plan


def positional(endpoint: Callable[..., Any]) -> Callable[..., Any]:
    """The endpoint as something that takes all its arguments positionally."""
    parameters = parameters_of(endpoint)
    names = [p.name for p in parameters if p.kind is inspect.Parameter.KEYWORD_ONLY]
    if not names:
        return endpoint
    count = len(parameters) - len(names)

    @functools.wraps(endpoint)
    def call(*values: Any) -> Any:
        return endpoint(*values[:count], **dict(zip(names, values[count:])))

    return call


def parameters_of(endpoint: Callable[..., Any]) -> List[inspect.Parameter]:
    return list(inspect.signature(endpoint).parameters.values())


def _parameter(
    parameter: inspect.Parameter,
    hints: Dict[str, Any],
    in_path: Sequence[_pattern.PathParameter],
    where: str,
) -> Parameter:
    name = parameter.name
    if parameter.kind in (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD):
        raise TypeError(
            f"{where}: parameter {parameter} collects arguments; name each parameter instead"
        )
    required = parameter.default is inspect.Parameter.empty
    default = None if required else parameter.default
    index = next((i for i, p in enumerate(in_path) if p.name == name), -1)
    annotation = hints.get(name, inspect.Parameter.empty)
    special = _special(name, annotation) if index < 0 else None
    if special is not None:
        return Parameter(name, special, "json", False, None, name, -1, False)
    if annotation is inspect.Parameter.empty:
        is_int = index >= 0 and in_path[index].kind == "int"
        type_, nullable = ("int" if is_int else "str"), True
    else:
        type_, nullable = _type_of(annotation, name, where)
    if index >= 0:
        return _path_parameter(
            Parameter(name, "path", type_, True, None, name, index, nullable), required, where
        )
    source = "query" if type_ in _SCALARS.values() else "body"
    return Parameter(name, source, type_, required, default, name, -1, nullable)


def _path_parameter(made: Parameter, required: bool, where: str) -> Parameter:
    if made.type not in _SCALARS.values():
        raise TypeError(
            f"{where}: parameter {made.name!r} is in the path, so it is str, int, float or bool"
        )
    if not required:
        raise TypeError(
            f"{where}: parameter {made.name!r} is in the path, so it cannot have a default"
        )
    return made


def _special(name: str, annotation: Any) -> Optional[str]:
    if annotation is inspect.Parameter.empty:
        if name in _REQUEST_NAMES:
            return "request"
        return "response" if name in _RESPONSE_NAMES else None
    if isinstance(annotation, type):
        if issubclass(annotation, Request):
            return "request"
        if issubclass(annotation, (Response, ResponseBuilder)):
            return "response"
    return None


def _type_of(annotation: Any, name: str, where: str) -> Tuple[str, bool]:
    plain, nullable = _annotations.without_none(annotation)
    known = _SCALARS.get(plain) or _BODIES.get(plain) if _is_hashable(plain) else None
    if known is None:
        known = _generic_body(plain)
    if known is None:
        raise TypeError(
            f"{where}: parameter {name!r} has the annotation {_annotations.text(annotation)}, "
            f"which is not supported; supported are {SUPPORTED}"
        )
    return known, nullable or known == "json"


def _generic_body(annotation: Any) -> Optional[str]:
    # Only where nothing would stay unchecked: dict[str, Any], not dict[str, int].
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is dict and all(a in (str, Any) for a in arguments[:1]) and arguments[1:] == (Any,):
        return "dict"
    if origin is list and arguments == (Any,):
        return "list"
    if annotation is typing.Dict:
        return "dict"
    return "list" if annotation is typing.List else None


def _is_hashable(value: Any) -> bool:
    try:
        hash(value)
    except TypeError:
        return False
    return True


def _check(plan: Plan, in_path: Sequence[_pattern.PathParameter], path: str, where: str) -> None:
    bodies = [p.name for p in plan if p.source == "body"]
    if len(bodies) > 1:
        raise TypeError(
            f"{where}: parameters {' and '.join(map(repr, bodies))} are both the body; "
            "take one dict"
        )
    takes_request = any(p.source == "request" for p in plan)
    unused = [p.name for p in in_path if p.name not in {q.name for q in plan}]
    if unused and not takes_request:
        raise TypeError(
            f"{where}: {path!r} has the parameter {unused[0]!r}, which the handler does not take; "
            f"add it, or take the request"
        )
