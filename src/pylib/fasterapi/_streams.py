"""Work that follows a response, a stream's after its last part."""

from typing import Any, AsyncIterator, Callable, Iterator

from fasterapi._results import to_response
from fasterapi._sent import Work, start
from fasterapi.responses import StreamingResponse


def is_stream(result: Any) -> bool:
    """Whether what a handler returned is sent in parts."""
    return (
        isinstance(result, StreamingResponse)
        or hasattr(result, "__next__")
        or hasattr(result, "__anext__")
    )


def follow(response: Any, work: Work) -> Any:
    """The response, which the work follows."""
    if is_stream(response):
        return on_end(response, lambda: start(work))
    start(work)
    return response


def on_end(response: Any, call: Callable[[], None]) -> Any:
    """The stream as a response, with a call when it ended in any way."""
    made: Any = to_response(response)
    iterator = made.body_iterator
    is_async = hasattr(iterator, "__anext__")
    made.body_iterator = _parts_async(iterator, call) if is_async else _parts(iterator, call)
    return made


def _parts(iterator: Iterator[Any], call: Callable[[], None]) -> Iterator[Any]:
    try:
        yield from iterator
    finally:
        call()


async def _parts_async(iterator: AsyncIterator[Any], call: Callable[[], None]) -> Any:
    try:
        async for part in iterator:
            yield part
    finally:
        call()
