"""Routes: how functions come to paths."""

from typing import (
    Any,
    Callable,
    Iterable,
    List,
    Mapping,
    NamedTuple,
    Optional,
    Tuple,
    Type,
    TypeVar,
    Union,
)

from fasterapi import _binding, _pattern, _signature
from fasterapi._batching import (
    Batch,
    BatchRoute,
    Gatherer,
    batch_handler,
    find_batch,
    item_endpoint,
)
from fasterapi._classify import is_subclass
from fasterapi._dependant import Dependant, analyze_handler
from fasterapi._general import REQUEST_ONLY, GeneralRoute
from fasterapi._mentions import mentions
from fasterapi._response_model import make_model
from fasterapi._results import Direct, Shape, shaped
from fasterapi._route_options import RouteOptions
from fasterapi._signature import EMPTY
from fasterapi._tracing import Program, trace
from fasterapi.cpp_handlers import CppHandler
from fasterapi.responses import FileResponse, JSONResponse, Response

Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")


class CompiledRoute(NamedTuple):
    """What the server gets of a route; see docs/boundary.md."""

    methods: Tuple[str, ...]
    path: str
    name: str
    origin: str
    endpoint: Callable[..., Any]
    plan: _binding.Plan
    is_coroutine: bool
    direct: Optional[Direct] = None  #: what the server calls instead of the endpoint
    #: or what it calls with a list of requests: that, how many at most, and after how many ms
    batch: Optional[Tuple[Callable[[List[Any]], List[Any]], int, float]] = None
    native: Optional[Union[str, Program]] = None  #: what serves it without Python


