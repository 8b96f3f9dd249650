"""Routers, and routes as FastAPI names them."""

from typing import TYPE_CHECKING, Any, Callable, List, Optional, Sequence, Type

from fasterapi._api_route import METHODS, APIRoute, CompiledRoute
from fasterapi._lifespan import Lifespan, LifespanEvents
from fasterapi._mounts import Mount
from fasterapi._registering import (
    Included,
    RouteContext,
    Routes,
    check_prefix,
    iter_route_contexts,
)
from fasterapi._route_options import RouteOptions, check_options
from fasterapi._urls import NoMatchFound
from fasterapi._websocket_route import APIWebSocketRoute
from fasterapi.responses import Response

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from fasterapi._keywords import RouteKeywords

__all__ = [
    "METHODS",
    "APIRoute",
    "APIRouter",
    "APIWebSocketRoute",
    "CompiledRoute",
    "Included",
    "Mount",
    "NoMatchFound",
    "RouteContext",
    "Routes",
    "iter_route_contexts",
]


class APIRouter(Routes):
    """Routes to be included in an app or another router. Options are those of RouteOptions and
    hold for all routes that are added. ``route_class`` makes them; startup and shutdown run with
    those of the app."""

    def __init__(
        self,
        *,
        prefix: str = "",
        default_response_class: Optional[Type[Response]] = None,
        routes: Optional[Sequence[Any]] = None,
        route_class: Type[APIRoute] = APIRoute,
        on_startup: Optional[Sequence[Callable[[], Any]]] = None,
        on_shutdown: Optional[Sequence[Callable[[], Any]]] = None,
        lifespan: Optional[Lifespan] = None,
        redirect_slashes: bool = True,
        default: None = None,
        dependency_overrides_provider: Any = None,
        **options: "Unpack[RouteKeywords]",
    ) -> None:
        check_prefix(prefix)
        check_options(options, f"APIRouter(prefix={prefix!r})")
        options.setdefault("response_class", default_response_class)
        self.prefix = prefix
        self.defaults = RouteOptions(**options)
        self.route_class = route_class
        self.routes: List[Any] = list(routes or ())
        self.frontends: List[APIRoute] = []
        self.mounts: List[Mount] = []
        self.redirect_slashes = redirect_slashes
        self.events = LifespanEvents(on_startup, on_shutdown, lifespan)

    def __getattr__(self, name: str) -> Any:
        if name in vars(self.__dict__.get("defaults", ())):
            return getattr(self.defaults, name)
        raise AttributeError(f"{type(self).__name__} has no attribute {name!r}")
