"""Middleware: what every request passes on its way to its route, and every response back.

``app.add_middleware(CORSMiddleware, allow_origins=["*"])``; the one added last is the outermost.
"""

from fasterapi._layers import Middleware
from fasterapi.middleware.base import BaseHTTPMiddleware

__all__ = ["BaseHTTPMiddleware", "Middleware"]
