"""Routes: how functions come to paths."""

import inspect
from typing import (
    Any,
    Callable,
    Iterable,
    List,
    NamedTuple,
    Optional,
    Sequence,
    Tuple,
    Type,
    TypeVar,
)

from fasterapi import _binding, _pattern, _results
from fasterapi.responses import JSONResponse, Response

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


class APIRoute:
    """One path and its methods, with the handler's binding plan. Made once, immutable."""

    def __init__(
        self,
        path: str,
        endpoint: Callable[..., Any],
        *,
        methods: Iterable[str],
        name: Optional[str] = None,
        status_code: Optional[int] = None,
        response_class: Optional[Type[Response]] = None,
    ) -> None:
        if not callable(endpoint):
            raise TypeError(f"{path}: the handler is {endpoint!r}, which cannot be called")
        self.path = path
        self.endpoint = endpoint
        self.methods = _methods(methods, path)
        self.name = name or str(getattr(endpoint, "__name__", type(endpoint).__name__))
        self.status_code = None if status_code is None else int(status_code)
        self.response_class = response_class
        self.origin = _binding.origin_of(endpoint)
        self.plan = _binding.make_plan(endpoint, path)

    def under(self, prefix: str, response_class: Optional[Type[Response]]) -> "APIRoute":
        """The same route with its path behind a prefix."""
        return APIRoute(
            prefix + self.path,
            self.endpoint,
            methods=self.methods,
            name=self.name,
            status_code=self.status_code,
            response_class=self.response_class or response_class,
        )

    def compile(self) -> CompiledRoute:
        """The tuple for the server."""
        endpoint = _binding.positional(self.endpoint)
        is_coroutine = _is_coroutine(self.endpoint)
        response_class = self.response_class or JSONResponse
        if self.status_code is not None or response_class is not JSONResponse:
            endpoint = _results.shaped(endpoint, is_coroutine, self.status_code, response_class)
        return CompiledRoute(
            self.methods,
            _pattern.canonical(self.path),
            self.name,
            self.origin,
            endpoint,
            self.plan,
            is_coroutine,
        )


class Routes:
    """The decorators that App and APIRouter share."""

    routes: List[APIRoute]
    default_response_class: Optional[Type[Response]]

    def add_api_route(
        self,
        path: str,
        endpoint: Callable[..., Any],
        *,
        methods: Optional[Sequence[str]] = None,
        name: Optional[str] = None,
        status_code: Optional[int] = None,
        response_class: Optional[Type[Response]] = None,
    ) -> None:
        """Registers a handler. TypeError where its signature does not suit, ValueError where the
        path does not, both with the handler's place."""
        self.routes.append(
            APIRoute(
                path,
                endpoint,
                methods=methods or ("GET",),
                name=name,
                status_code=status_code,
                response_class=response_class or self.default_response_class,
            )
        )

    def api_route(
        self,
        path: str,
        *,
        methods: Optional[Sequence[str]] = None,
        name: Optional[str] = None,
        status_code: Optional[int] = None,
        response_class: Optional[Type[Response]] = None,
    ) -> Callable[[Endpoint], Endpoint]:
        """Decorator: the function serves these methods (GET unless given) of the path."""

        def register(endpoint: Endpoint) -> Endpoint:
            self.add_api_route(
                path,
                endpoint,
                methods=methods,
                name=name,
                status_code=status_code,
                response_class=response_class,
            )
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

    def include_router(self, router: "APIRouter", *, prefix: str = "") -> None:
        """Adds the routes that a router has by now, behind a prefix and the router's own."""
        _check_prefix(prefix)
        for route in router.routes:
            added = route.under(prefix + router.prefix, router.default_response_class)
            self.routes.append(added)


class APIRouter(Routes):
    """Routes to be included in an app or another router."""

    def __init__(
        self,
        *,
        prefix: str = "",
        default_response_class: Optional[Type[Response]] = None,
    ) -> None:
        _check_prefix(prefix)
        self.prefix = prefix
        self.default_response_class = default_response_class
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


def _is_coroutine(endpoint: Callable[..., Any]) -> bool:
    while hasattr(endpoint, "func"):  # functools.partial
        endpoint = endpoint.func
    return inspect.iscoroutinefunction(endpoint) or inspect.iscoroutinefunction(
        type(endpoint).__call__
    )
