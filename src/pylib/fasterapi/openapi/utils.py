"""Documents out of routes."""

from fasterapi._openapi import get_openapi

__all__ = ["get_openapi"]
