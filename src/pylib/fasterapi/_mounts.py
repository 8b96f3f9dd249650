"""Applications below a path of another one: apps, StaticFiles, whatever speaks ASGI."""

from typing import Any, Callable, Dict, Iterator, List, Mapping, Optional, Tuple

from fasterapi import _call, _matching, _pattern, _telemetry
from fasterapi._api_route import METHODS, CompiledRoute
from fasterapi._general import REQUEST_ONLY, MakeEndpoint
from fasterapi._plain_request import PlainRequest
from fasterapi._request_extras import incoming_of, limit_body, value_of
from fasterapi._route_options import RouteOptions
from fasterapi._urls import NoMatchFound
from fasterapi._websockets import MountedWebSockets
from fasterapi.responses import Response


class Mount:
    """One of them, as a route of the app that it is mounted in: it takes what no other route of
    that app does, in every method. ``name`` is for url_path_for, ``outer`` has the limits that
    hold where it says nothing of its own."""

    def __init__(
        self, path: str, app: Any, name: Optional[str], outer: RouteOptions = RouteOptions()
    ) -> None:
        self.path = path.rstrip("/")
        _pattern.parse(self.path)
        self._is_router = hasattr(app, "route_class") and not hasattr(app, "_served")
        app = self.app = _app_of(app) if self._is_router else app
        self.name = name
        self._outer = outer
        self._endpoint, self._is_async = _endpoint_of(app, outer)
        is_for_files = hasattr(app, "__fasterapi_answer__")
        self.websockets = None if is_for_files else MountedWebSockets(self.path, app)

    def matches(self, scope: Dict[str, Any]) -> Tuple[Any, Dict[str, Any]]:
        """As that of APIRoute."""
        from fasterapi._route_matches import of_mount  # only where it is asked for

        return of_mount(self, scope)

    def under(self, prefix: str, outer: RouteOptions) -> "Mount":
        """The same behind a prefix, with what its router says."""
        return Mount(prefix + self.path, self.app, self.name, self._outer.under(outer))

    def compile(self, app: Any = None) -> CompiledRoute:
        """The tuple for the server."""
        if self._is_router and app is not None:
            self.app.exception_handlers = app.exception_handlers
        origin = f"mount({self.path!r})"
        place = _pattern.canonical(self.path) + "/{path:path}"
        name = self.name or type(self.app).__name__
        methods = (*METHODS, _matching.ANY_METHOD)
        made = CompiledRoute(
            methods, place, name, origin, self._endpoint, REQUEST_ONLY, self._is_async
        )
        return made._replace(streams_body=self._is_async)

    def compile_general(self, app: Any, is_awaited: bool, make: MakeEndpoint) -> CompiledRoute:
        """The same."""
        return self.compile(app)

    def url_path_for(self, name: str, params: Mapping[str, Any]) -> str:
        """The path of a file of it, or of a route that an app has: its name stands behind the
        mount's and ":". NoMatchFound where there is none."""
        own = dict(params)
        if self.name is not None and name == self.name and "path" in own:
            rest = str(own.pop("path")).lstrip("/")
            return _pattern.fill(self.path + "/{path:path}", {**own, "path": rest})
        prefix = "" if self.name is None else self.name + ":"
        if not name.startswith(prefix) or not hasattr(self.app, "url_path_for"):
            raise NoMatchFound(name, params)
        outer = {p.name: own.pop(p.name) for p in _pattern.parse(self.path) if p.name in own}
        try:
            inner = str(self.app.url_path_for(name[len(prefix) :], **own))
        except Exception as error:
            if type(error).__name__ != "NoMatchFound":  # Starlette's are not ours
                raise
            raise NoMatchFound(name, params) from None
        return _pattern.fill(self.path, outer) + inner


