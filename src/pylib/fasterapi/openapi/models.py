"""Objects of OpenAPI 3.1 that apps put together themselves: the models of security schemes.

Each is a dict with its members as attributes, without those that are None."""

from typing import Any, Dict, Optional


class Object(Dict[str, Any]):
    """Members by keyword."""

    def __init__(self, **members: Any) -> None:
        super().__init__({name: value for name, value in members.items() if value is not None})

    def __getattr__(self, name: str) -> Any:
        return self.get("in" if name == "in_" else name)


class OAuthFlow(Object):
    """One flow; ``scopes`` with their descriptions."""

    def __init__(
        self,
        refreshUrl: Optional[str] = None,
        scopes: Optional[Dict[str, str]] = None,
        **members: Any,
    ) -> None:
        super().__init__(refreshUrl=refreshUrl, scopes=scopes or {}, **members)


class OAuthFlowImplicit(OAuthFlow):
    """A token straight from ``authorizationUrl``."""


class OAuthFlowPassword(OAuthFlow):
    """A token of ``tokenUrl`` for a name and a password."""


class OAuthFlowClientCredentials(OAuthFlow):
    """A token of ``tokenUrl`` for the client itself."""


class OAuthFlowAuthorizationCode(OAuthFlow):
    """A token of ``tokenUrl`` for a code of ``authorizationUrl``."""


class OAuthFlows(Object):
    """``implicit``, ``password``, ``clientCredentials``, ``authorizationCode``: each a flow, or a
    dict of its members."""

    def __init__(self, **flows: Any) -> None:
        super().__init__(
            **{name: OAuthFlow(**flow) for name, flow in flows.items() if flow is not None}
        )


class SecurityBase(Object):
    """A Security Scheme Object; ``type`` is apiKey, http, oauth2 or openIdConnect."""


class APIKey(SecurityBase):
    """A key; ``in_`` is query, header or cookie."""

    def __init__(self, name: str, in_: Optional[str] = None, **members: Any) -> None:
        place = members.pop("in", in_)
        super().__init__(type="apiKey", name=name, **{"in": place}, **members)


class HTTPBase(SecurityBase):
    """A scheme of the Authorization field."""

    def __init__(self, scheme: str, **members: Any) -> None:
        super().__init__(type="http", scheme=scheme, **members)


class HTTPBearer(HTTPBase):
    """A bearer token."""

    def __init__(self, bearerFormat: Optional[str] = None, **members: Any) -> None:
        super().__init__("bearer", bearerFormat=bearerFormat, **members)


class OAuth2(SecurityBase):
    """OAuth2 with its flows."""

    def __init__(self, flows: Any, **members: Any) -> None:
        super().__init__(type="oauth2", flows=flows, **members)


class OpenIdConnect(SecurityBase):
    """A provider that describes itself under a URL."""

    def __init__(self, openIdConnectUrl: str, **members: Any) -> None:
        super().__init__(type="openIdConnect", openIdConnectUrl=openIdConnectUrl, **members)
