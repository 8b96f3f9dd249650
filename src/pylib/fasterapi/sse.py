"""Server-sent events (WHATWG HTML, section 9.2), with FastAPI's names.

::

    @app.get("/ticks", response_class=EventSourceResponse)
    async def ticks():
        while True:
            yield ServerSentEvent({"at": time.time()}, event="tick")
            await asyncio.sleep(1)
"""

import asyncio
from typing import Any, AsyncIterator, Callable, Iterator, List, Optional

from fasterapi import _sent
from fasterapi._json import dumps_finite
from fasterapi.encoders import jsonable_encoder
from fasterapi.responses import StreamingResponse

KEEPALIVE_COMMENT = b": ping\n\n"
_PING_INTERVAL = 15.0  # seconds without an event, as the specification proposes
_END: Any = object()
Encode = Callable[[Any], bytes]


class ServerSentEvent:
    """One event. ``data`` is sent as JSON, a str too; ``raw_data`` is text as it is. ``id`` is what
    a client that comes back sends as Last-Event-ID, ``retry`` after how many milliseconds it does,
    ``comment`` is for nobody. ValueError where a field would not arrive as it is."""

    __slots__ = ("data", "raw_data", "event", "id", "retry", "comment")

    def __init__(
        self,
        data: Any = None,
        *,
        raw_data: Optional[str] = None,
        event: Optional[str] = None,
        id: Optional[str] = None,
        retry: Optional[int] = None,
        comment: Optional[str] = None,
    ) -> None:
        if data is not None and raw_data is not None:
            raise ValueError(
                "Cannot set both 'data' and 'raw_data' on the same ServerSentEvent. Use 'data' for "
                "JSON-serialized payloads or 'raw_data' for pre-formatted strings."
            )
        if id is not None and "\0" in id:
            raise ValueError("SSE 'id' must not contain null characters")
        for name, text in (("event", event), ("id", id)):
            if text is not None and ("\r" in text or "\n" in text):
                raise ValueError(f"SSE '{name}' must be a single line")
        if retry is not None and (not isinstance(retry, int) or retry < 0):
            raise ValueError("SSE 'retry' is a number of milliseconds, 0 or more")
        self.data = data
        self.raw_data = raw_data
        self.event = event
        self.id = id
        self.retry = retry
        self.comment = comment

    def encode(self) -> bytes:
        """The event on the wire. TypeError where ``data`` has no JSON form."""
        text = self.raw_data
        if text is None and self.data is not None:
            text = _json(self.data)
        return format_sse_event(
            data_str=text, event=self.event, id=self.id, retry=self.retry, comment=self.comment
        )


def format_sse_event(
    *,
    data_str: Optional[str] = None,
    event: Optional[str] = None,
    id: Optional[str] = None,
    retry: Optional[int] = None,
    comment: Optional[str] = None,
) -> bytes:
    """An event of these fields, each line of data and comment in a field of its own."""
    lines = [] if comment is None else [f": {line}" for line in _lines(comment)]
    if event is not None:
        lines.append(f"event: {event}")
    if data_str is not None:
        lines += [f"data: {line}" for line in _lines(data_str)]
    if id is not None:
        lines.append(f"id: {id}")
    if retry is not None:
        lines.append(f"retry: {retry}")
    return "\n".join([*lines, "", ""]).encode()


class EventSourceResponse(StreamingResponse):
    """A stream of ServerSentEvents, or of str and bytes that are events on the wire already. As
    ``response_class`` of a generator, whatever it yields is the data of an event.

    Between the events of an async iterator a comment is sent each 15 s, so that no proxy takes the
    connection for dead; a sync one occupies its worker and is not interrupted."""

    media_type = "text/event-stream"

    def __init__(self, content: Any, *args: Any, **options: Any) -> None:
        super().__init__(content, *args, **options)
        self.headers.setdefault("cache-control", "no-cache")
        self.headers.setdefault("x-accel-buffering", "no")  # nginx does not gather it, then
        self._encode(self._parts, _wire)

    @classmethod
    def _of(cls, content: Any, encode: Optional[Encode] = None) -> "EventSourceResponse":
        """For a route of this class: of what its handler yields."""
        response = cls(())
        response._encode(content, encode or _data)
        return response

    def _encode(self, parts: Any, encode: Encode) -> None:
        is_async = hasattr(parts, "__anext__")
        self._parts = _Events(parts, encode) if is_async else _encoded(parts, encode)


class _Events:
    """The parts of an async iterator, which runs in a task of its own, and comments between."""

    def __init__(self, parts: AsyncIterator[Any], encode: Encode) -> None:
        self._parts = parts
        self._encode = encode
        self._queue: "asyncio.Queue[Any]" = asyncio.Queue(1)
        self._task: "Optional[asyncio.Task[None]]" = None

    def __aiter__(self) -> "_Events":
        return self

    async def __anext__(self) -> bytes:
        if self._task is None:
            self._task = _sent.keep(self._run())
        try:
            part = await asyncio.wait_for(self._queue.get(), _PING_INTERVAL)
        except asyncio.TimeoutError:
            return KEEPALIVE_COMMENT
        if part is _END:
            raise StopAsyncIteration
        if isinstance(part, BaseException):
            raise part
        return bytes(part)

    async def aclose(self) -> None:
        """Ends the iterator, which may see that as a cancellation where it waits."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])
        elif hasattr(self._parts, "aclose"):
            await self._parts.aclose()

    async def _run(self) -> None:
        end = _END
        try:
            async for part in self._parts:
                await self._queue.put(self._encode(part))
        except Exception as error:
            end = error
        finally:
            if hasattr(self._parts, "aclose"):
                await self._parts.aclose()
        await self._queue.put(end)


def _encoded(parts: Iterator[Any], encode: Encode) -> Iterator[bytes]:
    try:
        for part in parts:
            yield encode(part)
    finally:
        if hasattr(parts, "close"):
            parts.close()


def _wire(part: Any) -> bytes:
    if isinstance(part, ServerSentEvent):
        return part.encode()
    return part.encode() if isinstance(part, str) else bytes(part)


def _data(part: Any) -> bytes:
    if isinstance(part, ServerSentEvent):
        return part.encode()
    return format_sse_event(data_str=_json(part))


def _json(value: Any) -> str:
    return dumps_finite(jsonable_encoder(value)).decode()


def _lines(text: str) -> List[str]:
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