class APIRoute:
    """One path and its methods, with what its handler needs and gives. Made once, immutable.

    ``plan`` is the native binding plan, None for a general route; ``dependant`` is the tree of what
    a general route needs, also made for a native one when it is asked for (the OpenAPI document
    does). Options that only the document uses are attributes of their FastAPI names."""

    def __init__(
        self,
        path: str,
        endpoint: Callable[..., Any],
        *,
        methods: Iterable[str],
        options: Optional[RouteOptions] = None,
        native: Optional[Union[str, Program]] = None,
    ) -> None:
        if not callable(endpoint):
            raise TypeError(f"{path}: the handler is {endpoint!r}, which cannot be called")
        self.options = options or RouteOptions()
        self.native = native
        self.path = path
        self.endpoint = endpoint
        self.methods = _methods(methods, path)
        self.name = self.options.name or _name(endpoint)
        self.origin = _binding.origin_of(endpoint)
        where = _binding.name_of(endpoint)
        self.path_names = {p.name: p.kind for p in _pattern.parse(path)}
        is_batch = find_batch(endpoint) is not None
        self.plan = None if is_batch else self._native_plan()
        self.response_model = make_model(
            self.options.response_model, endpoint, self.options.dump_options(), where
        )
        self.shape = Shape(
            self.options.status_code,
            self.options.response_class or JSONResponse,
            self.response_model,
        )
        self._dependant: Optional[Dependant] = None
        if self.plan is None and not is_batch:
            self._check_path(where)

    @property
    def dependant(self) -> Dependant:
        """What the handler and its dependencies need."""
        if self._dependant is None:
            self._dependant = self.depend({})
        return self._dependant

    def depend(self, overrides: Mapping[Any, Callable[..., Any]]) -> Dependant:
        """The same with other callables in the place of some dependencies."""
        is_batch = find_batch(self.endpoint) is not None
        call = item_endpoint(self.endpoint) if is_batch else self.endpoint
        return analyze_handler(call, self.path_names, self.options.dependencies, overrides)

    def under(self, prefix: str, outer: RouteOptions) -> "APIRoute":
        """The same route behind a prefix, with what its router says added."""
        return APIRoute(
            prefix + self.path,
            self.endpoint,
            methods=self.methods,
            options=self.options.under(outer),
            native=self.native,
        )

    def compile(self, app: Any = None) -> CompiledRoute:
        """The tuple for the server."""
        if not self.path:
            raise ValueError(f"{self.name} ({self.origin}): path and prefix are both empty")
        batch = find_batch(self.endpoint)
        if batch is not None:
            return self._compile_batch(batch)
        if self.plan is None:
            general = self._general(app, False)
            return self._compiled(general.endpoint, REQUEST_ONLY, general.is_async)
        endpoint = _binding.positional(self.endpoint)
        is_coroutine = _signature.kind_of(self.endpoint) == "coroutine"
        if self.shape.is_plain:
            return self._compiled(endpoint, self.plan, is_coroutine)
        fills_in = any(parameter.source == "response" for parameter in self.plan)
        direct = None if fills_in else self.shape.direct(endpoint)
        endpoint = shaped(endpoint, is_coroutine, self.shape)
        return self._compiled(endpoint, self.plan, is_coroutine)._replace(direct=direct)

    def compile_general(self, app: Any, is_awaited: bool) -> CompiledRoute:
        """The same as a general route, part of one that may be awaited in any case, whose
        exceptions are answered elsewhere."""
        batch = find_batch(self.endpoint)
        if batch is not None:
            return self._compile_batch(batch)._replace(batch=None)
        general = self._general(app, is_awaited)
        return self._compiled(general.raw, REQUEST_ONLY, general.is_async)

    def _compile_batch(self, batch: Batch) -> CompiledRoute:
        if self.options.dependencies:
            raise TypeError(f"{self.name} ({self.origin}): a batch handler has no dependencies")
        model = None if self.options.response_model is EMPTY else self.response_model
        shape = Shape(self.options.status_code, self.shape.response_class, model)
        read = GeneralRoute(self.depend, Shape(), None, False, self._is_strict()).raw
        route = BatchRoute(self.endpoint, batch, read, shape)
        compiled = self._compiled(Gatherer(route).answer, REQUEST_ONLY, True)
        return compiled._replace(batch=(route.run, batch.max_batch_size, batch.max_delay_ms))

    def _general(self, app: Any, is_awaited: bool) -> GeneralRoute:
        return GeneralRoute(self.depend, self.shape, app, is_awaited, self._is_strict())

    def _is_strict(self) -> bool:
        return self.options.strict_content_type is not False

    def _compiled(
        self, endpoint: Callable[..., Any], plan: _binding.Plan, is_coroutine: bool
    ) -> CompiledRoute:
        path = _pattern.canonical(self.path)
        return CompiledRoute(
            self.methods,
            path,
            self.name,
            self.origin,
            endpoint,
            plan,
            is_coroutine,
            native=self.native,
        )

    def _native_plan(self) -> Optional[_binding.Plan]:
        if self.options.dependencies or self.options.strict_content_type is False:
            return None
        if is_subclass(self.options.response_class, FileResponse):
            return None
        if mentions(self.endpoint, FileResponse):
            return None  # its answer depends on the request's fields
        try:
            return _binding.make_plan(self.endpoint, self.path)
        except _binding.NotNative:
            return None

    def _check_path(self, where: str) -> None:
        if self.dependant.dependencies:
            return
        taken = {field.alias for field in self.dependant.fields if field.info.in_ == "path"}
        _binding.check_all_taken(
            _pattern.parse(self.path), taken, self.dependant.takes("request"), self.path, where
        )


