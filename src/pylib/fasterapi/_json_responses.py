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


def _encoder(name: str) -> Any:
    """The module; None in a sub-interpreter where it loads in the main one alone."""
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError:
        raise
    except ImportError:
        return None


class UJSONResponse(_Other):
    """JSON by ujson, which is to be installed."""

    def render(self, content: Any) -> bytes:
        ujson = _encoder("ujson")
        if ujson is None:
            return super().render(content)
        text: str = ujson.dumps(content, ensure_ascii=False)
        return text.encode()


class ORJSONResponse(_Other):
    """JSON by orjson, which is to be installed; sub-interpreters, which refuse it, have ours."""

    def render(self, content: Any) -> bytes:
        orjson = _encoder("orjson")
        if orjson is None:
            return super().render(content)
        options = orjson.OPT_NON_STR_KEYS | orjson.OPT_SERIALIZE_NUMPY
        text: bytes = orjson.dumps(content, option=options)
        return text
