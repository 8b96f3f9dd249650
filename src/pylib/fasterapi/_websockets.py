"""The WebSockets of an app: its routes and mounts, behind its middleware and exception handlers."""

import inspect
from typing import Any, Callable, Dict, List, Optional, Sequence, Tuple

from fasterapi import _json, _matching, _pattern, _telemetry
from fasterapi._api_route import CompiledRoute
from fasterapi._errors import ErrorHandlers
from fasterapi._general import REQUEST_ONLY
from fasterapi._results import to_response
from fasterapi._websocket_route import METHOD, Asgi, Message, Receive, Send
from fasterapi.exceptions import WebSocketException, WebSocketRequestValidationError

_TARGET = "fasterapi.websocket"
_INVALID = 1008
Scope = Dict[str, Any]


class MountedWebSockets:
    """Those of an application below a path."""

    def __init__(self, path: str, app: Any) -> None:
        self.path = path + "/{path:path}"
        self._outer = path
        self.name = type(app).__name__
        self.origin = f"mount({path!r})"
        self._app = app

    def place(self) -> Tuple[Tuple[str, ...], str, str]:
        """For a table of routes."""
        return (METHOD,), _pattern.canonical(self.path), self.origin

    def asgi(self, app: Any) -> Asgi:
        """The application, which finds the mount in root_path."""

        async def serve(scope: Scope, receive: Receive, send: Send) -> None:
            inner = dict(scope)
            _telemetry.found(self._outer, is_mount=True)
            params = inner["path_params"] = dict(scope["path_params"])
            rest = "/" + str(params.pop("path"))
            inner["root_path"] = scope["path"][: len(scope["path"]) - len(rest)]
            inner.pop(_TARGET, None)
            await self._app(inner, receive, send)

        return serve


class WebSockets:
    """What an app has of them; made again when the app has got more."""

    def __init__(self, app: Any, routes: Sequence[Any], middleware: Sequence[Any]) -> None:
        self._app = app
        self._routes = routes
        self._table = _matching.RouteTable([route.place() for route in routes], False)
        self._targets = [route.asgi(app) for route in routes]
        self._middleware = middleware
        self._made: Optional[Asgi] = None

    def compile(self, outer: Callable[[Asgi], Asgi]) -> List[CompiledRoute]:
        """The tuples for the server; ``outer`` is around each."""
        from fasterapi._worker_websocket import endpoint_of  # only where there are some

        made = []
        for route, target in zip(self._routes, self._targets):
            methods, path, origin = route.place()
            endpoint = endpoint_of(self._app, outer(self._around(target)))
            made.append(
                CompiledRoute(methods, path, route.name, origin, endpoint, REQUEST_ONLY, True)
            )
        return made

    async def serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One connection under another server, or in a test."""
        await self._around(self._find)(scope, receive, send)

    def _around(self, target: Asgi) -> Asgi:
        async def serve(scope: Scope, receive: Receive, send: Send) -> None:
            scope[_TARGET] = target
            await self._outermost()(scope, receive, send)

        return serve

    def _outermost(self) -> Asgi:
        # Made with the first connection: an app may have none.
        if self._made is None:
            self._made = _Handled(self._app)
            for each in reversed(self._middleware):
                if _is_for_websockets(each.cls):
                    self._made = each.cls(self._made, *each.args, **each.options)
        return self._made

    async def _find(self, scope: Scope, receive: Receive, send: Send) -> None:
        path, root = scope["path"], scope.get("root_path", "")
        if root and path.startswith(root):
            path = path[len(root) :]
        match = self._table.find(METHOD, path)
        if match.route < 0:
            return await send({"type": "websocket.close", "code": 1000, "reason": ""})
        route = self._routes[match.route]
        values = zip(_pattern.parse(route.path), match.texts)
        own = {p.name: int(text) if p.kind == "int" else text for p, text in values}
        scope["path_params"] = {**scope.get("path_params", {}), **own}
        await self._targets[match.route](scope, receive, send)


def _is_for_websockets(cls: Any) -> bool:
    """Whether it is a middleware class of ASGI's, or a function that makes such an application;
    those that take requests are for HTTP."""
    if not inspect.isclass(cls):
        return True
    call = getattr(cls, "__call__", None)  # noqa: B004
    return call is not None and len(inspect.signature(call).parameters) == 4


class _Handled:
    """What is behind the middleware: the target, with the app's exception handlers around it."""

    def __init__(self, app: Any) -> None:
        self._handlers = ErrorHandlers({**_DEFAULTS, **app.exception_handlers})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_accepted = False

        async def sending(message: Message) -> None:
            nonlocal is_accepted
            is_accepted |= message["type"] == "websocket.accept"
            await send(message)

        try:
            await scope[_TARGET](scope, receive, sending)
        except Exception as error:
            handler = self._handlers.find(error)
            if handler is None:
                raise
            await _answer(handler, error, is_accepted, (scope, receive, send))


async def _answer(
    handler: Callable[[Any, Any], Any], error: Exception, is_accepted: bool, connection: Any
) -> None:
    from fasterapi.websockets import WebSocket

    result = handler(WebSocket(*connection), error)
    if inspect.isawaitable(result):
        result = await result
    if result is None:
        return
    if is_accepted:
        raise error  # too late for an answer of HTTP
    response = result if hasattr(result, "raw_headers") else to_response(result)
    await response(*connection)


async def _close_as_told(websocket: Any, error: WebSocketException) -> None:
    await websocket.close(code=error.code, reason=error.reason)


async def _close_as_invalid(websocket: Any, error: WebSocketRequestValidationError) -> None:
    reason = _json.dumps([_shown(entry) for entry in error.errors()])
    text = reason.decode() if isinstance(reason, bytes) else reason
    await websocket.close(code=_INVALID, reason=text)


def _shown(entry: Dict[str, Any]) -> Dict[str, Any]:
    from fasterapi._errors import plain

    return plain(entry)


_DEFAULTS: Dict[Any, Callable[..., Any]] = {
    WebSocketException: _close_as_told,
    WebSocketRequestValidationError: _close_as_invalid,
}