class MountingRoutes:
    """A part of Routes."""

    routes: List[Any]
    mounts: List[Mount]
    prefix: str
    defaults: RouteOptions

    def mount(self, path: str, app: Any, name: Optional[str] = None) -> None:
        """Serves another app, StaticFiles or an ASGI application below a path, where no route of
        this app is. Startup and shutdown of an app that is mounted do not run."""
        self.mounts.append(Mount(self.prefix + path, app, name, self.defaults))

    def all_mounts(self) -> Iterator[Mount]:
        """Its own and those of its routers."""
        yield from self.mounts
        for each in self.routes:
            if hasattr(each, "all_mounts"):
                yield from each.all_mounts()


def _app_of(router: Any) -> Any:
    """A router as an app that has nothing else."""
    from fasterapi.applications import App

    made = App(openapi_url=None, redirect_slashes=router.redirect_slashes)
    made.include_router(router)
    return made


def _endpoint_of(app: Any, outer: RouteOptions) -> Any:
    answer = getattr(app, "__fasterapi_answer__", None)
    if answer is not None:
        return _of_files(answer), False
    if hasattr(app, "_served"):
        return _of_app(app, outer), True
    if callable(app):
        return _of_asgi(app, outer), True
    raise TypeError(
        f"mount() takes an app, a router, StaticFiles or an ASGI application, not {app!r}"
    )


def _of_files(answer: Callable[[Any, str], Response]) -> Callable[[Any], Response]:
    def serve(request: Any) -> Response:
        return answer(request, request.path_params["path"])

    return serve


def _of_app(app: Any, outer: RouteOptions) -> Callable[[Any], Any]:
    async def serve(request: Any) -> Response:
        inner = _below(request, app, outer)
        (inner._around or {}).pop(_telemetry.SCOPE_KEY, None)  # until it ends, for those who would begin anew
        if _own_limit(app, inner) is None:
            _limit_body(inner)
        return await _call.dispatch(app, inner, _raise)

    return serve


def _of_asgi(app: Any, outer: RouteOptions) -> Callable[[Any], Any]:
    from fasterapi._asgi_exchange import Exchange  # only where there is one

    async def serve(request: Any) -> Response:
        inner = _below(request, app, outer)
        _limit_body(inner)
        return await Exchange.of(app, inner).response()

    return serve


def _limit_body(request: PlainRequest) -> None:
    limit = request._outer.max_body_size
    if limit is not None:
        limit_body(request, limit)


def _own_limit(app: Any, request: PlainRequest) -> Optional[int]:
    """What a mounted app says of the route that a request belongs to."""
    match = app._match_routes(request.method, request.path)
    routes = list(app.all_routes())
    options = routes[match.route].options if 0 <= match.route < len(routes) else app.defaults
    return options.max_body_size  # type: ignore[no-any-return]


def _raise(error: BaseException) -> None:
    raise error


def _below(request: Any, app: Any, outer: RouteOptions) -> PlainRequest:
    """The request as the mounted app sees it: its path is what is behind the mount."""
    incoming = incoming_of(request)
    params = dict(request.path_params)
    path = "/" + params.pop("path")
    inner = PlainRequest(
        request.method,
        path,
        request.query_string,
        request.headers.multi_items(),
        value_of(request.body()) if incoming is None else b"",
        params,
        request.client,
        app,
    )
    inner._incoming = incoming
    inner._has_client_left, inner._departure = request._has_client_left, request._departure
    inner.root_path = request.root_path + request.path[: len(request.path) - len(path)]
    inner._state = request.state
    inner.scheme = request.scheme
    around = getattr(request, "_outer", None)
    inner._outer = outer if around is None else outer.under(around)
    inner._around = _around(request)
    return inner


def _around(request: Any) -> Dict[str, Any]:
    """What the scope of a request below a mount has of the one that it came in: what middleware has
    put there, and the outermost app, which finds routes by their whole names."""
    from fasterapi._asgi_scope import EXCHANGE, kept_scope_of  # only where there is a mount

    scope = kept_scope_of(request) or getattr(request, "_around", None) or {}
    own = (EXCHANGE, "route", "endpoint")
    outermost = {"router": request.app, "app_root_path": request.root_path}
    return {**outermost, **{k: v for k, v in scope.items() if k not in own}}
