"""Handlers that the server runs without Python: compiled ones by name, and traced ones."""

import re

from fasterapi.requests import Request
from fasterapi.responses import Response

__all__ = ["CppHandler"]

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


class CppHandler:
    """A handler compiled in C++: ``CppHandler("name")`` names one that FASTERAPI_HANDLER compiled
    into the server, ``CppHandler("lib.so:symbol")`` one in a shared object."""

    def __init__(self, name: str) -> None:
        file, separator, symbol = name.rpartition(":")
        if not _NAME.fullmatch(symbol) or (separator and not file):
            raise ValueError(f'CppHandler: {name!r} is neither "name" nor "lib.so:symbol"')
        self.name = name

    def __repr__(self) -> str:
        return f"CppHandler({self.name!r})"

    def __call__(self, req: Request, res: Response) -> None:
        raise RuntimeError(f"{self!r} is compiled: it runs in fasterapi-server alone")
