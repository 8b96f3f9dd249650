"""What a handler returns, as a Response: for routes with their own status or response class, and
for apps that run without the server, which does the rest in C++."""

import functools
import types
from collections.abc import AsyncIterator
from typing import Any, Callable, NamedTuple, Optional, Type

from fasterapi import _starlette
from fasterapi._builder import PlainBuilder, ResponseBuilder
from fasterapi._json import JsonText
from fasterapi._json_lines import JsonLines
from fasterapi._response_model import ResponseModel
from fasterapi._result_check import Check
from fasterapi.responses import (
    HTMLResponse,
    JSONResponse,
    PlainTextResponse,
    Response,
    StreamingResponse,
)

_NO_BODY = (204, 205, 304)
_STREAMS = (types.GeneratorType, AsyncIterator)
_DIRECT = (JSONResponse, PlainTextResponse, HTMLResponse)
_BUILDERS = (ResponseBuilder, PlainBuilder)
_PLAIN = frozenset((dict, list, str, int, float, bool))  # become JSON, nothing else


def is_generator(result: Any) -> bool:
    """Whether what a handler has returned becomes a stream of its parts."""
    return isinstance(result, _STREAMS)


def to_response(result: Any, builder: Optional[ResponseBuilder] = None) -> Response:
    """Responses as they are, bytes as octets, generators as a stream, anything else as JSON; the
    builder where the handler returned None or the builder."""
    if isinstance(result, Response):
        return _starlette.to_ours(result) if result._sends_itself else result
    if type(result) in _PLAIN and builder is None:
        return JSONResponse(result)
    if _starlette.is_response(result):
        return _starlette.to_ours(result)
    if isinstance(result, _BUILDERS) or (result is None and builder is not None):
        return _built(builder if result is None else result)
    if isinstance(result, JsonText):
        response = Response(result, media_type="application/json")
    elif isinstance(result, (bytes, bytearray, memoryview)):
        response = Response(result, media_type="application/octet-stream")
    elif is_generator(result):
        response = StreamingResponse(result)
    else:
        response = JSONResponse(result)
    if builder is not None:
        _add(builder, response)
    return response


class Direct(NamedTuple):
    """A shape that the server gives a result by itself, without a Python frame."""

    endpoint: Callable[..., Any]
    status_code: int  #: 0: 200
    text_type: str  #: content type of the str or bytes that the result is; empty: JSON
    check: Optional[Check] = None  #: results that fit it need no reshape
    reshape: Optional[Callable[[Any], Any]] = None  #: what else the response model makes of one
    schema: Any = None  #: what spares data the reshape, where it is in C++


class Shape:
    """What becomes of a route's results: their model, response class and status."""

    def __init__(
        self,
        status_code: Optional[int] = None,
        response_class: Type[Response] = JSONResponse,
        model: Optional[ResponseModel] = None,
        lines: Optional[JsonLines] = None,
    ) -> None:
        self.status_code = status_code
        self.response_class = response_class
        self.model = model
        self.lines = lines
        is_json = status_code is None and response_class is JSONResponse
        self.is_plain = is_json and model is None and lines is None

    def direct(self, endpoint: Callable[..., Any]) -> Optional[Direct]:
        """The endpoint and this shape, where that is a status, a text's type, or a model."""
        if self.lines is not None:
            return None
        if self.model is not None:
            if self.response_class is not JSONResponse:
                return None
            status = self.status_code or 0
            return Direct(
                endpoint, status, "", self.model.check, self._reshape, self.model.native
            )
        if self.response_class not in _DIRECT:
            return None
        text_type = ""
        if self.response_class is not JSONResponse:
            text_type = f"{self.response_class.media_type}; charset=utf-8"
        return Direct(endpoint, self.status_code or 0, text_type)

    def _reshape(self, result: Any) -> Any:
        return self.of(result, None, False)

    def of(self, result: Any, builder: Any, is_filled_in: bool) -> Any:
        """A response, or a value that the server sends as it sends any. ``is_filled_in``: the
        builder is the answer of a handler that returns None."""
        if isinstance(result, Response) or _starlette.is_response(result):
            return _starlette.to_ours(result)
        if isinstance(result, _BUILDERS) or (result is None and is_filled_in):
            return self._filled_in(builder if result is None else result)
        is_stream = is_generator(result)
        if self.lines is not None and is_stream:
            result = self.lines.response(result)
        elif self.model is not None and not is_stream:
            is_json = self.response_class is JSONResponse
            result = self.model.shape(result) if is_json else self.model.serialize(result)
        is_whole = self.status_code is None and self.response_class is JSONResponse
        if builder is None and is_whole and not isinstance(result, JsonText):
            return result
        status = (builder.status_code if builder else None) or self.status_code
        return _starlette.to_ours(self._respond(result, builder, status))

    def _filled_in(self, builder: Any) -> Any:
        if builder.status_code is None:
            builder.status_code = self.status_code
        return _built(builder) if isinstance(builder, PlainBuilder) else builder

    def _respond(self, result: Any, builder: Any, status: Optional[int]) -> Response:
        if isinstance(result, Response):
            response = result
        elif status in _NO_BODY:
            response = Response()
        elif self.response_class is not JSONResponse:
            made: Any = getattr(self.response_class, "_of", self.response_class)
            response = made(result)
        else:
            response = to_response(result)
        if builder is not None:
            _add(builder, response)
        if status is not None:
            response.status_code = status
        return response


def shaped(endpoint: Callable[..., Any], is_coroutine: bool, shape: Shape) -> Callable[..., Any]:
    """A native route's endpoint with its result in that shape."""

    def finish(result: Any, values: Any) -> Any:
        builder = next((v for v in values if isinstance(v, _BUILDERS)), None)
        return shape.of(result, builder, builder is not None)

    if is_coroutine:

        @functools.wraps(endpoint)
        async def call_async(*values: Any) -> Any:
            return finish(await endpoint(*values), values)

        return call_async

    @functools.wraps(endpoint)
    def call(*values: Any) -> Any:
        return finish(endpoint(*values), values)

    return call


def _built(builder: Any) -> Response:
    status, body, fields = builder._finish()
    response = Response(body, status)
    response._fields._pairs.extend(f for f in fields if f[0].lower() != "content-length")
    return response


def _add(builder: ResponseBuilder, response: Response) -> None:
    if builder.status_code is not None:
        response.status_code = builder.status_code
    fields = builder.headers.multi_items()
    if "content-type" in builder.headers:
        response._fields.pop("content-type", None)
    response._fields._pairs.extend(fields)
