"""The decorators for WebSockets that App and APIRouter share."""

from typing import Any, Callable, Iterator, List, Optional, Sequence, TypeVar

from fasterapi._route_options import RouteOptions
from fasterapi._websocket_route import APIWebSocketRoute
from fasterapi.params import Depends

Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])


class WebSocketRoutes:
    """A part of Routes."""

    routes: List[Any]
    prefix: str
    defaults: RouteOptions

    def websocket(
        self,
        path: str,
        name: Optional[str] = None,
        *,
        dependencies: Optional[Sequence[Depends]] = None,
    ) -> Callable[[Endpoint], Endpoint]:
        """Decorator: the ``async def`` has the WebSockets of the path, each for as long as it runs.
        It takes what other handlers take, but a body; a parameter annotated ``WebSocket`` is the
        connection."""

        def register(endpoint: Endpoint) -> Endpoint:
            self.add_api_websocket_route(path, endpoint, name, dependencies=dependencies)
            return endpoint

        return register

    def add_api_websocket_route(
        self,
        path: str,
        endpoint: Callable[..., Any],
        name: Optional[str] = None,
        *,
        dependencies: Optional[Sequence[Depends]] = None,
    ) -> None:
        """As websocket, which is its decorator."""
        options = RouteOptions(dependencies=dependencies or ()).under(self.defaults)
        route = APIWebSocketRoute(self.prefix + path, endpoint, name=name, options=options)
        self.routes.append(route)

    def websocket_route(
        self, path: str, name: Optional[str] = None
    ) -> Callable[[Endpoint], Endpoint]:
        """Decorator as Starlette's: the function takes the connection and nothing else."""

        def register(endpoint: Endpoint) -> Endpoint:
            self.add_websocket_route(path, endpoint, name)
            return endpoint

        return register

    def add_websocket_route(
        self, path: str, route: Callable[..., Any], name: Optional[str] = None
    ) -> None:
        """As websocket_route, which is its decorator."""
        made = APIWebSocketRoute(self.prefix + path, route, name=name, is_plain=True)
        self.routes.append(made)


def is_websocket(route: Any) -> bool:
    """Whether it is a route of WebSockets."""
    return isinstance(route, APIWebSocketRoute)


def websockets_of(routes: Iterator[Any]) -> List[APIWebSocketRoute]:
    """Those among the routes."""
    return [route for route in routes if is_websocket(route)]
