"""JSON by other encoders, for apps that name them; both go the way of FastAPI's."""

import importlib
import warnings
from typing import Any

from fasterapi.exceptions import FastAPIDeprecationWarning
from fasterapi.responses import JSONResponse


class _Other(JSONResponse):
    def __init__(self, *args: Any, **options: Any) -> None:
        name = type(self).__name__
        warnings.warn(
            f"{name} is deprecated: JSONResponse, and a return type or response model, are as fast",
            FastAPIDeprecationWarning,
            stacklevel=2,
        )
        super().__init__(*args, **options)


class UJSONResponse(_Other):
    """JSON by ujson, which is to be installed."""

    def render(self, content: Any) -> bytes:
        ujson: Any = importlib.import_module("ujson")
        text: str = ujson.dumps(content, ensure_ascii=False)
        return text.encode()


class ORJSONResponse(_Other):
    """JSON by orjson, which is to be installed, and loads in the main interpreter alone."""

    def render(self, content: Any) -> bytes:
        orjson: Any = importlib.import_module("orjson")
        options = orjson.OPT_NON_STR_KEYS | orjson.OPT_SERIALIZE_NUMPY
        text: bytes = orjson.dumps(content, option=options)
        return text
