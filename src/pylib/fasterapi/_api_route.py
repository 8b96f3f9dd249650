"""One route: what its handler needs and gives, compiled for the server."""

import copy
import dataclasses
import re
from typing import (
    TYPE_CHECKING,
    Any,
    Awaitable,
    Callable,
    Dict,
    Iterable,
    List,
    Mapping,
    NamedTuple,
    Optional,
    Set,
    Tuple,
    Union,
)

from fasterapi import _binding, _pattern, _signature, _starlette
from fasterapi._batching import Batch, BatchRoute, Gatherer, find_batch, item_endpoint
from fasterapi._bodies import body_of
from fasterapi._classify import is_subclass
from fasterapi._dependant import Dependant, analyze_handler
from fasterapi._endpoint import Endpoint
from fasterapi._errors import find_invalid, guarded
from fasterapi._general import REQUEST_ONLY, GeneralRoute, MakeEndpoint
from fasterapi._json_lines import lines_of
from fasterapi._mentions import mentions
from fasterapi._request_extras import limit_body
from fasterapi._response_model import check_responses, make_model
from fasterapi._results import Direct, Shape, shaped, to_response
from fasterapi._route_options import RouteOptions
from fasterapi._signature import EMPTY
from fasterapi.exceptions import HTTPException
from fasterapi.responses import FileResponse, JSONResponse, Response

if TYPE_CHECKING:
    from fasterapi._tracing import Program

# What serves every method serves these; a route may have any other token (RFC 9110, section 9.1).
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")


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
    native: Optional[Union[str, "Program"]] = None  #: what serves it without Python
    dispatch: Optional[str] = None  #: where its handler runs; None: as configured
    streams_body: bool = False  #: its handler may run while the body comes

    def gathered(self) -> "CompiledRoute":
        """The same where requests of a batch handler gather in its endpoint."""
        if self.batch is None:
            return self
        return self._replace(plan=REQUEST_ONLY, direct=None, batch=None)


