"""The application."""

from typing import (
    TYPE_CHECKING,
    Any,
    Callable,
    Dict,
    Iterable,
    List,
    Mapping,
    Optional,
    Sequence,
    Tuple,
    Type,
    TypeVar,
    Union,
    overload,
)

from fasterapi import _call, _run, _telemetry
from fasterapi._behind import behind
from fasterapi._docs import own_routes
from fasterapi._layers import Middleware, compile_layered
from fasterapi._lifespan import Lifespan, LifespanEvents, RunningLifespan
from fasterapi._matching import Match, RouteTable
from fasterapi._mounts import Mount
from fasterapi._registering import flat
from fasterapi._route_options import RouteOptions
from fasterapi._spelling import refuse_misspelled
from fasterapi._websocket_registering import websockets_of
from fasterapi._websockets import WebSockets
from fasterapi.datastructures import State
from fasterapi.middleware.base import from_function
from fasterapi.params import Depends
from fasterapi.requests import set_root_path
from fasterapi.responses import Response
from fasterapi.routing import APIRoute, APIRouter, CompiledRoute, Routes

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from fasterapi._keywords import AppKeywords
    from fasterapi.telemetry import TelemetryConfig

Function = TypeVar("Function", bound=Callable[..., Any])


class App(Routes):
    """A web application: routes, startup and shutdown, and a ``state`` for what they share.

    Each worker of the server has an interpreter of its own, and so an app and a state of its
    own. ``lifespan`` is an async context manager on the app, as FastAPI's; where it is given,
    on_event handlers do not run. ``dependency_overrides`` puts callables in the place of
    dependencies, for tests. ``telemetry`` has settings for OpenTelemetry (fasterapi.telemetry);
    its global providers are used in any case. ``docs_url`` and ``redoc_url`` are pages of the
    OpenAPI document, to try and to read; None for no page. Other keywords are kept in ``extra``,
    as in FastAPI, unless they look like one of these.
    """

    def __init__(
        self,
        *,
        telemetry: "Optional[TelemetryConfig]" = None,
        debug: bool = False,
        title: str = "FasterAPI",
        summary: Optional[str] = None,
        description: str = "",
        version: str = "0.1.0",
        routes: Optional[Sequence[Any]] = None,
        openapi_tags: Optional[List[Dict[str, Any]]] = None,
        servers: Optional[List[Dict[str, Any]]] = None,
        terms_of_service: Optional[str] = None,
        contact: Optional[Dict[str, Any]] = None,
        license_info: Optional[Dict[str, Any]] = None,
        openapi_external_docs: Optional[Dict[str, Any]] = None,
        separate_input_output_schemas: bool = True,
        root_path: str = "",
        root_path_in_servers: bool = True,
        callbacks: Optional[Sequence[Any]] = None,
        webhooks: Optional[APIRouter] = None,
        generate_unique_id_function: Optional[Callable[[Any], str]] = None,
        swagger_ui_oauth2_redirect_url: Optional[str] = "/docs/oauth2-redirect",
        swagger_ui_init_oauth: Optional[Dict[str, Any]] = None,
        swagger_ui_parameters: Optional[Dict[str, Any]] = None,
        max_body_size: Optional[int] = None,
        form_limits: Optional[Mapping[str, int]] = None,
        lifespan: Optional[Lifespan] = None,
        on_startup: Optional[Sequence[Callable[[], Any]]] = None,
        on_shutdown: Optional[Sequence[Callable[[], Any]]] = None,
        redirect_slashes: bool = True,
        default_response_class: Optional[Type[Response]] = None,
        dependencies: Sequence[Depends] = (),
        responses: Optional[Mapping[Union[int, str], Dict[str, Any]]] = None,
        deprecated: Optional[bool] = None,
        include_in_schema: bool = True,
        strict_content_type: bool = True,
        openapi_url: Optional[str] = "/openapi.json",
        docs_url: Optional[str] = "/docs",
        redoc_url: Optional[str] = "/redoc",
        exception_handlers: Optional[Mapping[Any, Callable[..., Any]]] = None,
        middleware: Sequence[Middleware] = (),
        **extra: "Unpack[AppKeywords]",
    ) -> None:
        if extra:
            refuse_misspelled(extra, App.__init__.__kwdefaults__ or (), "App()")
        self._telemetry = _telemetry.config_of(telemetry)
        self._native_telemetry: Any = None
        self.debug = debug
        self.title = title
        self.summary = summary
        self.description = description
        self.version = version
        self.openapi_version = "3.1.0"
        self.openapi_tags = openapi_tags
        self.servers = servers or []
        self.terms_of_service = terms_of_service
        self.contact = contact
        self.license_info = license_info
        self.openapi_external_docs = openapi_external_docs
        self.separate_input_output_schemas = separate_input_output_schemas
        self.root_path = root_path
        self.root_path_in_servers = root_path_in_servers
        self.webhooks = webhooks or APIRouter()
        self.swagger_ui_oauth2_redirect_url = swagger_ui_oauth2_redirect_url
        self.swagger_ui_init_oauth = swagger_ui_init_oauth
        self.swagger_ui_parameters = swagger_ui_parameters
        self.redirect_slashes = redirect_slashes
        self.prefix = ""
        self.defaults = RouteOptions(
            response_class=default_response_class,
            dependencies=dependencies,
            responses=responses,
            deprecated=deprecated,
            include_in_schema=include_in_schema,
            strict_content_type=strict_content_type,
            callbacks=callbacks,
            generate_unique_id_function=generate_unique_id_function,
            max_body_size=max_body_size,
            form_limits=form_limits,
        )
        self.dependency_overrides: Dict[Callable[..., Any], Callable[..., Any]] = {}
        self.exception_handlers: Dict[Any, Callable[..., Any]] = dict(exception_handlers or {})
        self.user_middleware: List[Middleware] = [Middleware.of(each) for each in middleware or ()]
        self.openapi_url = openapi_url
        self.docs_url = docs_url
        self.redoc_url = redoc_url
        self.openapi_schema: Optional[Dict[str, Any]] = None
        self._made_schema: Optional[Dict[str, Any]] = None
        self._described: List[RouteOptions] = []  # what it was made of
        self.extra: Dict[str, Any] = {**extra}
        self.routes: List[Any] = list(routes or ())
        self.mounts: List[Mount] = []
        self.state = State()
        self._made_websockets: Optional[Tuple[Any, WebSockets]] = None
        self._compiled: Dict[bool, Tuple[Any, Tuple[List[CompiledRoute], RouteTable]]] = {}
        self._own_table: Optional[Tuple[Any, RouteTable]] = None  # without front ends
        self.frontends: List[APIRoute] = []
        self.events = LifespanEvents(on_startup, on_shutdown, lifespan)
        self._running = RunningLifespan(self, lambda app: self.events.run(app))

    @property
    def router(self) -> "App":
        """The app itself, which has the routes."""
        return self

    def check(self, route: APIRoute) -> None:
        """Refuses what can never be served."""
        if route._path_error is not None:
            raise route._path_error

    def exception_handler(self, exc_class_or_status_code: Any) -> Callable[[Function], Function]:
        """Decorator: the function of a request and an exception answers exceptions of that class,
        or HTTPExceptions of that status. It may be async."""

        def register(handler: Function) -> Function:
            self.add_exception_handler(exc_class_or_status_code, handler)
            return handler

        return register

    def add_exception_handler(
        self, exc_class_or_status_code: Any, handler: Callable[..., Any]
    ) -> None:
        """As exception_handler, which is its decorator."""
        self.exception_handlers[exc_class_or_status_code] = handler

    def add_middleware(
        self, middleware_class: Callable[..., Any], *args: Any, **options: Any
    ) -> None:
        """Puts ``middleware_class(next, *args, **options)`` around the app and all its
        middleware."""
        self.user_middleware.insert(0, Middleware(middleware_class, *args, **options))

    @overload
    def middleware(self, middleware_type: str = "http") -> Callable[[Function], Function]: ...

    @overload
    def middleware(self, middleware_type: Function) -> Function: ...

    def middleware(self, middleware_type: Any = "http") -> Any:
        """Decorator for a function around all requests: ``@app.middleware("http")`` over ``async
        def f(request, call_next)``, or ``@app.middleware`` over ``async def f(req, res)`` that
        calls ``await next()``."""
        if callable(middleware_type):
            return self._add_function(middleware_type, True)
        if middleware_type != "http":
            raise ValueError(f"middleware is of kind 'http', not {middleware_type!r}")
        return lambda function: self._add_function(function, False)

    def _add_function(self, function: Function, is_plain: bool) -> Function:
        cls, options = from_function(function, is_plain)
        self.add_middleware(cls, **options)
        return function

    def openapi(self) -> Dict[str, Any]:
        """The app's OpenAPI document, made again where its routes have changed, unless
        ``openapi_schema`` was set; served at ``openapi_url``, None for nowhere."""
        routes = [*self.all_routes(), *self.webhooks.all_routes()]
        options = [route.options for route in routes]
        is_ours = self.openapi_schema is self._made_schema
        if self.openapi_schema is None or (is_ours and self._described != options):
            from fasterapi._openapi import document  # only where it is asked for

            self._described = options
            self.openapi_schema = self._made_schema = document(self)
        return self.openapi_schema

    def run(
        self,
        host: Optional[str] = None,
        port: Optional[int] = None,
        workers: Optional[int] = None,
        reload: bool = False,
        **config: Any,
    ) -> None:
        """Serves this app, by becoming ``fasterapi-server``, or ``fasterapi-server dev`` with
        ``reload``. Call it last in the module that is run.

        Keywords are keys of the configuration (``log_level="debug"``, ``listen_unix_socket=...``);
        a FASTERAPI_ variable of the environment wins over the argument."""
        _run.run(self, {"host": host, "port": port, "workers": workers, **config}, reload)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """This app as an ASGI application; fasterapi-server does not come this way."""
        from fasterapi import _asgi

        await _asgi.serve(self, scope, receive, send)

    def _compile_routes(self) -> List[CompiledRoute]:
        native = _telemetry.for_server(self)
        if native is None:
            return [*self._compile_http(None), *self._websockets().compile(lambda inner: inner)]
        made = _telemetry.routes()
        http = [made.observing(native, route) for route in self._compile_http(made, True)]
        return [*http, *self._websockets().compile(native.around)]

    def _compile_http(self, observed: Any, is_awaited: bool = False) -> List[CompiledRoute]:
        routes: List[Any] = [*self.all_routes(), *own_routes(self), *self.all_mounts()]
        routes = behind(routes, self.all_frontends())
        if self.exception_handlers or self.user_middleware or observed is not None:
            return compile_layered(self, routes, self.user_middleware, is_awaited, observed)
        return [route.compile(self) for route in routes]

    def _websockets(self) -> WebSockets:
        """Those of the app, made again where something was added."""
        routes: List[Any] = websockets_of(flat(self.routes))
        routes += [mount.websockets for mount in self.all_mounts() if mount.websockets is not None]
        parts = (routes, self.user_middleware, self.exception_handlers.values())
        key = tuple(tuple(map(id, part)) for part in parts)
        if self._made_websockets is None or self._made_websockets[0] != key:
            made = WebSockets(self, routes, self.user_middleware)
            self._made_websockets = key, made
        return self._made_websockets[1]

    def _match_routes(self, method: str, path: str) -> Match:
        """What a path is beside the front ends."""
        key = self._routes_key()
        if self._own_table is None or self._own_table[0] != key:
            routes: List[Any] = [*self.all_routes(), *own_routes(self), *self.all_mounts()]
            compiled = [route.compile(self) for route in routes]
            places = [(route.methods, route.path, route.origin) for route in compiled]
            self._own_table = key, RouteTable(places, self.redirect_slashes)
        return self._own_table[1].find(method, path)

    def _route_of(self, request: Any) -> Optional[APIRoute]:
        """The route that a request belongs to, None for a mount's."""
        match = self._match_routes(request.method, request.path)
        routes = list(self.all_routes())
        return routes[match.route].original_route if 0 <= match.route < len(routes) else None

    def _routes_key(self) -> Tuple[Any, ...]:
        parts: Tuple[Iterable[Any], ...] = (
            self.all_routes(),
            self.all_frontends(),
            self.all_mounts(),
            self.user_middleware,
            self.exception_handlers.values(),
        )
        return tuple(tuple(map(id, part)) for part in parts)

    def _served(self) -> Tuple[List[CompiledRoute], RouteTable]:
        """The routes and their table, made again where something was added."""
        key, is_observed = self._routes_key(), _telemetry.is_observed()
        known = self._compiled.get(is_observed)
        if known is None or known[0] != key:
            made = _telemetry.routes() if is_observed else None
            routes = [route.gathered() for route in self._compile_http(made)]
            places = [(route.methods, route.path, route.origin) for route in routes]
            table = RouteTable(places, self.redirect_slashes)
            known = self._compiled[is_observed] = key, (routes, table)
        return known[1]

    async def _startup(self) -> None:
        if self.root_path:
            set_root_path(self.root_path)
        async with _telemetry.starting(self._telemetry):
            await self._running.start()

    async def _shutdown(self) -> None:
        async with _telemetry.stopping():
            await self._running.stop()

    def _call(
        self,
        method: str,
        path: str,
        query: str = "",
        headers: Sequence[Tuple[str, str]] = (),
        body: bytes = b"",
    ) -> _call.Answer:
        """Answers one request in Python, without the server. Must not be called from a running
        loop."""
        return _call.call(self, method, path, query, headers, body)


FastAPI = App
