"""What spans and metrics say of a request, by OpenTelemetry's semantic conventions for HTTP."""

import os
from typing import Any, Dict, FrozenSet, Mapping
from urllib.parse import parse_qsl, urlencode, urlsplit

SCHEMA_URL = "https://opentelemetry.io/schemas/1.44.0"
_METHODS = frozenset(
    ("CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "QUERY", "TRACE")
)
_PORTS = {"http": 80, "https": 443, "ws": 80, "wss": 443}
_SECRETS = frozenset(
    ("X-Amz-Signature", "X-Amz-Credential", "X-Amz-Security-Token", "sig", "X-Goog-Signature")
)
_OTHER = "_OTHER"


def known_methods() -> FrozenSet[str]:
    """Methods that are said as they are; OTEL_INSTRUMENTATION_HTTP_KNOWN_METHODS names others."""
    said = os.getenv("OTEL_INSTRUMENTATION_HTTP_KNOWN_METHODS", "").strip()
    return frozenset(m.strip() for m in said.split(",") if m.strip()) if said else _METHODS


def span_method(scope: Mapping[str, Any], attributes: Mapping[str, Any]) -> str:
    """What a span's name begins with."""
    if scope["type"] == "websocket":
        return "WS"
    method = str(attributes["http.request.method"])
    return "HTTP" if method == _OTHER else method


def common(scope: Mapping[str, Any], known: FrozenSet[str]) -> Dict[str, Any]:
    """Those of the span and the metrics: few values each."""
    if scope["type"] == "websocket":
        scheme = scope.get("scheme", "ws")
        return {"url.scheme": scheme, "network.protocol.name": "websocket"}
    method = scope.get("method", "")
    made = {
        "url.scheme": scope.get("scheme", "http"),
        "http.request.method": method if method in known else _OTHER,
    }
    if scope.get("http_version"):
        made["network.protocol.version"] = scope["http_version"]
    return made


def of_span(scope: Mapping[str, Any], shared: Mapping[str, Any]) -> Dict[str, Any]:
    """Those of the span alone: where it went, and what it asked for."""
    made = {**shared, **_server(scope)}
    if scope["type"] == "websocket":
        return made
    made["url.path"] = scope["path"]
    if scope.get("query_string"):
        made["url.query"] = _query(scope["query_string"].decode("latin-1"))
    if made["http.request.method"] == _OTHER and scope.get("method") != _OTHER:
        made["http.request.method_original"] = scope.get("method", "")
    return made


def _query(text: str) -> str:
    pairs = parse_qsl(text, keep_blank_values=True)
    return urlencode([(k, "REDACTED" if k in _SECRETS else v) for k, v in pairs])


def _server(scope: Mapping[str, Any]) -> Dict[str, Any]:
    host = next((v for n, v in scope.get("headers", ()) if n.lower() == b"host"), None)
    if host is None:
        address, port = scope.get("server") or (None, None)
    else:
        address, port = _authority(host.decode("latin-1"), scope.get("scheme", "http"))
    if address is None:
        return {}
    return {"server.address": address, **({} if port is None else {"server.port": port})}


def _authority(host: str, scheme: str) -> Any:
    """Address and port of a Host field; None of one that is no authority."""
    try:
        url = urlsplit("//" + host)
        port = url.port
    except ValueError:
        return None, None
    if url.username is not None or url.path or url.query or url.fragment:
        return None, None
    return url.hostname, _PORTS.get(scheme) if port is None else port
