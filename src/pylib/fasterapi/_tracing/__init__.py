"""From a handler ``(req, res)`` to a response program: constants, and values of the request, which
the server puts together without Python (src/http/response_program.hpp).

The handler is called with a request that has no values, only places for them, and under a guard:
what it does beyond putting them into text, JSON or a header is an error that names the expression.
Then it is called as it is, with real requests, and the program has to answer them as it does.
"""

import inspect
import sys
from typing import Any, Callable, List, Tuple

from fasterapi import _pattern
from fasterapi._tracing._program import Program, Value
from fasterapi._tracing._recorder import Recorder
from fasterapi._tracing._rules import Guard
from fasterapi._tracing._site import Route, TraceError
from fasterapi._tracing._symbols import SymbolicRequest, Trace
from fasterapi._tracing._trials import check

__all__ = ["Program", "TraceError", "Value", "trace"]

Handler = Callable[[Any, Any], Any]
_PARAMETERS: List[Tuple[str, ...]] = [("req", "request"), ("res", "response")]


def trace(handler: Handler, method: str, path: str, where: str, options: Any = None) -> Program:
    """The program of a handler, which is called many times; ``options`` are the route's. TraceError
    says what cannot be one, where, and what to do."""
    route = Route(where, method, path, options)
    _check_signature(handler, route)
    try:
        first = _once(handler, route, 3)
        second = _once(handler, route, 7)
    except TraceError:
        raise
    except Exception as error:
        raise route.foreign(error) from error
    if first != second:
        raise route.refusal("", "an answer that depends on values of the request")
    check(handler, route, first)
    return first


def _check_signature(handler: Handler, route: Route) -> None:
    if inspect.iscoroutinefunction(handler):
        raise TraceError(
            f"{route.where}: a traced handler is a plain function; use app.get() for async"
        )
    for name, kind in _pattern.parse(route.path):
        if kind in _pattern.CHECKED:
            raise route.refusal("", f"the path parameter {{{name}:{kind}}}")
    parameters = list(inspect.signature(handler).parameters.values())
    fits = len(parameters) == len(_PARAMETERS) and all(
        parameter.annotation is not parameter.empty or parameter.name in names
        for parameter, names in zip(parameters, _PARAMETERS)
    )
    if not fits:
        said = ", ".join(parameter.name for parameter in parameters)
        raise TraceError(f"{route.where}: a traced handler takes (req, res), not ({said})")


def _once(handler: Handler, route: Route, length: int) -> Program:
    trace = Trace(route, length)
    response = Recorder(trace)
    request = SymbolicRequest(trace, route.method, route.path)
    guard = Guard(route)
    former = sys.getprofile()
    sys.setprofile(guard.see)
    try:
        result = handler(request, response)
    finally:
        sys.setprofile(former)
    if result is not None and result is not response:
        response.returned(result)
    return response.program()
