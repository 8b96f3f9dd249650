"""What lies around an app's routes: its exception handlers, and its middleware.

An app with either serves all its routes as general ones, and what no route takes as well, so that a
404 and a CORS preflight pass through them too.
"""

from typing import Any, Awaitable, Callable, List, Sequence

from fasterapi import _matching, _sent
from fasterapi._asgi_layer import AsgiLayer, is_asgi
from fasterapi._errors import ErrorHandlers, guarded
from fasterapi._general import REQUEST_ONLY
from fasterapi._results import to_response
from fasterapi.exceptions import StarletteHTTPException
from fasterapi.responses import RedirectResponse, Response
from fasterapi.routing import METHODS, APIRoute, CompiledRoute

Next = Callable[[Any], Awaitable[Response]]  # a request to its response


class Middleware:
    """A middleware class with its options; ``cls(next, **options)`` takes requests."""

    def __init__(self, cls: Callable[..., Any], *args: Any, **options: Any) -> None:
        self.cls = cls
        self.args = args
        self.options = options

    def around(self, inner: Next) -> Any:
        """An instance around what comes next."""

        def make(following: Any) -> Any:
            return self.cls(following, *self.args, **self.options)

        return AsgiLayer(make, inner) if is_asgi(self.cls) else make(inner)

    def __repr__(self) -> str:
        return f"Middleware({getattr(self.cls, '__name__', self.cls)})"


def compile_layered(
    app: Any, routes: Sequence[APIRoute], middleware: Sequence[Middleware]
) -> List[CompiledRoute]:
    """An app's routes for the server, and the one for what none of them takes. ``middleware``
    from the outside inwards."""
    handlers = ErrorHandlers(app.exception_handlers)
    made = [
        _layered(route.compile_general(app, bool(middleware)), middleware, handlers)
        for route in routes
    ]
    taken = {m for route in made if _is_everywhere(route.path) for m in route.methods}
    methods = tuple(method for method in METHODS if method not in taken)
    if methods:
        made.append(_layered(_unmatched(app, made, methods), middleware, handlers))
    return made


def _layered(
    route: CompiledRoute, middleware: Sequence[Middleware], handlers: ErrorHandlers
) -> CompiledRoute:
    call = guarded(route.endpoint, route.is_coroutine, handlers.find)
    is_async = route.is_coroutine
    if middleware:
        call, is_async = _through(call, middleware), True
    endpoint = guarded(call, is_async, handlers.find_last)
    return route._replace(endpoint=endpoint, is_coroutine=is_async)


def _through(
    call: Callable[[Any], Any], middleware: Sequence[Middleware]
) -> Callable[[Any], Awaitable[Response]]:
    async def innermost(request: Any) -> Response:
        result = call(request)
        return to_response(await result if hasattr(result, "__await__") else result)

    outermost: Any = innermost
    for each in reversed(middleware):
        outermost = each.around(outermost)

    async def run(request: Any) -> Response:
        with _sent.held_back():
            response: Response = await outermost(request)
        return response

    return run


def _unmatched(app: Any, routes: Sequence[CompiledRoute], methods: Sequence[str]) -> CompiledRoute:
    table = _matching.RouteTable(
        [(route.methods, route.path, route.origin) for route in routes], app.redirect_slashes
    )

    def answer(request: Any) -> Any:
        match = table.find(request.method, request.path)
        if match.location is not None:
            query = "?" + request.query_string if request.query_string else ""
            return RedirectResponse(request.root_path + match.location + query)
        if not match.allow:
            raise StarletteHTTPException(404)
        allow = {"allow": ", ".join(match.allow)}
        if request.method == "OPTIONS":
            return Response(status_code=204, headers=allow)
        raise StarletteHTTPException(405, headers=allow)

    return CompiledRoute(
        tuple(methods), "/{path:path}", "unmatched", "fasterapi", answer, REQUEST_ONLY, False
    )


def _is_everywhere(path: str) -> bool:
    return path.startswith("/{") and path.endswith(":path}") and path.count("/") == 1
