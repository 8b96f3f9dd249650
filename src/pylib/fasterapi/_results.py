"""What a handler returns, as a Response: for routes with their own status or response class, and
for apps that run without the server, which does the rest in C++."""

import functools
import inspect
from typing import Any, Callable, Optional, Type

from fasterapi._builder import ResponseBuilder
from fasterapi.responses import JSONResponse, Response, StreamingResponse

_NO_BODY = (204, 205, 304)


def to_response(result: Any, builder: Optional[ResponseBuilder] = None) -> Response:
    """Responses as they are, bytes as octets, generators as a stream, anything else as JSON; the
    builder where the handler returned None or the builder."""
    if isinstance(result, Response):
        return result
    if isinstance(result, ResponseBuilder) or (result is None and builder is not None):
        return _built(builder if result is None else result)
    if isinstance(result, (bytes, bytearray, memoryview)):
        response = Response(result, media_type="application/octet-stream")
    elif inspect.isgenerator(result) or hasattr(result, "__anext__"):
        response = StreamingResponse(result)
    else:
        response = JSONResponse(result)
    if builder is not None:
        _add(builder, response)
    return response


def shaped(
    endpoint: Callable[..., Any],
    is_coroutine: bool,
    status_code: Optional[int],
    response_class: Type[Response],
) -> Callable[..., Any]:
    """The endpoint with its result in a response of that class and status."""

    def shape(result: Any, values: Any) -> Any:
        if isinstance(result, (Response, ResponseBuilder)):
            return result
        builder = next((v for v in values if isinstance(v, ResponseBuilder)), None)
        status = (builder.status_code if builder else None) or status_code or 200
        if result is None and builder is not None:
            builder.status_code = status
            return None
        if status in _NO_BODY:
            return Response(status_code=status)
        if response_class is not JSONResponse:
            return response_class(result, status_code=status)
        response = to_response(result)
        response.status_code = status
        return response

    if is_coroutine:

        @functools.wraps(endpoint)
        async def call_async(*values: Any) -> Any:
            return shape(await endpoint(*values), values)

        return call_async

    @functools.wraps(endpoint)
    def call(*values: Any) -> Any:
        return shape(endpoint(*values), values)

    return call


def _built(builder: Any) -> Response:
    status, body, fields = builder._finish()
    response = Response(body, status)
    response.headers._pairs.extend(fields)
    return response


def _add(builder: ResponseBuilder, response: Response) -> None:
    if builder.status_code is not None:
        response.status_code = builder.status_code
    fields = builder.headers.multi_items()
    if "content-type" in builder.headers:
        response.headers.pop("content-type", None)
    response.headers._pairs.extend(fields)
