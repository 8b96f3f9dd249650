"""General routes bound to an app: their programs, with the app's overrides of dependencies."""

from typing import Any, Callable, Dict, Mapping, Optional, Tuple

from fasterapi import _binding
from fasterapi._dependant import Dependant
from fasterapi._endpoint import Endpoint
from fasterapi._errors import find_invalid, guarded
from fasterapi._reading import Reader
from fasterapi._request_extras import incoming_of
from fasterapi._results import Shape
from fasterapi._solve import Program

REQUEST_ONLY: _binding.Plan = (
    _binding.Parameter("request", "request", "json", False, None, "request", -1, False),
)
Depend = Callable[[Mapping[Any, Callable[..., Any]]], Dependant]
MakeEndpoint = Callable[[Program, Shape, bool], Endpoint]


class GeneralRoute:
    """What the server calls for a route: ``endpoint`` takes a request. ``raw`` is the same for who
    answers its exceptions himself.

    Where the app has ``dependency_overrides``, the program is made for them and kept."""

    def __init__(
        self,
        depend: Depend,
        shape: Shape,
        app: Any = None,
        is_awaited: bool = False,
        is_strict: bool = True,
        form_limits: Optional[Mapping[str, int]] = None,
        make: MakeEndpoint = Endpoint,
    ) -> None:
        self._depend = depend
        self._shape = shape
        self._app = app
        self._is_awaited = is_awaited
        self._is_strict = is_strict
        self._form_limits = form_limits
        self._make_endpoint = make
        self._overridden: Dict[Tuple[Any, ...], Endpoint] = {}
        own = self._make({})
        self.is_async = own.is_async
        self.streams_body = own.streams_body
        self._own = own.call
        self.raw: Callable[[Any], Any] = own.call if app is None else self._call
        self.endpoint = guarded(self.raw, self.is_async, find_invalid)

    def _call(self, request: Any) -> Any:
        overrides = self._app.dependency_overrides
        if not overrides:
            return self._own(request)
        key = tuple(overrides.items())
        if key not in self._overridden:
            self._overridden[key] = self._make(dict(overrides))
        made = self._overridden[key]
        if incoming_of(request) is not None and not made.streams_body:
            return _complete(request, made.call)
        return self._awaitable(made.call(request))

    def _awaitable(self, result: Any) -> Any:
        # Overrides may take away all that is async of a route that is awaited.
        if self.is_async and not hasattr(result, "__await__"):
            return _given(result)
        return result

    def _make(self, overrides: Mapping[Any, Callable[..., Any]]) -> Endpoint:
        dependant = self._depend(overrides)
        reader = Reader(dependant.body_fields(), self._is_strict, self._form_limits)
        program = Program(dependant, reader)
        return self._make_endpoint(program, self._shape, self._is_awaited)


async def _complete(request: Any, call: Callable[[Any], Any]) -> Any:
    await request.body()
    result = call(request)
    return await result if hasattr(result, "__await__") else result


async def _given(value: Any) -> Any:
    return value
