"""What all schemes share."""

from typing import Any, Dict, List, Optional, Tuple

from fasterapi.exceptions import HTTPException
from fasterapi.requests import Request


class SecurityBase:
    """A scheme: a dependency that gives what the client sent.

    ``model`` is its Security Scheme Object (OpenAPI 3.1), ``scheme_name`` its name there.
    Subclasses override ``authenticate``, or like FastAPI's ``__call__``."""

    model: Dict[str, Any]

    def __init__(
        self,
        model: Dict[str, Any],
        scheme_name: Optional[str],
        description: Optional[str],
        auto_error: bool,
    ) -> None:
        said = {"description": description} if description else {}
        self.model = {**model, **said}
        self.scheme_name = scheme_name or type(self).__name__
        self.auto_error = auto_error

    def authenticate(self, request: Request) -> Any:
        """What the client sent; None, or HTTPException 401, where it sent nothing."""
        raise NotImplementedError

    async def __call__(self, request: Request) -> Any:
        return self.authenticate(request)

    def make_not_authenticated_error(self) -> HTTPException:
        """The answer to a client that sent nothing of use."""
        return HTTPException(401, "Not authenticated", self.make_authenticate_headers())

    def make_authenticate_headers(self) -> Dict[str, str]:
        """Which scheme the client is asked for (RFC 9110, section 11.6.1)."""
        return {"WWW-Authenticate": "Bearer"}

    def refuse(self) -> Any:
        """Raises the 401 where ``auto_error`` says so; None otherwise."""
        if self.auto_error:
            raise self.make_not_authenticated_error()
        return None


class SecurityScopes:
    """The scopes that Security asked for on the way to a dependency, as its parameter."""

    def __init__(self, scopes: Optional[List[str]] = None) -> None:
        self.scopes: List[str] = scopes or []
        self.scope_str = " ".join(self.scopes)


def authorization(request: Request) -> Tuple[str, str]:
    """The scheme and the rest of the Authorization field; both empty without one."""
    scheme, _, rest = request.headers.get("authorization", "").partition(" ")
    return scheme, rest.strip()
