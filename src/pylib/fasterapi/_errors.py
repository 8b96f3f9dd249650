"""Exceptions as answers: the handlers of an app, and FastAPI's own."""

import inspect
import logging
from contextvars import ContextVar
from types import CoroutineType
from typing import Any, Callable, Dict, List, Mapping, Optional, Type

from fasterapi import _json
from fasterapi.exceptions import RequestValidationError, StarletteHTTPException
from fasterapi.responses import JSONResponse, Response

Handler = Callable[[Any, Any], Any]  # of a request and an exception; may be a coroutine function
Find = Callable[[BaseException], Optional[Handler]]
_NO_BODY = (204, 304)
_logger = logging.getLogger("fasterapi")

# Who else wants to know of exceptions that became a 500: a test client.
observer: "ContextVar[Optional[Callable[[BaseException], None]]]" = ContextVar(
    "observer", default=None
)


def http_exception_handler(request: Any, error: StarletteHTTPException) -> Response:
    """The answer to an HTTPException that no handler takes."""
    if error.status_code in _NO_BODY:
        return Response(status_code=error.status_code, headers=error.headers)
    return JSONResponse({"detail": error.detail}, error.status_code, error.headers)


def request_validation_exception_handler(request: Any, error: RequestValidationError) -> Response:
    """The 422 of a request that does not fit."""
    return JSONResponse({"detail": [plain(entry) for entry in error.errors()]}, 422)


def plain(entry: Dict[str, Any]) -> Dict[str, Any]:
    """An entry of a 422 as JSON has it: an exception in its ctx is {}, an input that JSON cannot
    hold is null, and a lone surrogate elsewhere a question mark."""
    made = dict(entry)
    made["loc"] = [_sayable(step) for step in made["loc"]]
    made["msg"] = _sayable(made["msg"])
    if "ctx" in made:
        made["ctx"] = {
            name: {} if isinstance(value, BaseException) else _sayable(value)
            for name, value in made["ctx"].items()
        }
    try:
        _json.dumps(made.get("input"))
    except (TypeError, ValueError):
        made["input"] = None
    return made


def _sayable(value: Any) -> Any:
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else value


class ErrorHandlers:
    """Which handler an exception has: by its status, else by its nearest class. That of Exception
    or 500 is for what nothing else takes; such exceptions are logged as well."""

    def __init__(self, handlers: Mapping[Any, Handler]) -> None:
        self._by_status: Dict[int, Handler] = {}
        self._by_class: Dict[Type[BaseException], Handler] = {
            StarletteHTTPException: http_exception_handler,
            RequestValidationError: request_validation_exception_handler,
        }
        self._last: Optional[Handler] = None
        for key, handler in handlers.items():
            if _is_starlettes(key):
                key = StarletteHTTPException
            if key in (500, Exception):
                self._last = handler
            elif isinstance(key, int):
                self._by_status[key] = handler
            elif isinstance(key, type) and issubclass(key, BaseException):
                self._by_class[key] = handler
            else:
                raise TypeError(f"an exception handler is for a status or a class, not {key!r}")

    def find(self, error: BaseException) -> Optional[Handler]:
        """None where the exception is not to be answered, but for a server error."""
        if self._by_status and StarletteHTTPException in _classes_of(error):
            handler = self._by_status.get(error.status_code)  # type: ignore[attr-defined]
            if handler is not None:
                return handler
        return next((self._by_class[c] for c in _classes_of(error) if c in self._by_class), None)

    @property
    def has_last(self) -> bool:
        """Whether there is a handler of server errors."""
        return self._last is not None

    def find_last(self, error: BaseException) -> Optional[Handler]:
        """The handler of server errors."""
        return None if self._last is None else self._reported

    def _reported(self, request: Any, error: Exception) -> Any:
        report(error, f"{request.method} {request.path}")
        assert self._last is not None
        return self._last(request, error)


def report(error: Exception, what: str) -> None:
    """Logs an exception, or gives it to who wants to know of it."""
    observe = observer.get()
    if observe is None:
        _logger.error("%s", what, exc_info=error)
    else:
        observe(error)


def _classes_of(error: BaseException) -> List[Any]:
    """An exception's classes from the nearest on; that of Starlette's counts as ours."""
    return [StarletteHTTPException if _is_starlettes(c) else c for c in type(error).__mro__]


def _is_starlettes(key: Any) -> bool:
    name = (getattr(key, "__module__", ""), getattr(key, "__name__", ""))
    return name == ("starlette.exceptions", "HTTPException")


def find_invalid(error: BaseException) -> Optional[Handler]:
    """For apps without handlers of their own: the server answers all but the 422, and Starlette's
    HTTPException."""
    if type(error) is RequestValidationError:
        return request_validation_exception_handler
    return http_exception_handler if any(map(_is_starlettes, type(error).__mro__)) else None


def guarded(call: Callable[[Any], Any], is_async: bool, find: Find) -> Callable[[Any], Any]:
    """What takes a request, with its exceptions answered. It stays a plain function where it was
    one: should it give a coroutine all the same, the server awaits that."""

    def run(request: Any) -> Any:
        try:
            result = call(request)
        except Exception as error:
            handler = find(error)
            if handler is None:
                raise
            return handler(request, error)
        return finish(request, result) if type(result) is CoroutineType else result

    async def finish(request: Any, result: Any) -> Any:
        try:
            return await result
        except Exception as error:
            return await answer(request, error)

    async def run_async(request: Any) -> Any:
        try:
            return await call(request)
        except Exception as error:
            return await answer(request, error)

    async def answer(request: Any, error: Exception) -> Any:
        handler = find(error)
        if handler is None:
            raise error
        result = handler(request, error)
        return await result if inspect.isawaitable(result) else result

    return run_async if is_async else run
