"""An app as an ASGI 3 application: under any ASGI server, and for clients that speak ASGI.

fasterapi-server does not come this way."""

import functools
from typing import Any, Awaitable, Callable, Dict, List, Optional

from fasterapi import _call, _sent, _telemetry
from fasterapi._asgi_layer import send_response
from fasterapi._asgi_scope import AsgiRequest, read_body
from fasterapi._batching import find_batch

Receive = Callable[[], Awaitable[Dict[str, Any]]]
Send = Callable[[Dict[str, Any]], Awaitable[None]]


async def serve(app: Any, scope: Dict[str, Any], receive: Receive, send: Send) -> None:
    """One request, or the lifespan. What the app does not catch is raised after its 500."""
    if scope["type"] == "lifespan":
        await _live(app, scope, receive, send)
    elif scope["type"] in ("http", "websocket"):
        await _observed(app, scope, receive, send)
    else:
        raise NotImplementedError(f"{scope['type']} is nothing that an app serves")


async def _observed(app: Any, scope: Dict[str, Any], receive: Receive, send: Send) -> None:
    if app.root_path and scope["type"] == "http":
        scope["root_path"] = app.root_path
    target = functools.partial(_answer if scope["type"] == "http" else _connect, app)
    native = None if _telemetry.SCOPE_KEY in scope else _telemetry.active(app)
    if native is None:
        return await target(scope, receive, send)
    others = native.is_observed_by_others(app)
    await native(app=target, scope=scope, receive=receive, send=send, legacy_otel=others)


async def _connect(app: Any, scope: Dict[str, Any], receive: Receive, send: Send) -> None:
    scope.setdefault("app", app)
    await app._websockets().serve(scope, receive, send)


async def _answer(app: Any, scope: Dict[str, Any], receive: Receive, send: Send) -> None:
    scope["app"] = app
    request = AsgiRequest(scope, b"")
    request._departure = functools.partial(_departure, receive)
    if _wants_body(app, request):
        request._body = await read_body(receive, lambda: _limit_of(app, request))
    errors: List[BaseException] = []
    following = request._following = []
    with _sent.gathered() as tasks:
        try:
            response = await _call.observed(app, request, errors.append)
            await send_response(response, scope, send)
            _call.finish(response)
        except BaseException as error:
            for work in following:
                await work(error)
            raise
        for work in following:
            await work()
    await _sent.done(tasks)
    if errors:
        raise errors[0]


async def _departure(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _wants_body(app: Any, request: AsgiRequest) -> bool:
    """Whether a body is asked for: not where none is announced and nothing could look at it."""
    if request.method not in ("GET", "HEAD") or app.user_middleware:
        return True
    if "content-length" in request.headers or "transfer-encoding" in request.headers:
        return True
    match = app._match_routes(request.method, request.path)
    if match.route < 0:  # a front end's, if anyone's
        return False
    route = _route_of(app, request)
    if route is None or route.options.max_body_size is not None or find_batch(route.endpoint):
        return True
    return bool(route.dependant.body_fields()) or route.dependant.takes("request")


def _limit_of(app: Any, request: AsgiRequest) -> Optional[int]:
    """How long the body may be for the route that the request belongs to; None where a mount or
    nothing takes it."""
    route = _route_of(app, request)
    limit: Optional[int] = None if route is None else route.options.max_body_size
    return limit


def _route_of(app: Any, request: AsgiRequest) -> Any:
    match = app._match_routes(request.method, request.path)
    routes = list(app.all_routes())
    return routes[match.route] if 0 <= match.route < len(routes) else None


async def _live(app: Any, scope: Dict[str, Any], receive: Receive, send: Send) -> None:
    await receive()
    try:
        await app._startup()
        scope.get("state", {}).update(app._running.yielded)
    except BaseException as error:
        await send({"type": "lifespan.startup.failed", "message": repr(error)})
        raise
    await send({"type": "lifespan.startup.complete"})
    await receive()
    try:
        await app._shutdown()
    except BaseException as error:
        await send({"type": "lifespan.shutdown.failed", "message": repr(error)})
        raise
    await send({"type": "lifespan.shutdown.complete"})
