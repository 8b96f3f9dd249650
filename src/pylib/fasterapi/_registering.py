"""How functions come to paths: the decorators that App and APIRouter share."""

import contextlib
import os
from typing import (
    TYPE_CHECKING,
    Any,
    Callable,
    Dict,
    Iterable,
    Iterator,
    List,
    Optional,
    Tuple,
    Type,
    TypeVar,
    Union,
)

from fasterapi import _binding, _pattern
from fasterapi._api_route import METHODS, APIRoute
from fasterapi._batching import batch_handler
from fasterapi._lifespan import Lifespan, LifespanEvents
from fasterapi._mounts import Mount, MountingRoutes
from fasterapi._route_options import RouteOptions, check_options
from fasterapi._signature import kind_of, refuse_fastapi
from fasterapi._urls import NoMatchFound, URLPath
from fasterapi._websocket_registering import WebSocketRoutes, is_websocket
from fasterapi.cpp_handlers import CppHandler
from fasterapi.exceptions import FasterAPIError
from fasterapi.requests import Request
from fasterapi.responses import Response

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from fasterapi._keywords import RouteKeywords

Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])
Handler = TypeVar("Handler", bound=Callable[[], Any])


class Included:
    """A router inside of another one or an app: its routes behind a prefix, those that it gets
    later too."""

    def __init__(self, router: "Routes", prefix: str, outer: RouteOptions) -> None:
        self.router = router
        self.prefix = prefix
        self.outer = outer
        self._made: Dict[int, Tuple[APIRoute, RouteOptions, APIRoute]] = {}
        self._mounts: Dict[int, Tuple[Mount, Mount]] = {}

    def all_routes(self) -> Iterator[Any]:
        """Each route as it is served, WebSockets' as well."""
        return self._served(flat(self.router.routes))

    def all_frontends(self) -> Iterator[APIRoute]:
        """Those of its front ends."""
        return self._served(self.router.all_frontends())

    def all_mounts(self) -> Iterator[Mount]:
        """What is mounted in it."""
        for mount in self.router.all_mounts():
            if id(mount) not in self._mounts:
                self._mounts[id(mount)] = mount, mount.under(self.prefix, self.outer)
            yield self._mounts[id(mount)][1]

    effective_route_contexts = all_routes  # as FastAPI's has it, for who names routes in metrics

    def matches(self, scope: Dict[str, Any]) -> Tuple[Any, Dict[str, Any]]:
        """As that of APIRoute, of the first of them that takes it."""
        from fasterapi._route_matches import of_all  # only where it is asked for

        return of_all((*self.all_routes(), *self.all_mounts()), scope)

    def _served(self, routes: Iterable[Any]) -> Iterator[Any]:
        for route in routes:
            known = self._made.get(id(route))
            if known is None or known[1] is not route.options:  # options may be set afterwards
                made = route.under(self.prefix, self.outer)
                known = self._made[id(route)] = (route, route.options, made)
            yield known[2]


