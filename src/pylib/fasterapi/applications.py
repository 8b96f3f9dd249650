"""The application."""

from typing import (
    Any,
    Callable,
    Dict,
    List,
    Mapping,
    Optional,
    Sequence,
    Tuple,
    Type,
    TypeVar,
    Union,
)

from fasterapi import _call, _run
from fasterapi._lifespan import Lifespan, LifespanEvents, RunningLifespan
from fasterapi._route_options import RouteOptions
from fasterapi.datastructures import State
from fasterapi.params import Depends
from fasterapi.responses import Response
from fasterapi.routing import APIRoute, CompiledRoute, Routes

Handler = TypeVar("Handler", bound=Callable[[], Any])


class App(Routes):
    """A web application: routes, startup and shutdown, and a ``state`` for what they share.

    Each worker of the server has an interpreter of its own, and so an app and a state of its
    own. ``lifespan`` is an async context manager on the app, as FastAPI's; where it is given,
    on_event handlers do not run. ``dependency_overrides`` puts callables in the place of
    dependencies, for tests. Keywords that FastAPI has and this version does not use are
    kept in ``extra``.
    """

    def __init__(
        self,
        *,
        debug: bool = False,
        title: str = "FasterAPI",
        version: str = "0.1.0",
        lifespan: Optional[Lifespan] = None,
        on_startup: Optional[Sequence[Callable[[], Any]]] = None,
        on_shutdown: Optional[Sequence[Callable[[], Any]]] = None,
        redirect_slashes: bool = True,
        default_response_class: Optional[Type[Response]] = None,
        dependencies: Sequence[Depends] = (),
        responses: Optional[Mapping[Union[int, str], Dict[str, Any]]] = None,
        deprecated: Optional[bool] = None,
        include_in_schema: bool = True,
        **extra: Any,
    ) -> None:
        self.debug = debug
        self.title = title
        self.version = version
        self.redirect_slashes = redirect_slashes
        self.prefix = ""
        self.defaults = RouteOptions(
            response_class=default_response_class,
            dependencies=dependencies,
            responses=responses,
            deprecated=deprecated,
            include_in_schema=include_in_schema,
        )
        self.dependency_overrides: Dict[Callable[..., Any], Callable[..., Any]] = {}
        self.extra = extra
        self.routes: List[APIRoute] = []
        self.state = State()
        self._events = LifespanEvents()
        for handler in on_startup or ():
            self._events.add("startup", handler)
        for handler in on_shutdown or ():
            self._events.add("shutdown", handler)
        self._running = RunningLifespan(self, lifespan or self._events.run)

    def on_event(self, event: str) -> Callable[[Handler], Handler]:
        """Decorator: the function runs at "startup", before the first request, or at "shutdown"."""

        def register(handler: Handler) -> Handler:
            self._events.add(event, handler)
            return handler

        return register

    def run(
        self,
        host: Optional[str] = None,
        port: Optional[int] = None,
        workers: Optional[int] = None,
        **config: Any,
    ) -> None:
        """Serves this app, by becoming ``fasterapi-server``. Call it last in the module that is
        run.

        Keywords are keys of the configuration (``log_level="debug"``, ``listen_unix_socket=...``);
        a FASTERAPI_ variable of the environment wins over the argument."""
        _run.run(self, {"host": host, "port": port, "workers": workers, **config})

    def _compile_routes(self) -> List[CompiledRoute]:
        return [route.compile(self) for route in self.routes]

    async def _startup(self) -> None:
        await self._running.start()

    async def _shutdown(self) -> None:
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
