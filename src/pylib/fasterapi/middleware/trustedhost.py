"""Requests for hosts that the app does not have."""

from typing import Any, Optional, Sequence

from fasterapi.middleware.base import CallNext
from fasterapi.responses import PlainTextResponse, RedirectResponse, Response


class TrustedHostMiddleware:
    """Answers 400 where the Host field names none of ``allowed_hosts``, which may begin with
    ``*.``. ``www_redirect`` sends ``a.b`` to ``www.a.b`` where only that is allowed."""

    def __init__(
        self,
        app: CallNext,
        allowed_hosts: Optional[Sequence[str]] = None,
        www_redirect: bool = True,
    ) -> None:
        self.app = app
        self._hosts = [host.lower() for host in (allowed_hosts or ["*"])]
        self._www_redirect = www_redirect
        for host in self._hosts:
            if "*" in host[1:] or (host.startswith("*") and host[:2] not in ("*", "*.")):
                raise ValueError(f"allowed host {host!r}: a wildcard is '*' or '*.example.com'")

    async def __call__(self, request: Any) -> Response:
        host = _host_of(request.headers.get("host", ""))
        if "*" in self._hosts or any(_fits(host, allowed) for allowed in self._hosts):
            return await self.app(request)
        if self._www_redirect and "www." + host in self._hosts:
            url = request.url
            return RedirectResponse(str(url.replace(netloc="www." + url.netloc)))
        return PlainTextResponse("Invalid host header", status_code=400)


def _host_of(field: str) -> str:
    if field.startswith("["):  # an IPv6 address
        return field.partition("]")[0].lower() + "]"
    return field.partition(":")[0].lower()


def _fits(host: str, allowed: str) -> bool:
    return host == allowed or (allowed.startswith("*.") and host.endswith(allowed[1:]))
