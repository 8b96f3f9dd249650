"""A key in a query parameter, a header field or a cookie."""

from typing import Any, Dict, Mapping, Optional

from fasterapi.requests import Request
from fasterapi.security.base import SecurityBase


class APIKeyBase(SecurityBase):
    """A key under a name."""

    location = ""

    def __init__(
        self,
        *,
        name: str,
        scheme_name: Optional[str] = None,
        description: Optional[str] = None,
        auto_error: bool = True,
    ) -> None:
        model = {"type": "apiKey", "in": self.location, "name": name}
        super().__init__(model, scheme_name, description, auto_error)
        self.name = name

    def values(self, request: Request) -> Mapping[str, str]:
        """Where the key is looked for."""
        raise NotImplementedError

    def authenticate(self, request: Request) -> Any:
        key = self.values(request).get(self.name)
        return key if key else self.refuse()

    def make_authenticate_headers(self) -> Dict[str, str]:
        return {"WWW-Authenticate": "APIKey"}


class APIKeyQuery(APIKeyBase):
    """A key in the query."""

    location = "query"

    def values(self, request: Request) -> Mapping[str, str]:
        return request.query_params


class APIKeyHeader(APIKeyBase):
    """A key in a header field."""

    location = "header"

    def values(self, request: Request) -> Mapping[str, str]:
        return request.headers


class APIKeyCookie(APIKeyBase):
    """A key in a cookie."""

    location = "cookie"

    def values(self, request: Request) -> Mapping[str, str]:
        return request.cookies