class APIRoute:
    """One path and its methods, with what its handler needs and gives. Keywords are those of
    RouteOptions, which can also be read, and set before the route is served, as attributes.

    ``plan`` is the native binding plan, None for a general route; ``dependant`` is the tree of what
    a general route needs, also made for a native one when it is asked for (the OpenAPI document
    does). A path that is no pattern of ours is a ValueError once it is served: those of callbacks
    and webhooks never are."""

    def __init__(
        self,
        path: str,
        endpoint: Callable[..., Any],
        *,
        methods: Optional[Iterable[str]] = None,
        options: Optional[RouteOptions] = None,
        native: Optional[Union[str, "Program"]] = None,
        **said: Any,
    ) -> None:
        if not callable(endpoint):
            raise TypeError(f"{path}: the handler is {endpoint!r}, which cannot be called")
        self.native = native
        self.endpoint = endpoint
        self.ordered_methods = _methods(methods or ("GET",), path)
        self.methods: Set[str] = set(self.ordered_methods)
        self.origin = _binding.origin_of(endpoint)
        self._app: Any = None
        self._make_endpoint: MakeEndpoint = Endpoint
        self.original_route = self  #: of one in a router, the one there
        self._analyze(path, options or RouteOptions(**said))

    def _analyze(self, path: str, options: RouteOptions) -> None:
        self.__dict__["options"] = options
        self.path = path
        self.name = options.name or _name(self.endpoint)
        where = _binding.name_of(self.endpoint)
        if self.native is not None and options.dependencies:
            raise TypeError(
                f"{path} ({self.origin}): the server answers without Python, so that dependencies "
                "of the app or router would not run; make it a Python route"
            )
        self._path_error: Optional[ValueError] = None
        self.path_names = self._names_in_path()
        is_batch = find_batch(self.endpoint) is not None
        self.plan = None if is_batch or self._path_error else self._native_plan(self.endpoint)
        self.model = make_model(
            options.response_model, self.endpoint, options.dump_options(), where
        )
        if self.model is not None:
            said = f"{self.ordered_methods[0]} {self.path_format}"
            self.model.place = _binding.place_of(self.endpoint, said)
        self.lines = lines_of(self.endpoint, options, where)
        self.shape = Shape(
            options.status_code, options.response_class or JSONResponse, self.model, self.lines
        )
        check_responses(options.responses, where)
        self._dependant: Optional[Dependant] = None
        if self.plan is None and not is_batch and not self._path_error:
            self._check_path(where)

    def __getattr__(self, name: str) -> Any:
        if name in _OPTIONS:
            return getattr(self.options, name)
        raise AttributeError(f"{type(self).__name__} has no attribute {name!r}")

    def __setattr__(self, name: str, value: Any) -> None:
        if name in _OPTIONS:
            self.__dict__["options"] = dataclasses.replace(self.options, **{name: value})
        else:
            object.__setattr__(self, name, value)

    def matches(self, scope: Dict[str, Any]) -> Tuple[Any, Dict[str, Any]]:
        """Starlette's Match of an ASGI scope, and what a child scope has more. For libraries: what
        is served does not depend on it."""
        from fasterapi._route_matches import of_route  # only where it is asked for

        return of_route(self, scope, "http", self.methods)

    @property
    def path_format(self) -> str:
        """The path without converters."""
        return _pattern.path_format(self.path)

    @property
    def unique_id(self) -> str:
        """The operation's ID in the OpenAPI document."""
        from fasterapi._openapi._operation import operation_id_of  # only where it is asked for

        return operation_id_of(self)

    @property
    def response_model(self) -> Any:
        """The type that results are checked against, None for no such type."""
        return None if self.model is None else self.model.annotation

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
        made = analyze_handler(call, self.path_names, self.options.dependencies, overrides)
        made.path = self.path_format
        return made

    def under(self, prefix: str, outer: RouteOptions) -> "APIRoute":
        """The same route behind a prefix, with what its router says added."""
        made = copy.copy(self)
        made._analyze(prefix + self.path, self.options.under(outer))
        if self.native is not None and not isinstance(self.native, str):
            made.trace()
        return made

    def trace(self) -> None:
        """Has the server answer without Python, as the endpoint does. TraceError where it cannot
        be said so."""
        from fasterapi._tracing import trace  # few apps do

        method = self.ordered_methods[0]
        where = f"{method} {self.path} ({self.origin})"
        self.native = trace(self.endpoint, method, self.path, where, self.options)

    def only(self, methods: Iterable[str]) -> "APIRoute":
        """The same route with some of its methods."""
        made = copy.copy(self)
        made.ordered_methods = tuple(methods)
        made.methods = set(made.ordered_methods)
        return made

    def get_route_handler(self) -> Callable[[Any], Awaitable[Response]]:
        """What makes the response to a request; subclasses override it, to stand around it. It
        raises what the handler raises, and RequestValidationError."""
        answer = self._limited(self._general(self._app, True, self._make_endpoint).raw)

        async def handle(request: Any) -> Response:
            result = answer(request)
            return to_response(await result if hasattr(result, "__await__") else result)

        return handle

    @property
    def _is_wrapped(self) -> bool:
        return type(self).get_route_handler is not APIRoute.get_route_handler

    def _handler(self, app: Any, make: MakeEndpoint = Endpoint) -> Callable[[Any], Any]:
        self._app, self._make_endpoint = app, make
        return self.get_route_handler()

    def compile(self, app: Any = None) -> CompiledRoute:
        """The tuple for the server."""
        self.check_path()
        batch = find_batch(self.endpoint)
        if batch is not None:
            return self._compile_batch(batch)
        if self._is_wrapped:
            handler = guarded(self._handler(app), True, find_invalid)
            return self._compiled(handler, REQUEST_ONLY, True)
        if self.plan is None:
            general = self._general(app, False)
            endpoint = self._limited(general.endpoint)
            made = self._compiled(endpoint, REQUEST_ONLY, general.is_async)
            return made._replace(streams_body=general.streams_body)
        endpoint = _binding.positional(self.endpoint)
        is_coroutine = _signature.kind_of(self.endpoint) == "coroutine"
        streams = is_coroutine and _streams_body(self.plan)
        if self.shape.is_plain:
            made = self._compiled(endpoint, self.plan, is_coroutine)
            return made._replace(streams_body=streams)
        fills_in = any(parameter.source == "response" for parameter in self.plan)
        direct = None if fills_in else self.shape.direct(endpoint)
        endpoint = shaped(endpoint, is_coroutine, self.shape)
        made = self._compiled(endpoint, self.plan, is_coroutine)
        return made._replace(direct=direct, streams_body=streams)

    def compile_general(self, app: Any, is_awaited: bool, make: MakeEndpoint) -> CompiledRoute:
        """The same as a general route, part of one that may be awaited in any case, whose
        exceptions are answered elsewhere. ``make`` gives it its endpoint."""
        batch = find_batch(self.endpoint)
        if batch is not None:
            return self._compiled(self._gatherer(batch), REQUEST_ONLY, True)
        if self._is_wrapped:
            return self._compiled(self._handler(app, make), REQUEST_ONLY, True)
        general = self._general(app, is_awaited, make)
        made = self._compiled(self._limited(general.raw), REQUEST_ONLY, general.is_async)
        return made._replace(streams_body=general.streams_body)

    def _compile_batch(self, batch: Batch) -> CompiledRoute:
        """The server reads the items and shapes the results where it can."""
        plan = self._native_plan(item_endpoint(self.endpoint))
        direct = None if plan is None else self._batch_shape().direct(self.endpoint)
        route = self._batch_route(batch, Shape() if direct else self._batch_shape())
        run = route.run if plan is None else route.call
        compiled = self._compiled(self._gatherer(batch), plan or REQUEST_ONLY, True)
        return compiled._replace(
            direct=direct, batch=(run, batch.max_batch_size, batch.max_delay_ms)
        )

    def _gatherer(self, batch: Batch) -> Callable[[Any], Awaitable[Any]]:
        return Gatherer(self._batch_route(batch), _pattern.canonical(self.path)).answer

    def _batch_route(self, batch: Batch, shape: Optional[Shape] = None) -> BatchRoute:
        if self.options.dependencies:
            raise TypeError(f"{self.name} ({self.origin}): a batch handler has no dependencies")
        read = GeneralRoute(self.depend, Shape(), None, False, self._is_strict()).raw
        return BatchRoute(self.endpoint, batch, read, shape or self._batch_shape())

    def _batch_shape(self) -> Shape:
        model = None if self.options.response_model is EMPTY else self.model
        return Shape(self.options.status_code, self.shape.response_class, model)

    def _general(self, app: Any, is_awaited: bool, make: MakeEndpoint = Endpoint) -> GeneralRoute:
        limits, is_strict = self.options.form_limits, self._is_strict()
        return GeneralRoute(self.depend, self.shape, app, is_awaited, is_strict, limits, make)

    def _limited(self, call: Callable[[Any], Any]) -> Callable[[Any], Any]:
        """The call for requests that the route table lets pass and the route does not."""
        limit = self.options.max_body_size
        kinds = self.path_names.items()
        checked = [
            (name, *_pattern.CHECKED[kind]) for name, kind in kinds if kind in _pattern.CHECKED
        ]
        if limit is None and not checked:
            return call

        def run(request: Any) -> Any:
            for name, pattern, convert in checked:
                text = str(request.path_params[name])
                if not pattern.fullmatch(text):
                    raise HTTPException(404)
                request.path_params[name] = convert(text)
            if limit is not None:
                limit_body(request, limit)
            return call(request)

        return run

    @property
    def _is_checked(self) -> bool:
        return not _pattern.CHECKED.keys().isdisjoint(self.path_names.values())

    def _is_strict(self) -> bool:
        return self.options.strict_content_type is not False

    def _compiled(
        self, endpoint: Callable[..., Any], plan: _binding.Plan, is_coroutine: bool
    ) -> CompiledRoute:
        path = _pattern.canonical(self.path)
        return CompiledRoute(
            self.ordered_methods,
            path,
            self.name,
            self.origin,
            endpoint,
            plan,
            is_coroutine,
            native=self.native,
            dispatch=self.options.dispatch,
        )

    def _native_plan(self, endpoint: Callable[..., Any]) -> Optional[_binding.Plan]:
        options = self.options
        if options.dependencies or options.strict_content_type is False:
            return None
        if options.max_body_size is not None or self._is_wrapped or self._is_checked:
            return None
        if _needs_request(self.options.response_class):
            return None
        if mentions(self.endpoint, _needs_request, FileResponse.__name__):
            return None
        try:
            return _binding.make_plan(endpoint, self.path, body_of)
        except _binding.NotNative:
            return None

    def check_path(self) -> None:
        """ValueError where the path cannot be served."""
        if self._path_error is not None:
            raise self._path_error
        if not self.path:
            raise ValueError(f"{self.name} ({self.origin}): path and prefix are both empty")

    def _names_in_path(self) -> Mapping[str, str]:
        try:
            return {p.name: p.kind for p in _pattern.parse(self.path)}
        except ValueError as error:
            self._path_error = error
            return {name: "segment" for name in _pattern.names_in(self.path)}

    def _check_path(self, where: str) -> None:
        if self.dependant.dependencies:
            return
        taken = {field.alias for field in self.dependant.fields if field.place == "path"}
        _binding.check_all_taken(
            _pattern.parse(self.path), taken, self.dependant.takes("request"), self.path, where
        )


_OPTIONS = frozenset(
    field.name for field in dataclasses.fields(RouteOptions) if field.name != "name"
) - {"response_model"}


def _needs_request(cls: Any) -> bool:
    """Whether it is a class of responses that have to know the request: files, and what may have to
    be called as an ASGI application."""
    if is_subclass(cls, Response):
        return cls._sends_itself or issubclass(cls, FileResponse)
    starlettes = _starlette.response_class()
    return starlettes is not None and is_subclass(cls, starlettes)


def _streams_body(plan: _binding.Plan) -> bool:
    sources = {parameter.source for parameter in plan}
    return "request" in sources and "body" not in sources


def _methods(methods: Iterable[str], path: str) -> Tuple[str, ...]:
    if isinstance(methods, str):
        raise TypeError(f"{path}: methods is a list, as in methods=[{methods!r}]")
    upper = tuple(dict.fromkeys(method.upper() for method in methods))
    for method in upper:
        if not _TOKEN.fullmatch(method):
            raise ValueError(f"{path}: method {method!r} is no token of HTTP's")
    return upper


def _name(endpoint: Callable[..., Any]) -> str:
    return str(getattr(endpoint, "__name__", type(endpoint).__name__))
