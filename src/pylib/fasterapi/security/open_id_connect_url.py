"""OpenIdConnect under FastAPI's name of the module."""

from fasterapi.security.oauth2 import OpenIdConnect

__all__ = ["OpenIdConnect"]
