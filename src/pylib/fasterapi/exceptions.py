"""Exceptions that a handler raises to answer."""

from http import HTTPStatus
from typing import Any, Dict, Mapping, Optional


class HTTPException(Exception):
    """Answers with a status and ``{"detail": detail}``; ``detail`` may be any JSON value."""

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


def _phrase(status_code: int) -> str:
    try:
        return HTTPStatus(status_code).phrase
    except ValueError:
        return "Unknown"
