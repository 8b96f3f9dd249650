"""Clients behind a proxy."""

import ipaddress
from typing import Any, Dict, List, Sequence, Tuple, Union

_SCHEMES = ("http", "https", "ws", "wss")


class ProxyHeadersMiddleware:
    """Takes ``request.client`` from X-Forwarded-For and the URL's scheme from X-Forwarded-Proto, of
    requests and of WebSockets, where the other end of the connection is a proxy that is trusted to
    set these.

    ``trusted_hosts`` are addresses and networks, a list or a text with commas; "*" trusts all, a
    Unix socket among them. Of several proxies in a row each has to be trusted: the client is the
    last in X-Forwarded-For that is none of them."""

    def __init__(self, app: Any, trusted_hosts: Union[str, Sequence[str]] = "127.0.0.1") -> None:
        self.app = app
        listed = trusted_hosts.split(",") if isinstance(trusted_hosts, str) else trusted_hosts
        names = [name.strip() for name in listed]
        self._trusts_all = "*" in names
        self._networks = [ipaddress.ip_network(name) for name in names if name != "*"]

    async def __call__(self, scope: Dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] in ("http", "websocket") and self._trusts((scope["client"] or ("",))[0]):
            scope = {**scope, **self._told(scope)}
        await self.app(scope, receive, send)

    def _trusts(self, host: str) -> bool:
        if self._trusts_all:
            return True
        try:
            address = ipaddress.ip_address(host)
        except ValueError:
            return False
        mapped = getattr(address, "ipv4_mapped", None)
        return any((mapped or address) in network for network in self._networks)

    def _told(self, scope: Dict[str, Any]) -> Dict[str, Any]:
        told: Dict[str, Any] = {}
        hosts: List[str] = []
        for name, value in scope["headers"]:
            if name == b"x-forwarded-for":
                hosts += [host.strip() for host in value.decode("latin-1").split(",")]
            elif name == b"x-forwarded-proto":
                scheme = value.decode("latin-1").strip()
                if scheme in _SCHEMES:
                    is_http = scope["type"] == "http"
                    kind = "http" if is_http else "ws"
                    told["scheme"] = kind + "s" if scheme.endswith("s") else kind
        client = self._client(hosts)
        if client[0]:
            told["client"] = client
        return told

    def _client(self, hosts: Sequence[str]) -> Tuple[str, int]:
        found = ("", 0)
        for text in reversed(hosts):
            found = _host_and_port(text)
            if not self._trusts(found[0]):
                break
        return found


def _host_and_port(text: str) -> Tuple[str, int]:
    host, port = text, ""
    if text.startswith("["):
        host, _, port = text[1:].partition("]")
        port = port.lstrip(":")
    elif text.count(":") == 1:
        host, _, port = text.partition(":")
    return host, int(port) if port.isascii() and port.isdigit() else 0
