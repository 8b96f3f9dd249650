"""The HTTP client that is there: httpx2, as for TestClient, or httpx."""

import importlib
from types import ModuleType

from fasterapi import _dependencies


def httpx() -> ModuleType:
    """The module, imported now. ModuleNotFoundError that says what to install."""
    try:
        return importlib.import_module("httpx2")
    except ModuleNotFoundError:
        with _dependencies.needed_by("client()"):
            return importlib.import_module("httpx")
