"""Requests for hosts that the app does not have: Starlette's middleware, which lets the hosts pass
that are named in full without the detour over ASGI."""

from typing import Any, Optional

from fasterapi import _dependencies
from fasterapi.middleware.base import CallNext
from fasterapi.responses import Response

with _dependencies.needed_by("TrustedHostMiddleware"):
    from starlette.middleware import trustedhost


class TrustedHostMiddleware(trustedhost.TrustedHostMiddleware):
    """Answers 400 where the Host field names none of ``allowed_hosts``; options are Starlette's."""

    async def __fasterapi_respond__(self, request: Any, call_next: CallNext) -> Optional[Response]:
        if self.allow_any or request.headers.get("host") in self.allowed_hosts:
            return await call_next(request)
        return None  # to be asked in ASGI