class Routes:
    """The decorators that App and APIRouter share. ``defaults`` hold for each route."""

    routes: List[APIRoute]
    prefix: str
    defaults: RouteOptions

    batch_handler = staticmethod(batch_handler)

    def register_cpp_handler(
        self, method: str, path: str, handler: Union[CppHandler, Callable[[Any, Any], Any]]
    ) -> None:
        """Has the server answer without Python: by a compiled CppHandler, or by what a function
        ``(req, res)`` puts together of constants and values of the request, found out by one call
        now. TraceError where the function does more than that. Middleware does not see these
        requests."""
        native: Union[str, Program]
        if isinstance(handler, CppHandler):
            native = handler.name
        else:
            where = f"{method} {path} ({_binding.origin_of(handler)})"
            native = trace(handler, method, path, where)
        options = RouteOptions(name=path, include_in_schema=False).under(self.defaults)
        route = APIRoute(
            self.prefix + path, handler, methods=(method,), options=options, native=native
        )
        self.routes.append(route)

    def add_api_route(
        self,
        path: str,
        endpoint: Callable[..., Any],
        *,
        methods: Optional[Iterable[str]] = None,
        **options: Any,
    ) -> None:
        """Registers a handler; options are those of RouteOptions. TypeError where its signature
        does not suit, ValueError where the path does not, both with the handler's place."""
        self.routes.append(
            APIRoute(
                self.prefix + path,
                endpoint,
                methods=methods or ("GET",),
                options=RouteOptions(**options).under(self.defaults),
            )
        )

    def api_route(
        self, path: str, *, methods: Optional[Iterable[str]] = None, **options: Any
    ) -> Callable[[Endpoint], Endpoint]:
        """Decorator: the function serves these methods (GET unless given) of the path."""

        def register(endpoint: Endpoint) -> Endpoint:
            self.add_api_route(path, endpoint, methods=methods, **options)
            return endpoint

        return register

    route = api_route

    def get(self, path: str, **options: Any) -> Callable[[Endpoint], Endpoint]:
        """Decorator for GET, which HEAD follows. Options are those of api_route."""
        return self.api_route(path, methods=("GET",), **options)

    def post(self, path: str, **options: Any) -> Callable[[Endpoint], Endpoint]:
        """Decorator for POST. Options are those of api_route."""
        return self.api_route(path, methods=("POST",), **options)

    def put(self, path: str, **options: Any) -> Callable[[Endpoint], Endpoint]:
        """Decorator for PUT. Options are those of api_route."""
        return self.api_route(path, methods=("PUT",), **options)

    def patch(self, path: str, **options: Any) -> Callable[[Endpoint], Endpoint]:
        """Decorator for PATCH. Options are those of api_route."""
        return self.api_route(path, methods=("PATCH",), **options)

    def delete(self, path: str, **options: Any) -> Callable[[Endpoint], Endpoint]:
        """Decorator for DELETE. Options are those of api_route."""
        return self.api_route(path, methods=("DELETE",), **options)

    def head(self, path: str, **options: Any) -> Callable[[Endpoint], Endpoint]:
        """Decorator for HEAD. Options are those of api_route."""
        return self.api_route(path, methods=("HEAD",), **options)

    def options(self, path: str, **options: Any) -> Callable[[Endpoint], Endpoint]:
        """Decorator for OPTIONS, in place of the automatic answer. Options are those of
        api_route."""
        return self.api_route(path, methods=("OPTIONS",), **options)

    def trace(self, path: str, **options: Any) -> Callable[[Endpoint], Endpoint]:
        """Decorator for TRACE. Options are those of api_route."""
        return self.api_route(path, methods=("TRACE",), **options)

    def include_router(self, router: "APIRouter", *, prefix: str = "", **options: Any) -> None:
        """Adds the routes that a router has by now, behind a prefix; options are those of
        RouteOptions and hold for all of them."""
        _check_prefix(prefix)
        outer = RouteOptions(**options).under(self.defaults)
        for route in router.routes:
            self.routes.append(route.under(self.prefix + prefix, outer))

    def url_path_for(self, name: str, /, **path_params: Any) -> str:
        """The path of the route of that name with its parameters filled in. NoMatchFound where
        there is none with these parameters."""
        for route in self.routes:
            if route.name == name and route.path_names.keys() == path_params.keys():
                return _pattern.fill(route.path, path_params)
        raise NoMatchFound(name, path_params)


class NoMatchFound(Exception):
    """No route has that name and these parameters."""

    def __init__(self, name: str, path_params: Mapping[str, Any]) -> None:
        names = ", ".join(path_params)
        super().__init__(f'No route exists for name "{name}" and params "{names}".')


class APIRouter(Routes):
    """Routes to be included in an app or another router. Options are those of RouteOptions and
    hold for all routes that are added."""

    def __init__(
        self,
        *,
        prefix: str = "",
        default_response_class: Optional[Type[Response]] = None,
        **options: Any,
    ) -> None:
        _check_prefix(prefix)
        self.prefix = prefix
        self.defaults = RouteOptions(response_class=default_response_class, **options)
        self.routes: List[APIRoute] = []


def _check_prefix(prefix: str) -> None:
    if prefix and (not prefix.startswith("/") or prefix.endswith("/")):
        raise ValueError(f'prefix {prefix!r} must start with "/" and not end with it')


def _methods(methods: Iterable[str], path: str) -> Tuple[str, ...]:
    if isinstance(methods, str):
        raise TypeError(f"{path}: methods is a list, as in methods=[{methods!r}]")
    upper = tuple(dict.fromkeys(method.upper() for method in methods))
    for method in upper:
        if method not in METHODS:
            raise ValueError(f"{path}: method {method!r} is none of {', '.join(METHODS)}")
    return upper


def _name(endpoint: Callable[..., Any]) -> str:
    return str(getattr(endpoint, "__name__", type(endpoint).__name__))
