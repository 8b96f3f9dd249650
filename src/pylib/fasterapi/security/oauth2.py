"""OAuth2 (RFC 6749) and OpenID Connect: the token of a request, and the form that asks for one."""

from typing import Annotated, Any, Dict, Optional

from fasterapi.params import Form
from fasterapi.requests import Request
from fasterapi.security.base import SecurityBase, authorization
from fasterapi.security.base import SecurityScopes as SecurityScopes


class OAuth2(SecurityBase):
    """Any flow; gives the whole Authorization field."""

    def __init__(
        self,
        *,
        flows: Optional[Dict[str, Dict[str, Any]]] = None,
        scheme_name: Optional[str] = None,
        description: Optional[str] = None,
        auto_error: bool = True,
    ) -> None:
        model = {"type": "oauth2", "flows": flows or {}}
        super().__init__(model, scheme_name, description, auto_error)

    def authenticate(self, request: Request) -> Any:
        return request.headers.get("authorization") or self.refuse()


class _Bearer(OAuth2):
    def authenticate(self, request: Request) -> Any:
        scheme, token = authorization(request)
        return token if scheme.lower() == "bearer" else self.refuse()


class OAuth2PasswordBearer(_Bearer):
    """The token that ``tokenUrl`` gave for a name and a password."""

    def __init__(
        self,
        tokenUrl: str,
        scheme_name: Optional[str] = None,
        scopes: Optional[Dict[str, str]] = None,
        description: Optional[str] = None,
        auto_error: bool = True,
        refreshUrl: Optional[str] = None,
    ) -> None:
        flow = _flow(scopes, tokenUrl=tokenUrl, refreshUrl=refreshUrl)
        super().__init__(
            flows={"password": flow},
            scheme_name=scheme_name,
            description=description,
            auto_error=auto_error,
        )


class OAuth2AuthorizationCodeBearer(_Bearer):
    """The token that ``tokenUrl`` gave for a code of ``authorizationUrl``."""

    def __init__(
        self,
        authorizationUrl: str,
        tokenUrl: str,
        refreshUrl: Optional[str] = None,
        scheme_name: Optional[str] = None,
        scopes: Optional[Dict[str, str]] = None,
        description: Optional[str] = None,
        auto_error: bool = True,
    ) -> None:
        flow = _flow(
            scopes, authorizationUrl=authorizationUrl, tokenUrl=tokenUrl, refreshUrl=refreshUrl
        )
        super().__init__(
            flows={"authorizationCode": flow},
            scheme_name=scheme_name,
            description=description,
            auto_error=auto_error,
        )


class OpenIdConnect(SecurityBase):
    """The Authorization field, for a provider that describes itself under a URL."""

    def __init__(
        self,
        *,
        openIdConnectUrl: str,
        scheme_name: Optional[str] = None,
        description: Optional[str] = None,
        auto_error: bool = True,
    ) -> None:
        model = {"type": "openIdConnect", "openIdConnectUrl": openIdConnectUrl}
        super().__init__(model, scheme_name, description, auto_error)

    def authenticate(self, request: Request) -> Any:
        return request.headers.get("authorization") or self.refuse()


class OAuth2PasswordRequestForm:
    """The form of the password flow (RFC 6749, section 4.3.2), as ``Depends()``; ``scopes`` is
    the scope field split at spaces."""

    def __init__(
        self,
        *,
        grant_type: Annotated[Optional[str], Form(pattern="^password$")] = None,
        username: Annotated[str, Form()],
        password: Annotated[str, Form(json_schema_extra={"format": "password"})],
        scope: Annotated[str, Form()] = "",
        client_id: Annotated[Optional[str], Form()] = None,
        client_secret: Annotated[
            Optional[str], Form(json_schema_extra={"format": "password"})
        ] = None,
    ) -> None:
        self.grant_type = grant_type
        self.username = username
        self.password = password
        self.scopes = scope.split()
        self.client_id = client_id
        self.client_secret = client_secret


class OAuth2PasswordRequestFormStrict(OAuth2PasswordRequestForm):
    """The same, with the grant type that the standard asks for."""

    def __init__(
        self,
        grant_type: Annotated[str, Form(pattern="^password$")],
        username: Annotated[str, Form()],
        password: Annotated[str, Form()],
        scope: Annotated[str, Form()] = "",
        client_id: Annotated[Optional[str], Form()] = None,
        client_secret: Annotated[Optional[str], Form()] = None,
    ) -> None:
        super().__init__(
            grant_type=grant_type,
            username=username,
            password=password,
            scope=scope,
            client_id=client_id,
            client_secret=client_secret,
        )


def _flow(scopes: Optional[Dict[str, str]], **urls: Optional[str]) -> Dict[str, Any]:
    return {**{name: url for name, url in urls.items() if url}, "scopes": scopes or {}}
