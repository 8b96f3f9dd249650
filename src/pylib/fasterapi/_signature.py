"""The parameters of anything that can be called, with their annotations as types."""

import functools
import inspect
import sys
from typing import Any, Callable, Dict, Iterator, List, NamedTuple

from fasterapi import _annotations

EMPTY: Any = inspect.Parameter.empty


class Argument(NamedTuple):
    """One parameter of a callable; ``annotation`` and ``default`` are EMPTY where not given.
    ``is_keyword_only``: it is given by its name."""

    name: str
    annotation: Any
    default: Any
    is_keyword_only: bool


def arguments_of(call: Callable[..., Any], where: str) -> List[Argument]:
    """What a function, class, partial or object takes. TypeError where a string annotation names
    what cannot be found, or where the parameters cannot be told one by one."""
    found = []
    scope = _scope_of(call)
    collects = collects_names(call)
    for parameter in inspect.signature(call).parameters.values():
        if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
            raise TypeError(
                f"{where}: parameter {parameter} collects arguments; name each parameter instead"
            )
        annotation = parameter.annotation
        if annotation is not EMPTY:
            annotation = _annotations.resolve_one(parameter.name, annotation, scope, where)
            while type(annotation).__name__ == "TypeAliasType":  # ``type X = ...``
                annotation = annotation.__value__
        is_keyword_only = is_by_name(parameter, collects)
        found.append(Argument(parameter.name, annotation, parameter.default, is_keyword_only))
    return found


def collects_names(call: Any) -> bool:
    """Whether arguments must be given by their names, as FastAPI gives all: to a decorator's function
    with ``**kwargs``, which may look for one there, and to one whose signature was replaced."""
    function = _without_partial(call)
    flags = getattr(getattr(function, "__code__", None), "co_flags", 0)
    is_replaced = getattr(function, "__signature__", None) is not None
    return bool(flags & inspect.CO_VARKEYWORDS) or is_replaced


def is_by_name(parameter: inspect.Parameter, collects: bool) -> bool:
    """Whether an argument is given by its name, to what collects names or does not."""
    kinds = (parameter.KEYWORD_ONLY, parameter.POSITIONAL_OR_KEYWORD)
    return parameter.kind in kinds[: 1 + collects]


def refuse_fastapis(argument: Argument, where: str) -> None:
    """TypeError where FastAPI's own Depends, Query or the like declare an argument: left to themselves
    they would be ignored, a dependency that checks who asks among them."""
    for said in (argument.default, *getattr(argument.annotation, "__metadata__", ())):
        refuse_fastapi(said, f"{where}: parameter {argument.name!r}")


def refuse_fastapi(said: Any, where: str) -> None:
    """The same for one declaration, or a router."""
    kind = type(said)
    if kind.__module__.partition(".")[0] == "fastapi":
        name = kind.__name__
        raise TypeError(f"{where}: {name} is FastAPI's own here; from fasterapi import {name}")


def returned_by(call: Callable[..., Any], where: str) -> Any:
    """The return annotation as a type, or EMPTY."""
    annotation = inspect.signature(call).return_annotation
    if annotation is EMPTY:
        return EMPTY
    return _annotations.resolve_one("return", annotation, _scope_of(call), where)


def innermost(call: Any) -> Any:
    """The function behind partials and decorators that use functools.wraps."""
    while True:
        if isinstance(call, functools.partial):
            call = call.func
        elif hasattr(call, "__wrapped__"):
            call = call.__wrapped__
        else:
            return call


def kind_of(call: Callable[..., Any]) -> str:
    """What a call gives: "value", "coroutine", "generator" or "async generator". Of a wrapped
    function the wrapper counts where it is one of the last three, else what it wraps."""
    for candidate in _callables(call):
        if inspect.iscoroutinefunction(candidate):
            return "coroutine"
        if inspect.isasyncgenfunction(candidate):
            return "async generator"
        if inspect.isgeneratorfunction(candidate):
            return "generator"
    return "value"


def _callables(call: Any) -> Iterator[Any]:
    """What may say what a call gives, from the outside inwards."""
    yield _without_partial(call)
    function = innermost(call)
    if inspect.isclass(function):
        return
    yield function
    for owner in (_without_partial(call), function):
        if not inspect.isroutine(owner) and not inspect.isclass(owner):
            method = getattr(owner, "__call__", None)  # noqa: B004
            yield _without_partial(method)
            yield innermost(method)


def _without_partial(call: Any) -> Any:
    while isinstance(call, functools.partial):
        call = call.func
    return call


def _scope_of(call: Callable[..., Any]) -> Dict[str, Any]:
    function = innermost(call)
    if inspect.isclass(function):
        made_by = function.__init__
        module = sys.modules.get(function.__module__)
        return dict(getattr(made_by, "__globals__", None) or vars(module or object))
    if not hasattr(function, "__globals__"):
        function = innermost(type(function).__call__)
    return getattr(function, "__globals__", {})
