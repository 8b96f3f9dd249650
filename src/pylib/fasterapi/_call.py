"""One request to an app without the server: match, bind, call, serialise, as the server does
them."""

import asyncio
import inspect
import sys
import traceback
from typing import Any, Callable, List, NamedTuple, Optional, Sequence, Tuple
from urllib.parse import unquote_to_bytes

from fasterapi import _errors, _execution, _matching, _sent, _starlette
from fasterapi._plain_request import PlainRequest
from fasterapi._results import to_response
from fasterapi.datastructures import Address
from fasterapi.responses import JSONResponse, Response


class Answer(NamedTuple):
    """A complete response."""

    status: int
    headers: List[Tuple[str, str]]
    body: bytes


def call(
    app: Any, method: str, path: str, query: str, headers: Sequence[Tuple[str, str]], body: bytes
) -> Answer:
    """Answers one request; ``path`` is percent-encoded, as on the wire."""
    loop = asyncio.new_event_loop()
    try:
        return loop.run_until_complete(answer(app, method, path, query, headers, body))
    finally:
        loop.close()


async def answer(
    app: Any,
    method: str,
    path: str,
    query: str,
    headers: Sequence[Tuple[str, str]],
    body: bytes,
    client: Optional[Address] = None,
    raises: bool = False,
) -> Answer:
    """The same in a running loop. ``raises``: what would be a 500 is raised."""
    errors: List[BaseException] = []
    observe = errors.append if raises else None
    response = await respond(app, method, path, query, headers, body, client, observe)
    content = b"".join([part async for part in response.body_iterator])
    finish(response)
    await _sent.drain()
    if errors:
        raise errors[0]
    return Answer(response.status_code, response.raw_headers, b"" if method == "HEAD" else content)


async def respond(
    app: Any,
    method: str,
    path: str,
    query: str,
    headers: Sequence[Tuple[str, str]],
    body: bytes,
    client: Optional[Address],
    observe: Optional[Callable[[BaseException], None]],
) -> Response:
    """The response, a stream's without its parts. ``observe`` takes what became a 500; without it
    that is shown on stderr."""
    text = unquote_to_bytes(path).decode("utf-8", "replace")
    request = PlainRequest(method, text, query, headers, body, None, client, app)
    return await observed(app, request, observe)


async def observed(
    app: Any, request: PlainRequest, observe: Optional[Callable[[BaseException], None]]
) -> Response:
    """The same for a request that is made already."""
    token = _errors.observer.set(observe)
    try:
        return await dispatch(app, request, observe)
    finally:
        _errors.observer.reset(token)


async def dispatch(
    app: Any, request: PlainRequest, observe: Optional[Callable[[BaseException], None]]
) -> Response:
    """The response of the route that the request's path belongs to. ``observe`` as above; what it
    raises goes on."""
    routes, table = app._served()
    match = table.find(request.method, request.path)
    if match.route < 0 and routes and routes[-1].origin == "fasterapi":
        match = _matching.Match(len(routes) - 1, (request.path[1:],))  # in any method
    if match.route < 0:
        return _unmatched(match, request)
    route = routes[match.route]
    if request._incoming is not None and not route.streams_body:
        request._body = await request._incoming.read()
        request._incoming = None
    request.path_params.update(_matching.path_params(route.path, match.texts))
    request._is_awaited = route.is_coroutine
    return await _handle(route, request, list(match.texts), request._body, observe)


def finish(response: Response) -> None:
    """Has done what follows a response that was sent."""
    if response.background is not None and _sent.detach(response):
        _sent.start(response.background)


async def _handle(
    route: Any,
    request: PlainRequest,
    texts: List[str],
    body: bytes,
    observe: Optional[Callable[[BaseException], None]],
) -> Response:
    try:
        bound = _execution.bind(route.plan, request, texts, body)
        result = route.endpoint(*bound.values)
        if inspect.isawaitable(result):
            result = await result
        response = to_response(result, bound.builder)
        if isinstance(response, _starlette.AsgiResponse):
            return await response.answer(request)
        return response
    except _execution.Invalid as invalid:
        return JSONResponse({"detail": [_errors.plain(entry) for entry in invalid.errors]}, 422)
    except _starlette.http_exceptions() as error:
        return _errors.http_exception_handler(request, error)
    except Exception as error:
        if observe is None:
            traceback.print_exc(file=sys.stderr)
        else:
            observe(error)
        return JSONResponse({"detail": "Internal Server Error"}, 500)


def _unmatched(match: _matching.Match, request: PlainRequest) -> Response:
    if match.location is not None:
        query = "?" + request.query_string if request.query_string else ""
        location = request.root_path + match.location + query
        return Response(status_code=307, headers={"location": location})
    if not match.allow:
        return JSONResponse({"detail": "Not Found"}, 404)
    allow = {"allow": ", ".join(match.allow)}
    if request.method == "OPTIONS":
        return Response(status_code=204, headers=allow)
    return JSONResponse({"detail": "Method Not Allowed"}, 405, allow)
