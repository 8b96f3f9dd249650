"""What lies around an app's routes: its exception handlers, and its middleware.

An app with either serves all its routes as general ones, and what no route takes as well, so that a
404 and a CORS preflight pass through them too. Middleware is made once for the app.
"""

from contextvars import ContextVar
from typing import Any, Awaitable, Callable, Iterator, List, Sequence

from fasterapi import _matching, _sent, _starlette, metrics
from fasterapi._asgi_scope import rewritten
from fasterapi._endpoint import Endpoint
from fasterapi._errors import ErrorHandlers, Find, guarded
from fasterapi._general import REQUEST_ONLY
from fasterapi._request_extras import incoming_of
from fasterapi._results import to_response
from fasterapi.exceptions import StarletteHTTPException
from fasterapi.responses import RedirectResponse, Response
from fasterapi.routing import METHODS, APIRoute, CompiledRoute

Next = Callable[[Any], Awaitable[Response]]  # a request to its response
Call = Callable[[Any], Any]


class Middleware:
    """A middleware class with its options; ``cls(next, **options)`` takes requests."""

    def __init__(self, cls: Callable[..., Any], *args: Any, **options: Any) -> None:
        self.cls = cls
        self.args = args
        self.options = options

    @classmethod
    def of(cls, made: Any) -> "Middleware":
        """One of ours, or of Starlette's, as one of ours."""
        if isinstance(made, cls):
            return made
        kind, args, options = made
        return cls(kind, *args, **options)

    def around(self, inner: Next) -> Any:
        """An instance around what comes next."""
        from fasterapi._asgi_layer import AsgiLayer, is_asgi  # only where there is middleware

        def make(following: Any) -> Any:
            return self.cls(following, *self.args, **self.options)

        return AsgiLayer(make, inner) if is_asgi(self.cls) else make(inner)

    def __iter__(self) -> Iterator[Any]:
        return iter((self.cls, self.args, self.options))

    def __repr__(self) -> str:
        return f"Middleware({getattr(self.cls, '__name__', self.cls)})"


class _Stack:
    """The middleware of an app, from the outside inwards, around whichever route is called."""

    def __init__(self, middleware: Sequence[Middleware], reroute: Call) -> None:
        self._target: "ContextVar[Any]" = ContextVar("target")
        self._reroute = reroute
        outermost: Any = self._innermost
        for each in reversed(middleware):
            outermost = each.around(outermost)
        self._outermost = outermost

    def around(self, call: Call, name: str) -> Next:
        """A route's call, behind all of it; ``name`` is the route's in metrics."""

        async def run(request: Any) -> Response:
            token = self._target.set((call, request.method, request.path))
            metrics.current_route.set(name)
            held = _sent.HeldBack()
            try:
                response: Response = await self._outermost(request)
                if _is_settled(response):
                    return response
                return await settled(response, request)
            finally:
                held.release()
                self._target.reset(token)

        return run

    async def _innermost(self, request: Any) -> Response:
        call, method, path = self._target.get()
        request = rewritten(request)
        if (request.method, request.path) != (method, path):
            if incoming_of(request) is not None:
                await request.body()
            call = self._reroute
        result = call(request)
        if hasattr(result, "__await__"):
            result = await result
        return result if _is_settled(result) else await settled(result, request)


def _is_settled(result: Any) -> bool:
    if not isinstance(result, Response) or result._sends_itself:
        return False
    return type(result) is not _starlette.AsgiResponse


async def settled(result: Any, request: Any) -> Response:
    """A result as a response of ours, whoever made it."""
    response = to_response(result)
    if isinstance(response, _starlette.AsgiResponse):
        return await response.answer(request)
    return response


def compile_layered(
    app: Any,
    routes: Sequence[APIRoute],
    middleware: Sequence[Middleware],
    is_awaited: bool = False,
    observed: Any = None,
) -> List[CompiledRoute]:
    """An app's routes for the server, and the one for what none of them takes. ``middleware``
    from the outside inwards; ``is_awaited`` where there is more around it. ``observed`` is
    telemetry's module of routes, where there is telemetry."""
    handlers = ErrorHandlers(app.exception_handlers)
    make = Endpoint if observed is None else observed.endpoint_of
    made = [route.compile_general(app, is_awaited or bool(middleware), make) for route in routes]
    if observed is not None:
        made = [observed.selecting(*each) for each in zip(routes, made)]
    taken = {m for route in made if _is_everywhere(route.path) for m in route.methods}
    methods = tuple(method for method in (*METHODS, _matching.ANY_METHOD) if method not in taken)
    table = _Table(app, made, observed)
    if methods:
        unmatched = CompiledRoute(
            *(methods, "/{path:path}", "unmatched", "fasterapi"),
            *(table.refuse, REQUEST_ONLY, False),
        )
        made.append(unmatched)
    made = [_guarded(route, handlers.find) for route in made]
    table.routes = made
    if middleware:
        stack = _Stack(middleware, guarded(table.call, False, handlers.find))
        made = [
            route._replace(endpoint=stack.around(route.endpoint, _name(route)), is_coroutine=True)
            for route in made
        ]
    if observed is not None:
        made = [_guarded(route, observed.note) for route in made]
    return [_guarded(route, handlers.find_last) for route in made] if handlers.has_last else made


def _name(route: CompiledRoute) -> str:
    return "unmatched" if route.origin == "fasterapi" else route.path


def _guarded(route: CompiledRoute, find: Find) -> CompiledRoute:
    return route._replace(endpoint=guarded(route.endpoint, route.is_coroutine, find))


class _Table:
    """An app's routes by method and path, for what the server's own table has not decided."""

    def __init__(self, app: Any, routes: Sequence[CompiledRoute], observed: Any) -> None:
        places = [(route.methods, route.path, route.origin) for route in routes]
        self._table = _matching.RouteTable(places, app.redirect_slashes)
        self.routes: Sequence[CompiledRoute] = routes
        self._observed = observed

    def call(self, request: Any) -> Any:
        """The result of the route that a request belongs to whose path middleware has changed."""
        match = self._table.find(request.method, request.path)
        if match.route < 0:
            return self.refuse(request)
        route = self.routes[match.route]
        request.path_params.clear()
        request.path_params.update(_matching.path_params(route.path, match.texts))
        return route.endpoint(request)

    def refuse(self, request: Any) -> Response:
        """The answer to what no route takes."""
        match = self._table.find(request.method, request.path)
        if self._observed is not None:
            self._observed.refused(self.routes, self._table, request.path, match)
        if match.location is not None:
            query = "?" + request.query_string if request.query_string else ""
            return RedirectResponse(request.root_path + match.location + query)
        if not match.allow:
            raise StarletteHTTPException(404)
        allow = {"allow": ", ".join(match.allow)}
        if request.method == "OPTIONS":
            return Response(status_code=204, headers=allow)
        raise StarletteHTTPException(405, headers=allow)


def _is_everywhere(path: str) -> bool:
    return path.startswith("/{") and path.endswith(":path}") and path.count("/") == 1
