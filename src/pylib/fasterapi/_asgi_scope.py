"""Requests as ASGI scopes, and back."""

import asyncio
from typing import Any, Callable, Dict, List, Optional, Tuple

from fasterapi._plain_request import PlainRequest
from fasterapi._request_extras import SCOPE, incoming_of, quoted, value_of
from fasterapi.datastructures import Address, Headers, State

EXCHANGE = "fasterapi.exchange"  # in a scope that an Exchange has made
_DEFAULT_PORTS = {"http": 80, "https": 443}


class AsgiRequest(PlainRequest):
    """A request with the scope that it came in, for handlers behind middleware of ASGI's world."""

    __slots__ = ("_following", "_scope")

    def __init__(self, scope: Dict[str, Any], body: bytes) -> None:
        method, path, query_string = _line_of(scope)
        super().__init__(
            method,
            path,
            query_string,
            Headers._of(decoded(scope.get("headers", ()))),
            body,
            scope.setdefault("path_params", {}),
            Address(*scope["client"]) if scope.get("client") else None,
            scope.get("app"),
        )
        self.root_path = scope.get("root_path", "")
        self.scheme = scope.get("scheme", "http")
        exchange = scope.get(EXCHANGE)
        if exchange is not None:
            self._has_client_left = exchange.has_client_left
            self._departure = exchange.departure
        self._following: Optional[List[Any]] = None  # takes what is to be done after the response
        self._scope = scope
        self._state = State(scope.setdefault("state", {}))

    @property
    def scope(self) -> Dict[str, Any]:
        """What middleware made of it."""
        return with_route(self._scope, self)


async def read_body(receive: Any, find_limit: Callable[[], Optional[int]] = lambda: None) -> bytes:
    """The whole body, or so much of it that it is longer than the limit, which is asked for where
    the body comes in parts. CancelledError where the client leaves before it is there."""
    parts: List[bytes] = []
    size, limit = 0, None
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise asyncio.CancelledError
        parts.append(message.get("body", b""))
        if not message.get("more_body", False):
            return b"".join(parts)
        limit = find_limit() if size == 0 else limit
        size += len(parts[-1])
        if limit is not None and size > limit:
            return b"".join(parts)


def with_route(scope: Dict[str, Any], request: Any) -> Dict[str, Any]:
    """The scope with the route and endpoint that the request belongs to, None for a mount's."""
    if "route" not in scope and hasattr(request.app, "_route_of"):
        route = scope["route"] = request.app._route_of(request)
        scope["endpoint"] = getattr(route, "endpoint", None)
    return scope


def decoded(headers: Any) -> List[Tuple[str, str]]:
    """Fields of a scope as text."""
    return [(name.decode("latin-1"), value.decode("latin-1")) for name, value in headers]


def encoded(fields: Any) -> List[Tuple[bytes, bytes]]:
    """Fields, of which some may be bytes, for a message."""
    return [(_bytes(name).lower(), _bytes(value)) for name, value in fields]


def _bytes(text: Any) -> bytes:
    return text if isinstance(text, bytes) else bytes(text, "latin-1")


def state_of(request: Any) -> Dict[str, Any]:
    """What the lifespan and the handlers of a request have put there."""
    values: Dict[str, Any] = request.state._values
    for name, value in State._of_lifespan.items():
        values.setdefault(name, value)
    return values


def kept_scope_of(request: Any) -> Optional[Dict[str, Any]]:
    """The scope that a request has come in, or that somebody has asked it for; None of another."""
    if isinstance(request, AsgiRequest):
        return request._scope
    kept: Optional[Dict[str, Any]] = request.state._values.get(SCOPE)
    is_own = kept is not None and kept["app"] is request.app  # not that of a mount around it
    return kept if is_own else None


def rewritten(request: Any) -> Any:
    """The request, as a new one where middleware has changed what its scope says of it."""
    scope = kept_scope_of(request)
    if scope is None or _is_said_by(scope, request):
        return request
    made = AsgiRequest(scope, b"")
    made._incoming, made._outer = incoming_of(request), getattr(request, "_outer", None)
    made._has_client_left, made._departure = request._has_client_left, request._departure
    made._following = getattr(request, "_following", None)
    if made._incoming is None:
        made._body = value_of(request.body())
    return made


def _is_said_by(scope: Dict[str, Any], request: Any) -> bool:
    if _line_of(scope) != (request.method, request.path, request.query_string):
        return False
    now, before = decoded(scope.get("headers", ())), request.headers.multi_items()
    return now == before or _lowered(now) == _lowered(before)


def _line_of(scope: Dict[str, Any]) -> Tuple[str, str, str]:
    """Method, path and query string."""
    root, path = scope.get("root_path", ""), scope.get("path", "/")
    own = path[len(root) :] if root and path.startswith(root) else path
    return scope.get("method", "GET"), own, scope.get("query_string", b"").decode("latin-1")


def _lowered(fields: List[Tuple[str, str]]) -> List[Tuple[str, str]]:
    return [(name.lower(), value) for name, value in fields]


def scope_of(request: Any) -> Dict[str, Any]:
    """A request as ASGI has it. ``state`` is that of the request, not a copy."""
    if isinstance(request, AsgiRequest):
        path = request.root_path + request.path
        return {**request._scope, "path": path, "root_path": request.root_path, "app": request.app}
    kept = kept_scope_of(request)
    if kept is not None:
        return dict(kept)
    scheme, path = request.scheme, request.root_path + request.path
    host, _, port = request.headers.get("host", "localhost").rpartition(":")
    if not port.isdigit():
        host, port = f"{host}:{port}" if host else port, ""
    return {
        **(getattr(request, "_around", None) or {}),
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": request.method,
        "scheme": scheme,
        "path": path,
        "raw_path": quoted(path).encode(),
        "query_string": request.query_string.encode("latin-1"),
        "root_path": request.root_path,
        "headers": [
            (name.lower().encode("latin-1"), value.encode("latin-1"))
            for name, value in request.headers.multi_items()
        ],
        "client": request.client and tuple(request.client),
        "server": (host, int(port) if port else _DEFAULT_PORTS.get(scheme, 80)),
        "state": state_of(request),
        "extensions": {},
        "path_params": dict(request.path_params),
        "app": request.app,
    }
