"""What is logged of a request: that it did not fit, and what nobody caught."""

import sys
from time import time_ns
from typing import Any, Optional

from opentelemetry._logs import SeverityNumber

from fasterapi._starlette import http_exceptions
from fasterapi.exceptions import (
    RequestValidationError,
    ValidationException,
    WebSocketException,
    WebSocketRequestValidationError,
)
from fasterapi.telemetry._observed import Observed, current

_ANSWERS = (RequestValidationError, WebSocketException, WebSocketRequestValidationError)
_LEFT = (1000, 1001)


def validation_failed(error: ValidationException) -> None:
    """A request that does not fit its handler."""
    observed = current()
    if observed is None:
        return
    errors = error.errors()
    if observed.data is not None:
        observed.data.body = error.body
        observed.data.errors = errors
    if observed.logger is not None:
        observed.logger.emit(
            event_name="fastapi.validation.failed",
            timestamp=time_ns(),
            severity_number=SeverityNumber.WARN,
            severity_text="WARN",
            body="Request validation failed",
            attributes={**_place(observed), "fastapi.validation.error_count": len(errors)},
        )


def unhandled(observed: Observed, error: BaseException, is_websocket: bool) -> None:
    """An exception that nothing in the app answers, once, however often it is seen."""
    if is_websocket and is_normal_end(error):
        return
    if any(known is error for known in observed.exceptions):
        return
    observed.exceptions.append(error)
    if observed.logger is None or not isinstance(error, Exception):
        return
    what = "WebSocket connection" if is_websocket else "request"
    name = "fastapi.websocket.exception" if is_websocket else "http.server.request.exception"
    observed.logger.emit(
        exception=error,
        event_name=name,
        timestamp=time_ns(),
        severity_number=SeverityNumber.ERROR,
        severity_text="ERROR",
        body=f"Unhandled exception in FastAPI {what}",
        attributes=_place(observed) or None,
    )


def is_answer(error: BaseException) -> bool:
    """Whether it is a way to answer rather than a failure."""
    if isinstance(error, (*http_exceptions(), *_ANSWERS)) or is_normal_end(error):
        return True
    theirs = getattr(sys.modules.get("starlette.exceptions"), "WebSocketException", ())
    return isinstance(error, theirs)


def is_normal_end(error: BaseException) -> bool:
    """Whether a client has closed its WebSocket, as told."""
    kind: Any = getattr(sys.modules.get("starlette.websockets"), "WebSocketDisconnect", ())
    return isinstance(error, kind) and error.code in _LEFT


def status_of(error: BaseException) -> Optional[int]:
    """What the server answers to an exception that comes out of an app."""
    if isinstance(error, http_exceptions()):
        return int(error.status_code)
    return 500 if isinstance(error, Exception) else None


def type_of(error: BaseException) -> str:
    """An exception's class, as OpenTelemetry names it."""
    kind = type(error)
    name = kind.__qualname__
    return name if kind.__module__ == "builtins" else f"{kind.__module__}.{name}"


def _place(observed: Observed) -> Any:
    return {} if observed.route is None else {"http.route": observed.route}
