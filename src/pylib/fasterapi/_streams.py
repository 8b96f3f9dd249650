"""Work that follows a response, a stream's after its last part."""

from typing import Any, Callable

from fasterapi._file_part import FilePart
from fasterapi._results import to_response
from fasterapi._sent import Work, start
from fasterapi.responses import Response


def is_stream(result: Any) -> bool:
    """Whether what a handler returned is sent in parts."""
    if isinstance(result, Response):
        return result._parts is not None
    return hasattr(result, "__next__") or hasattr(result, "__anext__")


def follow(response: Any, work: Work) -> Any:
    """The response, which the work follows."""
    if is_stream(response):
        return on_end(response, lambda: start(work))
    start(work)
    return response


def on_end(response: Any, call: Callable[[], None]) -> Any:
    """The stream as a response, with a call when it ended in any way."""
    made: Any = to_response(response)
    iterator = made._parts
    if isinstance(iterator, FilePart):
        iterator.at_end(call)
        return made
    kind = _PartsAsync if hasattr(iterator, "__anext__") else _Parts
    made._parts = kind(iterator, call)
    return made


class _Followed:
    """A stream that tells its end: also where nobody asks for a part, as for HEAD."""

    def __init__(self, iterator: Any, call: Callable[[], None]) -> None:
        self._iterator = iterator
        self._calls = [call]

    def _end(self) -> None:
        if self._calls:
            self._calls.pop()()


class _Parts(_Followed):
    def __iter__(self) -> "_Parts":
        return self

    def __next__(self) -> Any:
        try:
            return next(self._iterator)
        except BaseException:
            self._end()
            raise

    def close(self) -> None:
        try:
            if hasattr(self._iterator, "close"):
                self._iterator.close()
        finally:
            self._end()

    __del__ = close


class _PartsAsync(_Followed):
    def __aiter__(self) -> "_PartsAsync":
        return self

    async def __anext__(self) -> Any:
        try:
            return await self._iterator.__anext__()
        except BaseException:
            self._end()
            raise

    def close(self) -> None:
        """Where it was not begun."""
        self._end()

    async def aclose(self) -> None:
        try:
            if hasattr(self._iterator, "aclose"):
                await self._iterator.aclose()
        finally:
            self._end()

    __del__ = close
