"""Cross-origin requests (the CORS protocol of the Fetch standard)."""

import re
from typing import Any, Collection, Dict, List, Optional

from fasterapi.datastructures import Headers, MutableHeaders
from fasterapi.middleware.base import CallNext
from fasterapi.responses import PlainTextResponse, Response

ALL_METHODS = ("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT")
SAFELISTED_HEADERS = {"Accept", "Accept-Language", "Content-Language", "Content-Type"}


class CORSMiddleware:
    """Says which other origins may read the answers, and answers preflight requests.

    ``max_age`` is how many seconds a browser may keep the answer to a preflight."""

    def __init__(
        self,
        app: CallNext,
        allow_origins: Collection[str] = (),
        allow_methods: Collection[str] = ("GET",),
        allow_headers: Collection[str] = (),
        allow_credentials: bool = False,
        allow_origin_regex: Optional[str] = None,
        allow_private_network: bool = False,
        expose_headers: Collection[str] = (),
        max_age: int = 600,
    ) -> None:
        self.app = app
        self._methods = ALL_METHODS if "*" in allow_methods else tuple(allow_methods)
        self._origins = allow_origins
        self._pattern = re.compile(allow_origin_regex) if allow_origin_regex else None
        self._is_any_origin = "*" in allow_origins
        self._is_any_header = "*" in allow_headers
        self._is_explicit = not self._is_any_origin or allow_credentials
        self._allows_private = allow_private_network
        names = sorted(SAFELISTED_HEADERS | set(allow_headers))
        self._headers = {name.lower() for name in names}
        self._simple: Dict[str, str] = {}
        self._preflight = {
            "Vary": "Origin, Access-Control-Request-Method, Access-Control-Request-Headers, "
            "Access-Control-Request-Private-Network",
            "Access-Control-Allow-Methods": ", ".join(self._methods),
            "Access-Control-Max-Age": str(max_age),
        }
        if self._is_any_origin:
            self._simple["Access-Control-Allow-Origin"] = "*"
        if not self._is_explicit:
            self._preflight["Access-Control-Allow-Origin"] = "*"
        if not self._is_any_header:
            self._preflight["Access-Control-Allow-Headers"] = ", ".join(names)
        if allow_credentials:
            self._simple["Access-Control-Allow-Credentials"] = "true"
            self._preflight["Access-Control-Allow-Credentials"] = "true"
        if expose_headers:
            self._simple["Access-Control-Expose-Headers"] = ", ".join(expose_headers)

    async def __call__(self, request: Any) -> Response:
        headers: Headers = request.headers
        origin = headers.get("origin")
        asks_first = request.method == "OPTIONS" and "access-control-request-method" in headers
        if origin is not None and asks_first:
            return self._answer_preflight(origin, headers)
        response = await self.app(request)
        self._mark(response.headers, origin)
        return response

    def _allows(self, origin: str) -> bool:
        if self._is_any_origin or origin in self._origins:
            return True
        return self._pattern is not None and self._pattern.fullmatch(origin) is not None

    def _answer_preflight(self, origin: str, asked: Headers) -> Response:
        headers = dict(self._preflight)
        failures: List[str] = []
        if not self._allows(origin):
            failures.append("origin")
        elif self._is_explicit:
            headers["Access-Control-Allow-Origin"] = origin
        if asked["access-control-request-method"] not in self._methods:
            failures.append("method")
        names = asked.get("access-control-request-headers")
        if names is not None and self._is_any_header:
            headers["Access-Control-Allow-Headers"] = names
        elif names is not None and not self._allows_headers(names):
            failures.append("headers")
        if "access-control-request-private-network" in asked:
            if self._allows_private:
                headers["Access-Control-Allow-Private-Network"] = "true"
            else:
                failures.append("private-network")
        if failures:
            text = "Disallowed CORS " + ", ".join(failures)
            return PlainTextResponse(text, status_code=400, headers=headers)
        return PlainTextResponse("OK", headers=headers)

    def _allows_headers(self, names: str) -> bool:
        return all(name.strip().lower() in self._headers for name in names.split(","))

    def _mark(self, headers: MutableHeaders, origin: Optional[str]) -> None:
        if origin is not None:
            headers.update(self._simple)
            if self._is_explicit and self._allows(origin):
                headers["Access-Control-Allow-Origin"] = origin
        headers.add_vary_header("Origin")  # for caches: the answer may depend on it
