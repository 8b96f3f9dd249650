"""Which route a request belongs to, as a template of its path; and the routes of an observed app
for the server."""

from typing import Any, Callable, Sequence

from fasterapi import _pattern
from fasterapi._asgi_layer import AsgiLayer
from fasterapi._endpoint import Endpoint
from fasterapi._layers import settled
from fasterapi._matching import Match, RouteTable
from fasterapi._mounts import Mount
from fasterapi._results import Shape
from fasterapi._solve import Program
from fasterapi.responses import Response
from fasterapi.routing import CompiledRoute
from fasterapi.telemetry import _events
from fasterapi.telemetry._asgi import NativeTelemetry
from fasterapi.telemetry._observed import Observed, current
from fasterapi.telemetry._operations import ObservedEndpoint


def endpoint_of(program: Program, shape: Shape, is_awaited: bool) -> Endpoint:
    """A general route's endpoint; what the package answers itself, as its pages, is no operation of
    the app."""
    is_own = getattr(program.of.call, "__module__", "").startswith("fasterapi.")
    return (Endpoint if is_own else ObservedEndpoint)(program, shape, is_awaited)


def selecting(route: Any, compiled: CompiledRoute) -> CompiledRoute:
    """The route, which says that it was found when it is called."""
    call = compiled.endpoint
    say = _say(route)

    def run(request: Any) -> Any:
        observed = current()
        if observed is not None:
            say(observed)
        return call(request)

    return compiled._replace(endpoint=run)


def _say(route: Any) -> Callable[[Observed], None]:
    path = _pattern.path_format(route.path)
    if isinstance(route, Mount):
        return lambda observed: observed.descend(path)
    return lambda observed: observed.select(path)


def refused(routes: Sequence[CompiledRoute], table: RouteTable, path: str, match: Match) -> None:
    """What no route takes, where the path is one's in another method, or but for a slash."""
    observed = current()
    if observed is None:
        return
    at = table.route_at(match.location or path) if match.location or match.allow else -1
    if at >= 0:
        observed.select(_pattern.path_format(routes[at].path))


def note(error: BaseException) -> None:
    """An exception that is on its way out of the app; finds no handler for it."""
    observed = current()
    if observed is not None and _events.status_of(error) == 500:
        _events.unhandled(observed, error, False)


def observing(native: NativeTelemetry, route: CompiledRoute) -> CompiledRoute:
    """A route as the server calls it, with an observation around each request."""
    call = route.endpoint

    async def run(request: Any) -> Response:
        result = call(request)
        return await settled(await result if hasattr(result, "__await__") else result, request)

    layer = AsgiLayer(native.around, run)
    return route._replace(endpoint=layer.__call__, is_coroutine=True)