class Routes(WebSocketRoutes, MountingRoutes):
    """What App and APIRouter share. ``defaults`` hold for each route; ``routes`` has an Included
    for each router."""

    routes: List[Any]
    prefix: str
    defaults: RouteOptions
    route_class: Type[APIRoute] = APIRoute
    events: LifespanEvents
    frontends: List[APIRoute]

    batch_handler = staticmethod(batch_handler)

    def register_cpp_handler(
        self, method: str, path: str, handler: Union[CppHandler, Callable[[Any, Any], Any]]
    ) -> None:
        """Has the server answer without Python: by a compiled CppHandler, or by what a function
        ``(req, res)`` puts together of constants and values of the request, found out by calls
        now, and many to check it. TraceError where the function does more than that. Middleware
        does not see these requests, and dependencies of the app or router are a TypeError."""
        whole = self.prefix + path
        options = RouteOptions(name=path, include_in_schema=False).under(self.defaults)
        native = handler.name if isinstance(handler, CppHandler) else ""
        route = APIRoute(whole, handler, methods=(method,), options=options, native=native)
        if not native:
            route.trace()
        self.routes.append(route)

    def add_api_route(
        self,
        path: str,
        endpoint: Callable[..., Any],
        *,
        methods: Optional[Iterable[str]] = None,
        route_class_override: Optional[Type[APIRoute]] = None,
        **options: "Unpack[RouteKeywords]",
    ) -> None:
        """Registers a handler; options are those of RouteOptions. TypeError where its signature
        does not suit, ValueError where the path does not, both with the handler's place."""
        check_options(options, path)
        said = vars(RouteOptions(**options).under(self.defaults))
        route_class = route_class_override or self.route_class
        route = route_class(self.prefix + path, endpoint, methods=methods or ("GET",), **said)
        self.check(route)
        self.routes.append(route)

    def check(self, route: APIRoute) -> None:
        """Refuses what can never be served; a router may be one of callbacks, and takes all."""

    def add_route(
        self,
        path: str,
        endpoint: Callable[[Any], Any],
        methods: Optional[Iterable[str]] = None,
        name: Optional[str] = None,
        include_in_schema: bool = False,
    ) -> None:
        """Registers a function of a request that gives a response, as Starlette's routes have."""

        def answer(request: Request) -> Any:
            return endpoint(request)

        async def answer_async(request: Request) -> Any:
            return await endpoint(request)

        self.add_api_route(
            path,
            answer_async if kind_of(endpoint) == "coroutine" else answer,
            methods=methods,
            name=name or getattr(endpoint, "__name__", None),
            include_in_schema=include_in_schema,
            response_model=None,
        )

    def api_route(
        self,
        path: str,
        *,
        methods: Optional[Iterable[str]] = None,
        **options: "Unpack[RouteKeywords]",
    ) -> Callable[[Endpoint], Endpoint]:
        """Decorator: the function serves these methods (GET unless given) of the path."""

        def register(endpoint: Endpoint) -> Endpoint:
            self.add_api_route(path, endpoint, methods=methods, **options)
            return endpoint

        return register

    route = api_route

    def get(self, path: str, **options: "Unpack[RouteKeywords]") -> Callable[[Endpoint], Endpoint]:
        """Decorator for GET, which HEAD follows. Options are those of api_route."""
        return self.api_route(path, methods=("GET",), **options)

    def post(self, path: str, **options: "Unpack[RouteKeywords]") -> Callable[[Endpoint], Endpoint]:
        """Decorator for POST. Options are those of api_route."""
        return self.api_route(path, methods=("POST",), **options)

    def put(self, path: str, **options: "Unpack[RouteKeywords]") -> Callable[[Endpoint], Endpoint]:
        """Decorator for PUT. Options are those of api_route."""
        return self.api_route(path, methods=("PUT",), **options)

    def patch(
        self, path: str, **options: "Unpack[RouteKeywords]"
    ) -> Callable[[Endpoint], Endpoint]:
        """Decorator for PATCH. Options are those of api_route."""
        return self.api_route(path, methods=("PATCH",), **options)

    def delete(
        self, path: str, **options: "Unpack[RouteKeywords]"
    ) -> Callable[[Endpoint], Endpoint]:
        """Decorator for DELETE. Options are those of api_route."""
        return self.api_route(path, methods=("DELETE",), **options)

    def head(self, path: str, **options: "Unpack[RouteKeywords]") -> Callable[[Endpoint], Endpoint]:
        """Decorator for HEAD. Options are those of api_route."""
        return self.api_route(path, methods=("HEAD",), **options)

    def options(
        self, path: str, **options: "Unpack[RouteKeywords]"
    ) -> Callable[[Endpoint], Endpoint]:
        """Decorator for OPTIONS, in place of the automatic answer. Options are those of
        api_route."""
        return self.api_route(path, methods=("OPTIONS",), **options)

    def trace(
        self, path: str, **options: "Unpack[RouteKeywords]"
    ) -> Callable[[Endpoint], Endpoint]:
        """Decorator for TRACE. Options are those of api_route."""
        return self.api_route(path, methods=("TRACE",), **options)

    def include_router(
        self,
        router: "Routes",
        *,
        prefix: str = "",
        default_response_class: Optional[Type[Response]] = None,
        **options: "Unpack[RouteKeywords]",
    ) -> None:
        """Adds the routes of a router behind a prefix, also those that it gets later, and its
        startup and shutdown; options are those of RouteOptions and hold for all of them."""
        check_prefix(prefix)
        refuse_fastapi(router, f"include_router(prefix={prefix!r})")
        if router is self or router.contains(self):
            what = "the same APIRouter instance into itself"
            if router is not self:
                what = "an APIRouter instance that already includes this router"
            raise AssertionError(
                f"Cannot include {what}. Did you mean to include a different router?"
            )
        if not prefix:
            empty = next((route for route in router.all_routes() if not route.path), None)
            if empty is not None:
                raise FasterAPIError(
                    f"Prefix and path cannot be both empty (path operation: {empty.name})"
                )
        check_options(options, f"include_router(prefix={prefix!r})")
        options.setdefault("response_class", default_response_class)
        said = RouteOptions(**options)
        included = Included(router, self.prefix + prefix, said.under(self.defaults))
        for route in included.all_routes():
            if not is_websocket(route):
                self.check(route)
        self.routes.append(included)
        self.events.include(router.events)

    def frontend(
        self,
        path: str,
        *,
        directory: Union[str, "os.PathLike[str]"],
        fallback: Optional[str] = "auto",
        check_dir: Union[bool, str] = "auto",
    ) -> None:
        """Serves a folder below a path, where no route is: a front end with routes of its own in
        the browser. ``fallback`` is what answers where there is no file: "index.html", "404.html",
        "auto" for the one that is there, None. Dependencies of the router and app run."""
        from fasterapi import _frontend  # needs Starlette

        is_checked = _frontend.check_of(directory, check_dir)
        frontend = _frontend.Frontend(directory, fallback, is_checked)
        place = self.prefix + _frontend.place_of(path)
        options = RouteOptions(include_in_schema=False, response_model=None).under(self.defaults)
        for pattern in dict.fromkeys((place, place + "/{path:path}")):
            if pattern:
                endpoint = _frontend.endpoint_of(frontend)
                made = APIRoute(pattern, endpoint, methods=METHODS, options=options)
                self.frontends.append(made)

    def all_frontends(self) -> Iterator[APIRoute]:
        """The routes of its front ends and of its routers', of several at a path the first."""
        yield from self.frontends
        for each in self.routes:
            if isinstance(each, Included):
                yield from each.all_frontends()

    def contains(self, router: "Routes") -> bool:
        """Whether it includes that router, in whatever depth."""
        inner = [each.router for each in self.routes if isinstance(each, Included)]
        return any(each is router or each.contains(router) for each in inner)

    def all_routes(self) -> Iterator[APIRoute]:
        """Its routes and those of its routers, as they are served; WebSockets' are apart."""
        return (route for route in flat(self.routes) if not is_websocket(route))

    def on_event(self, event_type: str) -> Callable[[Handler], Handler]:
        """Decorator: the function runs at "startup", before the first request, or at "shutdown"."""

        def register(handler: Handler) -> Handler:
            self.add_event_handler(event_type, handler)
            return handler

        return register

    def add_event_handler(self, event_type: str, func: Callable[[], Any]) -> None:
        """As on_event, which is its decorator."""
        self.events.add(event_type, func)

    @property
    def lifespan_context(self) -> Lifespan:
        """Startup and shutdown as an async context manager of the app; another one may be put in
        its place, which may enter this one."""
        return self.events.run

    @lifespan_context.setter
    def lifespan_context(self, lifespan: Lifespan) -> None:
        self.events = LifespanEvents(lifespan=lifespan)

    def url_path_for(self, name: str, /, **path_params: Any) -> URLPath:
        """The path of the route or mount of that name with its parameters filled in. NoMatchFound
        where there is none with these parameters."""
        for route in flat(self.routes):
            if route.name == name and route.path_names.keys() == path_params.keys():
                kind = "websocket" if is_websocket(route) else "http"
                return URLPath(_pattern.fill(route.path, path_params), kind)
        for mount in self.all_mounts():
            with contextlib.suppress(NoMatchFound):
                return URLPath(mount.url_path_for(name, path_params), "http")
        raise NoMatchFound(name, path_params)


class RouteContext:
    """A route as it is served, with the one that was registered; has its attributes."""

    def __init__(self, route: APIRoute) -> None:
        self._route = route
        self.route = self.original_route = route.original_route

    def __getattr__(self, name: str) -> Any:
        return getattr(self._route, name)


def flat(routes: Iterable[Any]) -> Iterator[Any]:
    """Routes, with those of the routers among them."""
    for route in routes:
        if isinstance(route, Included):
            yield from route.all_routes()
        else:
            yield route


def iter_route_contexts(routes: Iterable[Any]) -> Iterator[RouteContext]:
    """Each route of ``app.routes`` or ``router.routes`` and the routers among them."""
    for route in flat(routes):
        yield route if isinstance(route, RouteContext) else RouteContext(route)


def check_prefix(prefix: str) -> None:
    """ValueError for a prefix that paths cannot have."""
    if prefix and (not prefix.startswith("/") or prefix.endswith("/")):
        raise ValueError(f'prefix {prefix!r} must start with "/" and not end with it')
