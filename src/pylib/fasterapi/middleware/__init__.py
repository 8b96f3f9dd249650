"""Middleware: what every request passes on its way to its route, and every response back.

``app.add_middleware(CORSMiddleware, allow_origins=["*"])``; the one added last is the outermost.
"""

import importlib
from typing import TYPE_CHECKING, Any

from fasterapi._layers import Middleware
from fasterapi.middleware.base import BaseHTTPMiddleware

if TYPE_CHECKING:
    from fasterapi.middleware.cors import CORSMiddleware
    from fasterapi.middleware.gzip import GZipMiddleware
    from fasterapi.middleware.httpsredirect import HTTPSRedirectMiddleware
    from fasterapi.middleware.proxyheaders import ProxyHeadersMiddleware
    from fasterapi.middleware.ratelimit import RateLimitMiddleware
    from fasterapi.middleware.trustedhost import TrustedHostMiddleware

__all__ = [
    "BaseHTTPMiddleware",
    "CORSMiddleware",
    "GZipMiddleware",
    "HTTPSRedirectMiddleware",
    "Middleware",
    "ProxyHeadersMiddleware",
    "RateLimitMiddleware",
    "TrustedHostMiddleware",
]

_MODULES = {  # imported by who asks for one: most are Starlette's
    "CORSMiddleware": "cors",
    "GZipMiddleware": "gzip",
    "HTTPSRedirectMiddleware": "httpsredirect",
    "ProxyHeadersMiddleware": "proxyheaders",
    "RateLimitMiddleware": "ratelimit",
    "TrustedHostMiddleware": "trustedhost",
}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_MODULES[name]}"), name)
