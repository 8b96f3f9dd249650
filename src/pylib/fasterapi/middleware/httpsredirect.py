"""Plain HTTP sent to HTTPS."""

from typing import Any

from fasterapi.middleware.base import CallNext
from fasterapi.responses import RedirectResponse, Response


class HTTPSRedirectMiddleware:
    """Redirects requests whose URL is not one over TLS."""

    def __init__(self, app: CallNext) -> None:
        self.app = app

    async def __call__(self, request: Any) -> Response:
        url = request.url
        if url.is_secure:
            return await self.app(request)
        port = None if url.port in (80, 443) else url.port
        return RedirectResponse(str(url.replace(scheme="https", port=port)))
