"""From a handler's signature to its binding plan, once, at registration.

The plan is a tuple of parameters, in the format that src/python/handler.hpp documents: the
server compiles it into native code, fasterapi._execution runs it in Python. Both pass all values
positionally.
"""

import functools
import inspect
import os
import typing
from typing import Any, Callable, Collection, Dict, List, NamedTuple, Optional, Sequence, Tuple

from fasterapi import _annotations, _pattern, _signature, _starlette
from fasterapi._builder import ResponseBuilder
from fasterapi.params import Depends, ParamInfo
from fasterapi.requests import Request
from fasterapi.responses import Response


class Parameter(NamedTuple):
    """How one argument is made. ``place`` is that among the path's parameters, or -1. The type of
    a body may be a BodySchema."""

    name: str
    source: str  # path, query, body, request, response
    type: Any  # str, int, float, bool, json, dict, list, bytes
    required: bool
    default: Any
    alias: str
    place: int
    nullable: bool


Plan = Tuple[Parameter, ...]


class NotNative(TypeError):
    """A signature that the server's native plan cannot say: a general route's."""


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
    if not hasattr(code, "co_filename"):  # PyPy's builtins have code of another kind
        return f"{getattr(function, '__module__', '?')}:{getattr(function, '__qualname__', '?')}"
    assert code is not None
    return f"{_shorten(code.co_filename)}:{code.co_firstlineno}"


def place_of(call: Callable[..., Any], path: str) -> Dict[str, Any]:
    """A handler as errors name it: function, file, line, and its route's method and path."""
    code = getattr(inspect.unwrap(call), "__code__", None)
    place = {"file": code.co_filename, "line": code.co_firstlineno} if code is not None else {}
    return {"function": getattr(call, "__name__", str(call)), **place, "path": path}


def _shorten(file: str) -> str:
    here = os.path.join(os.getcwd(), "")
    return file[len(here) :] if file.startswith(here) else file


def name_of(call: Callable[..., Any]) -> str:
    """A callable with its place, for messages."""
    return f"{getattr(call, '__name__', call)!s} ({origin_of(call)})"


#: Finds the schema of a body that no plain type says.
FindBody = Callable[[_signature.Argument, str], Any]


def make_plan(
    endpoint: Callable[..., Any], path: str, find_body: Optional[FindBody] = None
) -> Plan:
    """The plan for a handler under a path. NotNative where the signature needs a general route,
    another TypeError where none can serve it: it names the parameter, the place and the way out."""
    in_path = _pattern.parse(path)
    where = name_of(endpoint)
    hints = _annotations.resolve(endpoint, where)
    plan = tuple(
        _parameter(parameter, hints, in_path, where, find_body)
        for parameter in parameters_of(endpoint)
    )
    _check(plan, in_path, path, where)
    return plan


def positional(endpoint: Callable[..., Any]) -> Callable[..., Any]:
    """The endpoint as something that takes all its arguments positionally."""
    parameters = parameters_of(endpoint)
    collects = _signature.collects_names(endpoint)
    names = [p.name for p in parameters if _signature.is_by_name(p, collects)]
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
    find_body: Optional[FindBody],
) -> Parameter:
    try:
        return _plain_parameter(parameter, hints, in_path, where)
    except NotNative:
        if find_body is None or any(p.name == parameter.name for p in in_path):
            raise
        name, is_keyword = parameter.name, parameter.kind is parameter.KEYWORD_ONLY
        annotation = hints.get(name, _signature.EMPTY)
        argument = _signature.Argument(name, annotation, parameter.default, is_keyword)
        body = find_body(argument, where)
        if body is None:
            raise
        return Parameter(name, "body", body, body.is_required, body.default, name, -1, False)


def _plain_parameter(
    parameter: inspect.Parameter,
    hints: Dict[str, Any],
    in_path: Sequence[_pattern.PathParameter],
    where: str,
) -> Parameter:
    name = parameter.name
    said = _signature.Argument(name, hints.get(name), parameter.default, False)
    _signature.refuse_fastapis(said, where)
    if parameter.kind in (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD):
        raise TypeError(
            f"{where}: parameter {parameter} collects arguments; name each parameter instead"
        )
    if isinstance(parameter.default, (Depends, ParamInfo)):
        raise NotNative(name)
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
        type_, nullable = _type_of(annotation, name)
    if index >= 0:
        if not required or type_ not in _SCALARS.values():
            raise NotNative(name)
        return Parameter(name, "path", type_, True, None, name, index, nullable)
    source = "query" if type_ in _SCALARS.values() else "body"
    return Parameter(name, source, type_, required, default, name, -1, nullable)


def special_by_name(name: str) -> Optional[str]:
    """ "request" and "response" for the names that stand for them without an annotation."""
    if name in _REQUEST_NAMES:
        return "request"
    return "response" if name in _RESPONSE_NAMES else None


def _special(name: str, annotation: Any) -> Optional[str]:
    if annotation is inspect.Parameter.empty:
        return special_by_name(name)
    if isinstance(annotation, type):
        if issubclass(annotation, Request):
            return "request"
        if issubclass(annotation, (Response, ResponseBuilder)):
            return "response"
        if _starlette.kind_of(annotation) is not None:
            raise NotNative(name)
    return None


def _type_of(annotation: Any, name: str) -> Tuple[str, bool]:
    plain, nullable = _annotations.without_none(annotation)
    known = _SCALARS.get(plain) or _BODIES.get(plain) if _is_hashable(plain) else None
    if known is None:
        known = _generic_body(plain)
    if known is None:
        raise NotNative(name)
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
        raise NotNative(bodies[1])
    taken = {p.name for p in plan if p.source == "path"}
    check_all_taken(in_path, taken, any(p.source == "request" for p in plan), path, where)


def check_all_taken(
    in_path: Sequence[_pattern.PathParameter],
    taken: Collection[str],
    takes_request: bool,
    path: str,
    where: str,
) -> None:
    """TypeError for a parameter of the path that nothing takes."""
    unused = [p.name for p in in_path if p.name not in taken]
    if unused and not takes_request:
        raise TypeError(
            f"{where}: {path!r} has the parameter {unused[0]!r}, which the handler does not take; "
            f"add it, or take the request"
        )
