"""Exceptions that a handler raises to answer, and those that a request or an answer which does
not fit raises."""

from http import HTTPStatus
from typing import Any, Dict, List, Mapping, Optional, Sequence


class _Raised(Exception):
    """What StarletteHTTPException is made of until Starlette's own is there."""


class StarletteHTTPException(_Raised):
    """Answers with a status and ``{"detail": detail}``; ``detail`` may be any JSON value.

    Of this class are the 404 and 405 of paths that the app does not have: an exception handler for
    it, unlike one for HTTPException, is for these too."""

    status_code: int
    detail: Any
    headers: Optional[Dict[str, str]]

    def __init__(
        self, status_code: int, detail: Any = None, headers: Optional[Mapping[str, str]] = None
    ) -> None:
        if detail is None:
            detail = _phrase(status_code)
        super().__init__(status_code, detail)
        self.status_code = status_code
        self.detail = detail
        self.headers = None if headers is None else dict(headers)

    def __str__(self) -> str:
        return f"{self.status_code}: {self.detail}"

    def __repr__(self) -> str:
        return f"{type(self).__name__}(status_code={self.status_code!r}, detail={self.detail!r})"


class HTTPException(StarletteHTTPException):
    """What handlers raise to answer with a status, and ``{"detail": detail}``."""


class ValidationException(Exception):
    """Values that do not fit; ``errors()`` are the entries, as in pydantic. ``endpoint_ctx`` says
    whose values: the handler's function, file and line, and the route's method and path."""

    def __init__(
        self,
        errors: Sequence[Any],
        *,
        body: Any = None,
        endpoint_ctx: Optional[Mapping[str, Any]] = None,
    ) -> None:
        super().__init__(errors)
        self._errors = [_with_tuple(error) for error in errors]
        self.body = body
        self.endpoint_ctx: Mapping[str, Any] = endpoint_ctx or {}

    @property
    def endpoint_function(self) -> Optional[str]:
        """The handler's name."""
        return self.endpoint_ctx.get("function")

    @property
    def endpoint_path(self) -> Optional[str]:
        """The route, as "GET /items/{item_id}"."""
        return self.endpoint_ctx.get("path")

    @property
    def endpoint_file(self) -> Optional[str]:
        """The file that the handler is in."""
        return self.endpoint_ctx.get("file")

    @property
    def endpoint_line(self) -> Optional[int]:
        """The line where it begins."""
        return self.endpoint_ctx.get("line")

    def errors(self) -> List[Any]:
        """One dict per error: type, loc, msg, input, and ctx where there is more to say."""
        return self._errors

    def __str__(self) -> str:
        count = len(self._errors)
        lines = [f"{count} validation error{'' if count == 1 else 's'}:", *map(str, self._errors)]
        return "\n  ".join(lines) + self._where()

    def _where(self) -> str:
        function, path = self.endpoint_function, self.endpoint_path
        if not (self.endpoint_file and self.endpoint_line and function):
            return f"\n\n  Endpoint: {path}" if path else ""
        place = f'\n\n  File "{self.endpoint_file}", line {self.endpoint_line}, in {function}'
        return place + (f"\n    {path}" if path else "")


def _with_tuple(error: Any) -> Any:
    if isinstance(error, dict) and isinstance(error.get("loc"), list):
        return {**error, "loc": tuple(error["loc"])}
    return error


class RequestValidationError(ValidationException):
    """A request that does not fit its handler: a 422. ``body`` is what was received, parsed."""


class WebSocketRequestValidationError(ValidationException):
    """A handshake that does not fit its handler: refused, or closed with 1008."""


class WebSocketException(Exception):
    """Closes a WebSocket with a code and a reason, or refuses it where it is not accepted yet."""

    def __init__(self, code: int, reason: Optional[str] = None) -> None:
        super().__init__(code, reason)
        self.code = code
        self.reason = reason or ""

    def __str__(self) -> str:
        return f"{self.code}: {self.reason}"

    def __repr__(self) -> str:
        return f"{type(self).__name__}(code={self.code!r}, reason={self.reason!r})"


class ResponseValidationError(ValidationException):
    """A result that does not fit the response model: a 500."""


class FasterAPIError(RuntimeError):
    """An app that is put together wrongly."""


FastAPIError = FasterAPIError


class PydanticV1NotSupportedError(FasterAPIError, TypeError):
    """A model of pydantic.v1."""


class DeclarationError(TypeError, AssertionError):
    """A parameter that is declared in a way that cannot work. FastAPI has an AssertionError."""


class InvalidTypeError(FasterAPIError, TypeError):
    """An annotation that no value can be checked against."""


class FastAPIDeprecationWarning(UserWarning):
    """A way of saying things that will go."""


class DependencyScopeError(FasterAPIError):
    """A dependency that needs one which ends before it does."""


def _phrase(status_code: int) -> str:
    try:
        return HTTPStatus(status_code).phrase
    except ValueError:
        return "Unknown"
