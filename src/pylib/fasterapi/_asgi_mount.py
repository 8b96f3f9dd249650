"""One request to an ASGI application, whose answer comes in parts as it sends them."""

import asyncio
import logging
from typing import Any, Dict, Optional

from fasterapi import _sent
from fasterapi._asgi_layer import scope_of
from fasterapi._request_extras import value_of
from fasterapi.responses import Response, StreamingResponse

_OWN = (b"connection", b"transfer-encoding")  # of the server
_logger = logging.getLogger("fasterapi")


async def answer(app: Any, request: Any) -> Response:
    """The response, its parts still to come. Raises what the application raises before it."""
    exchange = _Exchange(app, request)
    start = await exchange.start()
    response = StreamingResponse(exchange, start["status"])
    for name, value in start.get("headers", ()):
        if name.lower() not in _OWN:
            response.headers.append(name.decode("latin-1"), value.decode("latin-1"))
    return response


class _Exchange:
    """A call of the application, and an iterator of the body that it sends."""

    def __init__(self, app: Any, request: Any) -> None:
        self._app = app
        self._scope = scope_of(request)
        self._body: Optional[bytes] = value_of(request.body())
        self._messages: "asyncio.Queue[Any]" = asyncio.Queue(1)
        self._gone = asyncio.Event()
        self._is_over = False
        self._task = _sent.keep(self._run())

    async def start(self) -> Dict[str, Any]:
        """The message with status and headers."""
        try:
            message: Dict[str, Any] = await self._next()
        except BaseException:
            await self.aclose()
            raise
        if message.get("type") != "http.response.start":
            await self.aclose()
            raise RuntimeError("the ASGI application did not start a response")
        return message

    def __aiter__(self) -> "_Exchange":
        return self

    async def __anext__(self) -> bytes:
        if self._is_over:
            raise StopAsyncIteration
        message = await self._next()
        self._is_over = not message.get("more_body", False)
        if self._is_over:
            self._gone.set()
        return bytes(message.get("body", b""))

    async def aclose(self) -> None:
        """The client is gone, or has it all: then the application may go on."""
        self._gone.set()
        if not self._is_over:
            self._is_over = True
            self._task.cancel()

    async def _next(self) -> Any:
        message = await self._messages.get()
        if isinstance(message, Exception):
            raise message
        return message

    async def _run(self) -> None:
        try:
            await self._app(self._scope, self._receive, self._send)
            failure = RuntimeError("the ASGI application did not complete its response")
        except Exception as error:
            if self._is_over:
                _logger.exception("after a response")
            failure = error  # type: ignore[assignment]
        await self._send(failure)

    async def _send(self, message: Any) -> None:
        if not self._is_over:
            await self._messages.put(message)

    async def _receive(self) -> Dict[str, Any]:
        body, self._body = self._body, None
        if body is None:
            await self._gone.wait()
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": body, "more_body": False}
