"""One request to an ASGI application, as a response of ours.

The application runs in a task of its own, which starts at once and goes on after the response where
the application does. Its answer is whole where it comes in one message, and a stream otherwise,
whose parts come as they are taken.
"""

import asyncio
import contextlib
import math
import sys
from typing import Any, Awaitable, Callable, Dict, Iterator, Optional, Set

from fasterapi import _errors, _sent
from fasterapi._asgi_scope import EXCHANGE, scope_of
from fasterapi._plain_request import never, stays
from fasterapi._request_extras import incoming_of, value_of
from fasterapi.responses import Response, StreamingResponse

STARTS_AT_ONCE = sys.version_info >= (3, 12)
_OWN = (b"transfer-encoding",)  # of the server, which takes no more than close of Connection
_CLIENT_CLOSED_REQUEST = 499  # nginx's, for logs: who was told so need not answer
_NOT_OF_WHOLE = ("transfer-encoding", "content-length")


class ClientGone(OSError):
    """What ``send`` raises once the client has left."""


class Exchange:
    """A call of an application with a scope and a body, which is complete, or ``incoming``."""

    def __init__(
        self,
        app: Any,
        scope: Dict[str, Any],
        body: bytes,
        incoming: Any = None,
        look: Callable[[], bool] = stays,
        departure: Callable[[], Awaitable[Any]] = never,
    ) -> None:
        self._app = app
        self._look = look
        self.departure = departure  # to await until the client has left, or has its answer
        self.scope = {**scope, EXCHANGE: self}
        self._body = body
        self._incoming = incoming
        self._is_body_taken = False
        self._start: Optional[Dict[str, Any]] = None
        self._queue: "Optional[asyncio.Queue[Any]]" = None
        self._debug: Any = None
        self._is_sent = False  # the last part, by the application
        self._is_over = False  # sent, or in vain
        self._over: Optional[asyncio.Event] = None  # the same for who waits for it, or gone before
        self._leaving: "Optional[asyncio.Future[Any]]" = None
        self._is_gone = False
        self._is_first_step = False  # of the application's task
        self._waiting: "Set[asyncio.Task[Any]]" = set()

    async def response(self) -> Response:
        """The application's answer. Raises what the application raises before it."""
        loop = asyncio.get_running_loop()
        self._answer: "asyncio.Future[Response]" = loop.create_future()
        self._is_first_step = STARTS_AT_ONCE
        self._task = _start(self._run())
        self._is_first_step = False
        if self._start is not None and not self._answer.done():
            loop.call_soon(self._begin_stream)
        try:
            return await self._answer
        except asyncio.CancelledError:
            self._end()
            self._task.cancel()
            raise

    async def receive(self) -> Dict[str, Any]:
        """The body in one message, or in several as it comes; then the end."""
        if self._incoming is not None and not self._is_body_taken:
            message: Dict[str, Any] = await self._incoming.message()
            self._is_body_taken = not message.get("more_body", True)
            return message
        if not self._is_body_taken:
            return {"type": "http.request", "body": self.take_body(), "more_body": False}
        if not self._is_over and not (_is_poll() and self._look()):
            await self._end_of_client()
        return {"type": "http.disconnect"}

    async def _end_of_client(self) -> None:
        over = self._over = self._over or asyncio.Event()
        if self._leaving is None and not _is_poll():
            self._leaving = asyncio.ensure_future(self.departure())
            self._leaving.add_done_callback(self._note_departure)
        await over.wait()

    def _note_departure(self, leaving: "asyncio.Future[Any]") -> None:
        # Who has ended his half alone still gets an answer that has begun.
        if self._over is not None and self._start is None and not leaving.cancelled():
            self._over.set()

    def take_body(self) -> bytes:
        """What receive() gives first, for who knows that it is this one's."""
        self._is_body_taken = True
        return self._body

    def take_incoming(self) -> Any:
        """Likewise, of a body that comes meanwhile; None of any other."""
        if self._incoming is not None:
            self._is_body_taken = True
        return self._incoming

    @property
    def has_incoming(self) -> bool:
        """Whether the body comes meanwhile."""
        return self._incoming is not None

    def has_client_left(self) -> bool:
        """Whether it has left, or ended its half, or has its answer."""
        return self._is_gone or self._look()

    @classmethod
    def of(cls, app: Any, request: Any) -> "Exchange":
        """A call with what a request has."""
        incoming = incoming_of(request)
        body = b"" if incoming is not None else value_of(request.body())
        look, departure = request._has_client_left, request._departure
        return cls(app, scope_of(request), body, incoming, look, departure)

    async def send(self, message: Dict[str, Any]) -> None:
        """Takes a message of the answer; waits until the part before it was taken."""
        if self._is_gone:
            raise ClientGone("the client has left")
        kind = message["type"]
        if kind == "http.response.debug":  # what a template was made of, for tests
            self._debug = message["info"]
        elif kind == "http.response.start" and self._start is None:
            self._start = message
            # The rest may come without a pause: then it is no stream.
            if not self._is_first_step:
                asyncio.get_running_loop().call_soon(self._begin_stream)
        elif kind == "http.response.body" and self._start is not None and not self._is_sent:
            await self._take(bytes(message.get("body", b"")), message.get("more_body", False))
        else:
            raise RuntimeError(f"the ASGI application sent {kind!r} out of turn")

    def takes(self, response: Response, send: Any) -> bool:
        """Whether it has taken a response that would come to ``send`` in two messages: one that is
        whole, where nobody stands between."""
        is_whole = response._parts is None and response.body and response.background is None
        is_mine = send == self.send and self._start is None and not self._is_gone
        if not is_whole or not is_mine or self._answer.done() or response._debug is not None:
            return False
        if response.status_code in (204, 304) or self.scope.get("method") == "HEAD":
            return False
        if any(type(each) is not str for field in response.raw_headers for each in field):
            return False
        made = Response(response.body, response.status_code)
        fields = [(name.lower(), value) for name, value in response.raw_headers]
        made.raw_headers.extend(field for field in fields if field[0] not in _NOT_OF_WHOLE)
        self._is_sent = True
        self._end_with(made)
        return True

    def _end_with(self, response: Response) -> None:
        self._set_over()
        self._answer.set_result(response)

    def _set_over(self) -> None:
        self._is_over = True
        if self._over is not None:
            self._over.set()
        if self._leaving is not None:
            self._leaving.cancel()

    @property
    def _parts(self) -> "asyncio.Queue[Any]":
        if self._queue is None:
            self._queue = asyncio.Queue(1)
        return self._queue

    async def _take(self, part: bytes, is_more: bool) -> None:
        if not is_more:
            self._is_sent = True
        if not is_more and not self._answer.done():
            self._end_with(self._whole(part))
            return
        self._begin_stream()
        await self._parts.put((part, is_more))
        if self._is_gone:
            raise ClientGone("the client has left")

    def _whole(self, body: bytes) -> Response:
        assert self._start is not None
        has_length = any(n.lower() == b"content-length" for n, _ in self._start.get("headers", ()))
        if has_length and not body:  # to HEAD, and a 304: the length of what is not sent
            return self._with_fields(StreamingResponse((), self._start["status"]), _OWN)
        response = Response(body, self._start["status"])
        return self._with_fields(response, (*_OWN, b"content-length"))

    def _begin_stream(self) -> None:
        if not self._answer.done() and self._start is not None:
            made = self._with_fields(StreamingResponse(self, self._start["status"]), _OWN)
            self._answer.set_result(made)

    def _with_fields(self, response: Response, without: Any) -> Response:
        assert self._start is not None
        if self._debug is not None:
            response._debug = self._debug
        for name, value in self._start.get("headers", ()):
            if name.lower() not in without:
                response.raw_headers.append((name.decode("latin-1"), value.decode("latin-1")))
        return response

    @contextlib.contextmanager
    def interrupting(self) -> Iterator[None]:
        """Around what the application waits for: ClientGone where the client leaves meanwhile."""
        task: Any = asyncio.current_task()
        self._waiting.add(task)
        try:
            yield
        except asyncio.CancelledError:
            if task in self._waiting:  # not by this
                raise
            if sys.version_info >= (3, 11):
                task.uncancel()
            raise ClientGone("the client has left") from None
        finally:
            self._waiting.discard(task)

    def __aiter__(self) -> "Exchange":
        return self

    async def __anext__(self) -> bytes:
        if self._is_over:
            raise StopAsyncIteration
        taken = await self._parts.get()
        if isinstance(taken, BaseException):
            self._set_over()
            raise taken
        part, is_more = taken
        if not is_more:
            self._set_over()
        return part  # type: ignore[no-any-return]

    async def aclose(self) -> None:
        """Nothing more is taken: the application hears of it where it asks, or sends on."""
        self._end()

    def _end(self) -> None:
        self._is_gone = self._is_gone or not self._is_over
        self._set_over()
        while self._waiting:
            self._waiting.pop().cancel()
        while self._queue is not None and not self._queue.empty():  # a send() that waits goes on
            self._queue.get_nowait()

    async def _run(self) -> None:
        failure: Optional[Exception] = None
        try:
            await self._app(self.scope, self.receive, self.send)
        except Exception as error:
            failure = error
            if self._is_sent and not self._is_gone:
                _errors.report(error, "after a response")
        except asyncio.CancelledError:
            self._answer.cancel()
            raise
        finally:
            self.scope.pop(EXCHANGE, None)  # a cycle
        if self._is_sent or self._is_gone:
            return
        if failure is None and self._start is None and self._over is not None and self._over.is_set():
            self._answer.set_result(Response(status_code=_CLIENT_CLOSED_REQUEST))
            return
        failure = failure or RuntimeError("the ASGI application did not complete its response")
        if self._answer.done():
            await self._parts.put(failure)
        else:
            self._answer.set_exception(failure)


def _is_poll() -> bool:
    """Whether who waits now would be cancelled at once: he asks for what is there already, as
    Starlette's request.is_disconnected() does."""
    anyio: Any = sys.modules.get("anyio")
    return anyio is not None and anyio.current_effective_deadline() == -math.inf


def _start(work: Any) -> "asyncio.Task[None]":
    if sys.version_info >= (3, 12):
        loop = asyncio.get_running_loop()
        return _sent.keep_task(asyncio.Task(work, loop=loop, eager_start=True))
    return _sent.keep(work)
