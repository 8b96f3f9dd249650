"""Routes of WebSockets: what lies between an ASGI connection and a handler."""

import copy
import inspect
from typing import Any, Awaitable, Callable, Dict, List, Mapping, MutableMapping, Optional, Tuple

from fasterapi import _binding, _pattern, _signature, _telemetry
from fasterapi._dependant import Dependant, analyze_handler
from fasterapi._reading import Reader
from fasterapi._route_options import RouteOptions
from fasterapi._solve import Context, Program
from fasterapi.exceptions import RequestValidationError, WebSocketRequestValidationError

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Asgi = Callable[[Dict[str, Any], Receive, Send], Awaitable[None]]

METHOD = "WEBSOCKET"  # in the place of a method, in tables of routes


class APIWebSocketRoute:
    """A path whose connections a handler has, each for as long as it likes. ``is_plain``: it takes
    the connection alone, as Starlette's do."""

    def __init__(
        self,
        path: str,
        endpoint: Callable[..., Any],
        *,
        name: Optional[str] = None,
        options: Optional[RouteOptions] = None,
        is_plain: bool = False,
    ) -> None:
        if not callable(endpoint):
            raise TypeError(f"{path}: the handler is {endpoint!r}, which cannot be called")
        self.endpoint = endpoint
        self.is_plain = is_plain
        self.origin = _binding.origin_of(endpoint)
        self.name = name or str(getattr(endpoint, "__name__", type(endpoint).__name__))
        self._place(path, options or RouteOptions())
        where = _binding.name_of(endpoint)
        if not is_plain and _signature.kind_of(endpoint) != "coroutine":
            raise TypeError(f"{where}: the handler of a WebSocket is an async def")
        if not is_plain:
            self._check(self.depend({}), where)

    def _place(self, path: str, options: RouteOptions) -> None:
        self.path = path
        self.options = options
        self.path_names = {p.name: p.kind for p in _pattern.parse(path)}

    def _check(self, handler: Dependant, where: str) -> None:
        if handler.body_fields():
            raise TypeError(f"{where}: a WebSocket has no body")
        taken = {f.alias for each in handler.walk() for f in each.fields if f.place == "path"}
        if not handler.dependencies:
            parameters = _pattern.parse(self.path)
            takes_all = handler.takes("request")
            _binding.check_all_taken(parameters, taken, takes_all, self.path, where)

    def depend(self, overrides: Mapping[Any, Callable[..., Any]]) -> Dependant:
        """What the handler and its dependencies need."""
        dependencies = self.options.dependencies or ()
        made = analyze_handler(self.endpoint, self.path_names, dependencies, overrides)
        made.path = self.path
        return made

    def matches(self, scope: Dict[str, Any]) -> Tuple[Any, Dict[str, Any]]:
        """As that of APIRoute."""
        from fasterapi._route_matches import of_route  # only where it is asked for

        return of_route(self, scope, "websocket")

    def under(self, prefix: str, outer: RouteOptions) -> "APIWebSocketRoute":
        """The same route behind a prefix, with the dependencies of its router."""
        made = copy.copy(self)
        made._place(prefix + self.path, self.options.under(outer))
        return made

    def place(self) -> Tuple[Tuple[str, ...], str, str]:
        """For a table of routes."""
        return (METHOD,), _pattern.canonical(self.path), self.origin

    def asgi(self, app: Any) -> Asgi:
        """The application behind the path, whose parameters are in the scope."""
        target = self._plain() if self.is_plain else _Endpoint(self.depend, app)

        async def serve(scope: Dict[str, Any], receive: Receive, send: Send) -> None:
            scope["route"], scope["endpoint"] = self, self.endpoint
            _telemetry.found(self.path)
            await target(scope, receive, send)

        return serve

    def _plain(self) -> Asgi:
        if inspect.isclass(self.endpoint):  # an ASGI application for each connection
            endpoint: Any = self.endpoint

            async def serve_class(scope: Dict[str, Any], receive: Receive, send: Send) -> None:
                await endpoint(scope, receive, send)

            return serve_class

        async def serve(scope: Dict[str, Any], receive: Receive, send: Send) -> None:
            from fasterapi.websockets import WebSocket

            await self.endpoint(WebSocket(scope, receive, send))

        return serve


class _Endpoint:
    """A handler with its dependencies, which the app may override."""

    def __init__(
        self, depend: Callable[[Mapping[Any, Callable[..., Any]]], Dependant], app: Any
    ) -> None:
        self._depend = depend
        self._app = app
        self._own = self._make({})

    def _make(self, overrides: Mapping[Any, Callable[..., Any]]) -> Program:
        return Program(self._depend(overrides), Reader([]))

    async def __call__(self, scope: Dict[str, Any], receive: Receive, send: Send) -> None:
        from fasterapi.websockets import WebSocket  # only where there is a connection

        overrides = getattr(self._app, "dependency_overrides", None)
        program: Any = self._make(dict(overrides)) if overrides else self._own
        if _telemetry.is_observed():
            program = _telemetry.operations().ObservedProgram(program)
        await _run(program, WebSocket(scope, receive, send))


async def _run(program: Program, websocket: Any) -> None:
    context = Context(websocket, program.slot_count, False)
    try:
        await program.handler.invoke(await _arguments(program, context))
        if context.cleanup is not None:
            await context.cleanup.close_early_async()
    except BaseException as error:
        if context.cleanup is None:
            raise
        await context.cleanup.fail_async(error)
    if context.background is not None or context.cleanup is not None:
        await _end(context)


async def _arguments(program: Program, context: Context) -> List[Any]:
    try:
        return await program.solve_async(context)
    except RequestValidationError as error:
        raise WebSocketRequestValidationError(
            error.errors(), endpoint_ctx=error.endpoint_ctx
        ) from None


async def _end(context: Context) -> None:
    if context.cleanup is not None:
        await context.cleanup.end(context.background)
    elif context.background is not None:
        await context.background()
