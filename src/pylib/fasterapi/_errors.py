"""Exceptions as answers: the handlers of an app, and FastAPI's own for what a request lacks."""

import inspect
from typing import Any, Callable, Dict, Mapping, Optional, Type, Union

from fasterapi import _json
from fasterapi.exceptions import HTTPException, RequestValidationError
from fasterapi.responses import JSONResponse, Response

Key = Union[int, Type[BaseException]]
Handler = Callable[[Any, Any], Any]  # of a request and an exception; may be a coroutine function
_NO_BODY = (204, 304)


def http_exception_handler(request: Any, error: HTTPException) -> Response:
    """The answer to an HTTPException that no handler takes."""
    if error.status_code in _NO_BODY:
        return Response(status_code=error.status_code, headers=error.headers)
    return JSONResponse({"detail": error.detail}, error.status_code, error.headers)


def request_validation_exception_handler(request: Any, error: RequestValidationError) -> Response:
    """The 422 of a request that does not fit."""
    return JSONResponse({"detail": [plain(entry) for entry in error.errors()]}, 422)


def plain(entry: Dict[str, Any]) -> Dict[str, Any]:
    """An entry of a 422 as JSON has it: an exception in its ctx is {}, an input that JSON cannot
    hold is null."""
    made = dict(entry)
    if "ctx" in made:
        made["ctx"] = {
            name: {} if isinstance(value, BaseException) else value
            for name, value in made["ctx"].items()
        }
    try:
        _json.dumps(made.get("input"))
    except (TypeError, ValueError):
        made["input"] = None
    return made


class ErrorHandlers:
    """Which handler an exception has: by its status, else by its nearest class. That of Exception
    or 500 comes last: its exceptions are logged as well."""

    def __init__(self, handlers: Mapping[Key, Handler]) -> None:
        self._by_status: Dict[int, Handler] = {}
        self._by_class: Dict[Type[BaseException], Handler] = {
            RequestValidationError: request_validation_exception_handler,
        }
        self.for_server_error: Optional[Handler] = None
        for key, handler in handlers.items():
            if key in (500, Exception):
                self.for_server_error = handler
            elif isinstance(key, int):
                self._by_status[key] = handler
            else:
                self._by_class[key] = handler

    def find(self, error: BaseException) -> Optional[Handler]:
        """None where the exception is not to be answered here."""
        if isinstance(error, HTTPException) and error.status_code in self._by_status:
            return self._by_status[error.status_code]
        return next((self._by_class[c] for c in type(error).__mro__ if c in self._by_class), None)


def guarded(
    call: Callable[[Any], Any], is_async: bool, handlers: ErrorHandlers
) -> Callable[[Any], Any]:
    """A general route's callable with its exceptions answered. It stays a plain function where
    the route is one: should it give a coroutine all the same, the server awaits that."""

    async def finish(request: Any, result: Any) -> Any:
        try:
            return await result
        except Exception as error:
            return await _answer(request, error, handlers)

    def run(request: Any) -> Any:
        try:
            result = call(request)
        except Exception as error:
            handler = handlers.find(error)
            if handler is None:
                raise
            return handler(request, error)
        return finish(request, result) if inspect.iscoroutine(result) else result

    async def run_async(request: Any) -> Any:
        try:
            return await call(request)
        except Exception as error:
            return await _answer(request, error, handlers)

    return run_async if is_async else run


async def _answer(request: Any, error: Exception, handlers: ErrorHandlers) -> Any:
    handler = handlers.find(error)
    if handler is None:
        raise error
    result = handler(request, error)
    return await result if inspect.isawaitable(result) else result


DEFAULT = ErrorHandlers({})
