"""Middleware of one function, in the forms in which people write it."""

import builtins
import inspect
from contextvars import ContextVar
from typing import Any, Awaitable, Callable, Optional

from fasterapi._builder import PlainBuilder
from fasterapi._results import to_response
from fasterapi.responses import Response

CallNext = Callable[[Any], Awaitable[Response]]
RequestResponseEndpoint = CallNext
DispatchFunction = Callable[[Any, CallNext], Awaitable[Response]]


class BaseHTTPMiddleware:
    """The base of middleware classes, which override ``dispatch``; or middleware of the function
    that is given as ``dispatch``."""

    def __init__(self, app: CallNext, dispatch: Optional[DispatchFunction] = None) -> None:
        self.app = app
        self._dispatch = dispatch

    async def dispatch(self, request: Any, call_next: CallNext) -> Response:
        """The response to a request, which ``await call_next(request)`` gives."""
        if self._dispatch is None:
            raise NotImplementedError(f"{type(self).__name__} has no dispatch()")
        return await self._dispatch(request, call_next)

    async def __call__(self, request: Any) -> Response:
        return to_response(await self.dispatch(request, self.app))


class ReqResMiddleware:
    """Middleware in the form ``async def f(req, res)``, which calls ``await next()`` for what comes
    after it; ``next`` may be a third parameter.

    Before that call ``res`` is a response to fill in, which is the answer where ``next`` is not
    called; after it ``res`` has the status and the headers of the answer, to change them."""

    def __init__(self, app: CallNext, function: Callable[..., Awaitable[Any]]) -> None:
        self.app = app
        self._function = function
        self._takes_next = len(inspect.signature(function).parameters) > 2
        if not self._takes_next:
            function = inspect.unwrap(function)
            function.__globals__.setdefault("next", next_)

    async def __call__(self, request: Any) -> Response:
        turn = _Turn(self.app, request)
        token = _turn.set(turn)
        try:
            following = (turn.go,) if self._takes_next else ()
            result = await self._function(request, turn.builder, *following)
        finally:
            _turn.reset(token)
        if result is not None and result is not turn.builder:
            return to_response(result)
        return turn.finish()


class _Turn:
    """One request in one ReqResMiddleware."""

    def __init__(self, app: CallNext, request: Any) -> None:
        self._app = app
        self._request = request
        self._response: Optional[Response] = None
        self.builder = PlainBuilder()

    async def go(self) -> Response:
        before = self.builder.headers
        token = _turn.set(None)
        try:
            response = self._response = await self._app(self._request)
        finally:
            _turn.reset(token)
        for name, value in before.multi_items():
            response.headers[name] = value
        self.builder.headers = response.headers
        self.builder.status_code = response.status_code
        return response

    def finish(self) -> Response:
        response = self._response
        if response is None:
            return to_response(self.builder)
        if self.builder.has_body:
            response = to_response(self.builder)
        response.status_code = self.builder.status_code or response.status_code
        return response


_turn: "ContextVar[Optional[_Turn]]" = ContextVar("turn", default=None)


def next_(*args: Any) -> Any:
    """The built-in next(); without arguments, inside of middleware that does not take it as a
    parameter, what comes after that middleware."""
    turn = _turn.get()
    return builtins.next(*args) if args or turn is None else turn.go()


def from_function(function: Callable[..., Any], is_plain: bool) -> Any:
    """The class and options for a function. ``is_plain``: it is of the form ``(req, res)`` unless
    its second parameter is ``call_next``."""
    if not inspect.iscoroutinefunction(function):
        raise TypeError(f"middleware {function!r} is not an async def")
    names = list(inspect.signature(function).parameters)
    if is_plain and "call_next" not in names:
        return ReqResMiddleware, {"function": function}
    return BaseHTTPMiddleware, {"dispatch": function}
