"""Starlette's responses, requests and exceptions in an app of ours.

Nothing is imported for it: who names, returns or raises one has imported it by then.
"""

import sys
from typing import Any, Optional, Tuple

from fasterapi import _sent
from fasterapi._asgi_scope import decoded, scope_of
from fasterapi.exceptions import StarletteHTTPException
from fasterapi.responses import FileResponse, Response, StreamingResponse

_KINDS = {
    "request": ("starlette.requests", "HTTPConnection"),
    "response": ("starlette.responses", "Response"),
    "background": ("starlette.background", "BackgroundTasks"),
}


def kind_of(annotation: Any) -> Optional[str]:
    """What a class of Starlette's is to a handler: "request", "response" or "background"; None for
    any other annotation."""
    for kind, (module, name) in _KINDS.items():
        known = getattr(sys.modules.get(module), name, None)
        if known is not None and isinstance(annotation, type) and issubclass(annotation, known):
            return kind
    return None


def response_class() -> Any:
    """Starlette's Response, None where nobody has imported it."""
    return getattr(sys.modules.get("starlette.responses"), "Response", None)


def is_response(result: Any) -> bool:
    """Whether it is one of Starlette's."""
    known = response_class()
    return known is not None and issubclass(type(result), known)


class AsgiResponse(Response):
    """In place of a response that sends itself where it is called with a scope."""

    def __init__(self, asgi: Any) -> None:
        super().__init__()
        self._asgi = asgi

    async def answer(self, request: Any) -> Response:
        """What it sends to that request."""
        module: Any = sys.modules.get("starlette.responses")
        if type(self._asgi) is getattr(module, "FileResponse", None):
            return _file_for(request, self._asgi)
        from fasterapi._asgi_exchange import Exchange  # only where one is sent

        return await Exchange.of(self._asgi, request).response()


def _file_for(request: Any, theirs: Any) -> Response:
    then, found = theirs.background, theirs.stat_result
    made = FileResponse(theirs.path, theirs.status_code, background=then, stat_result=found)
    made.headers._pairs[:] = decoded(theirs.raw_headers)
    made.answer(request)
    return made


def to_ours(response: Any) -> Response:
    """A response, ours or not, as one of ours; as an AsgiResponse where its class has a way of its
    own to send itself, as Starlette's FileResponse does."""
    if isinstance(response, Response):
        if not response._sends_itself:
            return response
        _sent.detach(response)
        return AsgiResponse(response)
    module: Any = sys.modules["starlette.responses"]
    send, then = type(response).__call__, response.background
    made: Response
    if send is module.Response.__call__:
        made = Response(response.body, response.status_code, background=then)
    elif send is module.StreamingResponse.__call__:
        made = StreamingResponse(response.body_iterator, response.status_code, background=then)
    else:
        return AsgiResponse(response)
    is_stream = made._parts is not None
    fields = decoded(response.raw_headers)
    made.raw_headers.extend(pair for pair in fields if is_stream or pair[0] != "content-length")
    return made


def answer(response: Any) -> Response:
    """For the server, whose native route got what is no plain response of ours."""
    from fasterapi import _streams

    kind = type(response).__name__
    if not isinstance(response, Response) and not is_response(response):
        raise TypeError(f"Object of type {kind} is not JSON serializable")
    made = to_ours(response)
    if isinstance(made, AsgiResponse):
        raise TypeError(f"a {kind} is sent where the handler says so: -> {kind}")
    if made._parts is not None and made.background is not None and _sent.detach(made):
        made = _streams.follow(made, made.background)
    return made


def http_exceptions() -> Tuple[Any, ...]:
    """The classes of exceptions that are answers. From the first call on ours are Starlette's, too,
    for who catches those."""
    module = sys.modules.get("starlette.exceptions")
    if module is None:
        return (StarletteHTTPException,)
    if not issubclass(StarletteHTTPException, module.HTTPException):
        StarletteHTTPException.__bases__ = (module.HTTPException,)
    return (module.HTTPException,)
