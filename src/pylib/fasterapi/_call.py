"""One request to an app without the server: match, bind, call, serialise, as the server does
them."""

import asyncio
import inspect
import sys
import traceback
from typing import Any, List, NamedTuple, Optional, Sequence, Tuple
from urllib.parse import unquote_to_bytes

from fasterapi import _errors, _execution, _matching, _pattern, _sent
from fasterapi._results import to_response
from fasterapi.datastructures import Address
from fasterapi.exceptions import HTTPException
from fasterapi.requests import Request
from fasterapi.responses import JSONResponse, Response, StreamingResponse


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
    routes, table = app._served()
    path = unquote_to_bytes(path).decode("utf-8", "replace")
    match = table.find(method, path)
    if match.route < 0:
        return _unmatched(match, method, query)
    route = routes[match.route]
    request = Request(
        method=method,
        path=path,
        query_string=query,
        headers=headers,
        body=body,
        path_params=_path_params(route.path, match.texts),
        client=client,
        app=app,
        is_awaited=route.is_coroutine,
    )
    seen: List[BaseException] = []
    token = _errors.observer.set(seen.append if raises else None)
    try:
        response = await _handle(route, request, list(match.texts), body, raises)
    finally:
        _errors.observer.reset(token)
    if seen:
        raise seen[0]
    content = await _collect(response)
    if response.background is not None and _sent.detach(response):
        _sent.start(response.background)
    await _sent.drain()
    return Answer(response.status_code, response.raw_headers, b"" if method == "HEAD" else content)


async def _handle(
    route: Any, request: Request, texts: List[str], body: bytes, raises: bool
) -> Response:
    try:
        bound = _execution.bind(route.plan, request, texts, body)
        result = route.endpoint(*bound.values)
        if inspect.isawaitable(result):
            result = await result
        return to_response(result, bound.builder)
    except _execution.Invalid as invalid:
        return JSONResponse({"detail": [_errors.plain(entry) for entry in invalid.errors]}, 422)
    except HTTPException as error:
        return JSONResponse({"detail": error.detail}, error.status_code, error.headers)
    except Exception:
        if raises:
            raise
        traceback.print_exc(file=sys.stderr)
        return JSONResponse({"detail": "Internal Server Error"}, 500)


def _unmatched(match: _matching.Match, method: str, query: str) -> Answer:
    if match.location is not None:
        location = match.location + ("?" + query if query else "")
        return Answer(307, [("location", location)], b"")
    if not match.allow:
        return _error(404, "Not Found", [])
    allow = [("allow", ", ".join(match.allow))]
    if method == "OPTIONS":
        return Answer(204, allow, b"")
    return _error(405, "Method Not Allowed", allow)


def _error(status: int, detail: str, headers: List[Tuple[str, str]]) -> Answer:
    response = JSONResponse({"detail": detail}, status)
    return Answer(status, response.raw_headers + headers, response.body)


def _path_params(path: str, texts: Sequence[str]) -> Any:
    return {
        parameter.name: int(text) if parameter.kind == "int" else text
        for parameter, text in zip(_pattern.parse(path), texts)
    }


async def _collect(response: Response) -> bytes:
    if not isinstance(response, StreamingResponse):
        return response.body
    parts: List[Any] = []
    iterator: Any = response.body_iterator
    if hasattr(iterator, "__anext__"):
        async for part in iterator:
            parts.append(part)
    else:
        parts.extend(iterator)
    return b"".join(part.encode() if isinstance(part, str) else bytes(part) for part in parts)
