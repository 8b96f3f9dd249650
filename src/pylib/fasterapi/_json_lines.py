"""What a generator yields, as FastAPI sends it: lines of JSON (application/jsonl), or the data of
server-sent events where that is the route's response class."""

import collections.abc
import typing
from typing import Any, AsyncIterator, Callable, Iterator, Optional

from fasterapi import _annotations, _json
from fasterapi._classify import is_subclass
from fasterapi._response_model import ResponseModel
from fasterapi._schema import DumpOptions
from fasterapi._signature import EMPTY, kind_of, returned_by
from fasterapi.encoders import jsonable_encoder
from fasterapi.responses import StreamingResponse
from fasterapi.sse import EventSourceResponse, ServerSentEvent, format_sse_event

_STREAMS = (
    collections.abc.Iterable,
    collections.abc.Iterator,
    collections.abc.Generator,
    collections.abc.AsyncIterable,
    collections.abc.AsyncIterator,
    collections.abc.AsyncGenerator,
)


class JsonLines:
    """The stream of a generator. ``model`` is what each item is checked against and cut to."""

    media_type = "application/jsonl"

    def __init__(self, model: Optional[ResponseModel]) -> None:
        self.model = model

    def line(self, item: Any) -> bytes:
        """One item on the wire."""
        return self._json(item) + b"\n"

    def _json(self, item: Any) -> bytes:
        value = jsonable_encoder(item) if self.model is None else self.model.plain(item)
        return _json.dumps_finite(value)

    def response(self, items: Any) -> StreamingResponse:
        """All of them."""
        lines: Any = self._lines_async if hasattr(items, "__anext__") else self._lines
        return StreamingResponse(lines(items), media_type=self.media_type)

    def _lines(self, items: Iterator[Any]) -> Iterator[bytes]:
        try:
            for item in items:
                yield self.line(item)
        finally:
            items.close()  # type: ignore[attr-defined]

    async def _lines_async(self, items: AsyncIterator[Any]) -> AsyncIterator[bytes]:
        try:
            async for item in items:
                yield self.line(item)
        finally:
            await items.aclose()  # type: ignore[attr-defined]


class Events(JsonLines):
    """The same as server-sent events, which may be among the items already."""

    media_type = EventSourceResponse.media_type

    def line(self, item: Any) -> bytes:
        """One item on the wire."""
        if isinstance(item, ServerSentEvent):
            return item.encode()
        return format_sse_event(data_str=self._json(item).decode())

    def response(self, items: Any) -> StreamingResponse:
        """All of them."""
        return EventSourceResponse._of(items, self.line)


def lines_of(endpoint: Callable[..., Any], options: Any, where: str) -> Optional[JsonLines]:
    """For a generator function, by its return annotation; None for any other, and where the route
    has a response class that takes what is yielded as it is."""
    is_events = is_subclass(options.response_class, EventSourceResponse)
    if "generator" not in kind_of(endpoint) or (options.response_class and not is_events):
        return None
    model = item_model(endpoint, options.dump_options(), where)
    return Events(model) if is_events else JsonLines(model)


def item_model(
    endpoint: Callable[..., Any], options: DumpOptions, where: str
) -> Optional[ResponseModel]:
    """What a generator promises to yield, None where it does not say."""
    item = item_type(endpoint, where)
    if item is EMPTY or item is Any or is_subclass(item, ServerSentEvent):
        return None
    try:
        return ResponseModel(item, options)
    except TypeError as error:
        text = _annotations.text(item)
        raise TypeError(f"{where}: {text} cannot be what a stream yields: {error}") from error


def item_type(endpoint: Callable[..., Any], where: str) -> Any:
    """The ``Item`` of ``-> Iterable[Item]`` and its like, EMPTY where there is none."""
    annotation = returned_by(endpoint, where)
    if typing.get_origin(annotation) not in _STREAMS:
        return EMPTY
    arguments = typing.get_args(annotation)
    is_open = not arguments or isinstance(arguments[0], typing.TypeVar)
    return EMPTY if is_open else arguments[0]
