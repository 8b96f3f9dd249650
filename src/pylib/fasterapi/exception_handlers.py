"""The answers to exceptions that an app's own handlers do not take, to be used by those."""

from fasterapi import _errors
from fasterapi.exceptions import RequestValidationError, StarletteHTTPException
from fasterapi.requests import Request
from fasterapi.responses import Response


async def http_exception_handler(request: Request, exc: StarletteHTTPException) -> Response:
    """``{"detail": ...}`` with the exception's status and headers."""
    return _errors.http_exception_handler(request, exc)


async def request_validation_exception_handler(
    request: Request, exc: RequestValidationError
) -> Response:
    """The 422."""
    return _errors.request_validation_exception_handler(request, exc)
