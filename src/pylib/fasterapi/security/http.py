"""Credentials in the Authorization field: Basic (RFC 7617), Bearer (RFC 6750), Digest."""

from base64 import b64decode
from typing import Any, Dict, Optional

from fasterapi._schema._model import Model
from fasterapi.requests import Request
from fasterapi.security.base import SecurityBase, authorization


class HTTPBasicCredentials(Model):
    """What HTTPBasic gives."""

    username: str
    password: str


class HTTPAuthorizationCredentials(Model):
    """What HTTPBearer and HTTPDigest give; ``credentials`` is what follows the scheme."""

    scheme: str
    credentials: str


class HTTPBase(SecurityBase):
    """Any scheme of the Authorization field."""

    def __init__(
        self,
        *,
        scheme: str,
        scheme_name: Optional[str] = None,
        description: Optional[str] = None,
        auto_error: bool = True,
    ) -> None:
        super().__init__({"type": "http", "scheme": scheme}, scheme_name, description, auto_error)
        self.scheme = scheme

    def authenticate(self, request: Request) -> Any:
        scheme, credentials = authorization(request)
        if not (scheme and credentials and self.accepts(scheme)):
            return self.refuse()
        return HTTPAuthorizationCredentials(scheme=scheme, credentials=credentials)

    def accepts(self, scheme: str) -> bool:
        """Whether the client's scheme is this one."""
        return True

    def make_authenticate_headers(self) -> Dict[str, str]:
        return {"WWW-Authenticate": self.scheme.title()}


class HTTPBasic(HTTPBase):
    """A user name and a password, in the clear but for TLS."""

    def __init__(
        self,
        *,
        scheme_name: Optional[str] = None,
        realm: Optional[str] = None,
        description: Optional[str] = None,
        auto_error: bool = True,
    ) -> None:
        super().__init__(
            scheme="basic",
            scheme_name=scheme_name,
            description=description,
            auto_error=auto_error,
        )
        self.realm = realm

    def authenticate(self, request: Request) -> Any:
        scheme, encoded = authorization(request)
        if scheme.lower() != "basic":
            return self.refuse()
        try:
            text = b64decode(encoded).decode("ascii")
        except ValueError as error:
            raise self.make_not_authenticated_error() from error
        username, separator, password = text.partition(":")
        if not separator:
            raise self.make_not_authenticated_error()
        return HTTPBasicCredentials(username=username, password=password)

    def make_authenticate_headers(self) -> Dict[str, str]:
        realm = f' realm="{self.realm}"' if self.realm else ""
        return {"WWW-Authenticate": "Basic" + realm}


class HTTPBearer(HTTPBase):
    """A bearer token."""

    def __init__(
        self,
        *,
        bearerFormat: Optional[str] = None,
        scheme_name: Optional[str] = None,
        description: Optional[str] = None,
        auto_error: bool = True,
    ) -> None:
        super().__init__(
            scheme="bearer",
            scheme_name=scheme_name,
            description=description,
            auto_error=auto_error,
        )
        if bearerFormat:
            self.model["bearerFormat"] = bearerFormat

    def accepts(self, scheme: str) -> bool:
        return scheme.lower() == "bearer"


class HTTPDigest(HTTPBase):
    """The field of Digest authentication; its check is the app's."""

    def __init__(
        self,
        *,
        scheme_name: Optional[str] = None,
        description: Optional[str] = None,
        auto_error: bool = True,
    ) -> None:
        super().__init__(
            scheme="digest",
            scheme_name=scheme_name,
            description=description,
            auto_error=auto_error,
        )

    def accepts(self, scheme: str) -> bool:
        return scheme.lower() == "digest"
