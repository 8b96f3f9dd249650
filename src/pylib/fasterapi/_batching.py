"""Batch handlers: one call for many requests of a route.

``@app.batch_handler(...)`` marks a function; its route then takes requests of any client as they
come, and calls the function with a list. In the server they gather in C++, in each worker for
itself; elsewhere, and behind middleware, in a Gatherer.
"""

import asyncio
import inspect
import logging
from typing import (
    Annotated,
    Any,
    Callable,
    List,
    NamedTuple,
    Optional,
    Tuple,
    TypeVar,
    get_args,
    get_origin,
)
from weakref import WeakKeyDictionary

from fasterapi import _annotations, _binding, _errors, _sent
from fasterapi._request_extras import SyncRequest
from fasterapi._results import Shape
from fasterapi._signature import kind_of
from fasterapi.exceptions import RequestValidationError, StarletteHTTPException
from fasterapi.param_functions import Body
from fasterapi.requests import Request
from fasterapi.responses import JSONResponse, Response

try:
    from _fasterapi import count_batch
except ImportError:

    def count_batch(route: str, size: int, most: int, seconds: float) -> None:
        """Only the server has metrics of batches."""


Function = TypeVar("Function", bound=Callable[..., Any])
_MARK = "__fasterapi_batch__"
_logger = logging.getLogger("fasterapi")


class Batch(NamedTuple):
    """How requests gather: at most so many, the first for so long."""

    max_batch_size: int
    max_delay_ms: float
    on_error: str


def batch_handler(
    max_batch_size: int = 10, max_delay_ms: float = 10, on_error: str = "fail"
) -> Callable[[Function], Function]:
    """Decorator, over or under that of the route: the function takes a list of requests, or of
    their JSON bodies where it is annotated ``list[Item]``, and returns a list with one result for
    each, in order.

    It is called when ``max_batch_size`` requests are there, or ``max_delay_ms`` after the first;
    0 takes what has queued up. A result may be a Response, an HTTPException or another exception,
    which then is that request's alone. Where the function itself raises, all its requests have
    failed; with ``on_error="split"`` each is tried again by itself.
    """
    if max_batch_size < 1:
        raise ValueError(f"max_batch_size is at least 1, not {max_batch_size}")
    if not 0 <= max_delay_ms <= 60_000:
        raise ValueError(f"max_delay_ms is 0 to 60000, not {max_delay_ms}")
    if on_error not in ("fail", "split"):
        raise ValueError(f'on_error is "fail" or "split", not {on_error!r}')

    def mark(function: Function) -> Function:
        setattr(function, _MARK, Batch(max_batch_size, max_delay_ms, on_error))
        return function

    return mark


def find_batch(endpoint: Callable[..., Any]) -> Optional[Batch]:
    """What batch_handler said of it, if it did."""
    return getattr(endpoint, _MARK, None)


class BatchRoute:
    """A batch handler with its route's shape of results. ``read`` makes of a request what is an
    element of its list; the server may read them itself, and then calls it with ``call``."""

    def __init__(
        self,
        endpoint: Callable[..., Any],
        batch: Batch,
        read: Callable[[Any], Any],
        shape: Shape,
    ) -> None:
        self.batch = batch
        self.is_async = kind_of(endpoint) == "coroutine"
        self._function = endpoint
        self._shape = shape
        self._where = _binding.name_of(endpoint)
        self._read = read

    def run(self, requests: List[Any]) -> List[Any]:
        """One outcome for each: a value, a response, an exception that is a 500, or a future of
        these where the handler is async."""
        outcomes = [self._item(request) for request in requests]
        places = [at for at, outcome in enumerate(outcomes) if isinstance(outcome, _Item)]
        items = [outcomes[at].value for at in places]
        if not items:
            return outcomes
        for at, outcome in zip(places, self.call(items)):
            outcomes[at] = outcome
        return outcomes

    def call(self, items: List[Any]) -> List[Any]:
        """The same for what has been read."""
        return self._started(items) if self.is_async else self._call(items)

    def _item(self, request: Any) -> Any:
        try:
            return _Item(self._read(request))
        except RequestValidationError as error:
            return _errors.request_validation_exception_handler(request, error)
        except StarletteHTTPException as error:
            return _errors.http_exception_handler(request, error)
        except Exception as error:
            return error

    def _call(self, items: List[Any]) -> List[Any]:
        try:
            results = self._function(items)
        except Exception as error:
            if self._splits(items):
                return [self._call([item])[0] for item in items]
            return self._failed(error, len(items))
        return self._checked(results, len(items))

    def _started(self, items: List[Any]) -> List[Any]:
        loop = asyncio.get_running_loop()
        futures: List["asyncio.Future[Any]"] = [loop.create_future() for _ in items]
        _sent.keep(self._fill(items, futures))
        return futures

    async def _fill(self, items: List[Any], futures: List["asyncio.Future[Any]"]) -> None:
        for future, outcome in zip(futures, await self._call_async(items)):
            if future.done():  # its client has left
                continue
            if isinstance(outcome, BaseException):
                future.set_exception(outcome)
            else:
                future.set_result(outcome)

    async def _call_async(self, items: List[Any]) -> List[Any]:
        try:
            results = await self._function(items)
        except Exception as error:
            if self._splits(items):
                return [(await self._call_async([item]))[0] for item in items]
            return self._failed(error, len(items))
        return self._checked(results, len(items))

    def _splits(self, items: List[Any]) -> bool:
        return self.batch.on_error == "split" and len(items) > 1

    def _failed(self, error: Exception, count: int) -> List[Any]:
        if isinstance(error, StarletteHTTPException):
            return [self._outcome(error)] * count
        # One traceback in the log is enough.
        return [error, *(_server_error() for _ in range(count - 1))]

    def _checked(self, results: Any, count: int) -> List[Any]:
        if isinstance(results, (list, tuple)) and len(results) == count:
            if self._shape.is_plain:  # as they are: whoever called answers for exceptions as well
                return list(results)
            return [self._outcome(result) for result in results]
        got = len(results) if isinstance(results, (list, tuple)) else type(results).__name__
        _logger.error(
            "%s: a batch of %d requests has %s for results; return a list with one for each",
            self._where,
            count,
            got,
        )
        return [_server_error() for _ in range(count)]

    def _outcome(self, result: Any) -> Any:
        if isinstance(result, StarletteHTTPException):
            return _errors.http_exception_handler(None, result)
        if isinstance(result, BaseException):
            return result
        try:
            return self._shape.of(result, None, False)
        except Exception as error:
            return error


class Gatherer:
    """Gathers requests in Python, each event loop for itself. ``answer`` is an endpoint that takes
    one; ``name`` is the route's in metrics."""

    def __init__(self, route: BatchRoute, name: str) -> None:
        self._route = route
        self._name = name
        self._gathered: "WeakKeyDictionary[Any, _Gathered]" = WeakKeyDictionary()

    async def answer(self, request: Any) -> Any:
        """The request's result; raises the exception that is its outcome."""
        loop = asyncio.get_running_loop()
        gathered = self._gathered.setdefault(loop, _Gathered())
        future: "asyncio.Future[Any]" = loop.create_future()
        gathered.waiting.append((request if self._route.is_async else SyncRequest(request), future))
        if len(gathered.waiting) == 1:
            gathered.began = loop.time()
            delay = self._route.batch.max_delay_ms / 1000
            gathered.timer = loop.call_later(delay, self._flush, loop, gathered)
        if len(gathered.waiting) == self._route.batch.max_batch_size:
            self._flush(loop, gathered)
        outcome = await future
        if inspect.isawaitable(outcome):
            outcome = await outcome
        if isinstance(outcome, BaseException):
            raise outcome
        return outcome

    def _flush(self, loop: asyncio.AbstractEventLoop, gathered: "_Gathered") -> None:
        if gathered.timer is not None:  # or it would cut short what the next batch waits
            gathered.timer.cancel()
        taken = [each for each in gathered.waiting if not each[1].done()]
        gathered.waiting = []
        if not taken:
            return
        most = self._route.batch.max_batch_size
        count_batch(self._name, len(taken), most, loop.time() - gathered.began)
        for (_, future), outcome in zip(taken, self._route.run([request for request, _ in taken])):
            future.set_result(outcome)


class _Gathered:
    """What one event loop has gathered."""

    def __init__(self) -> None:
        self.waiting: List[Tuple[Any, "asyncio.Future[Any]"]] = []
        self.timer: Optional[asyncio.TimerHandle] = None
        self.began = 0.0


class _Item(NamedTuple):
    value: Any


def _server_error() -> Response:
    return JSONResponse({"detail": "Internal Server Error"}, 500)


def item_endpoint(endpoint: Callable[..., Any]) -> Callable[..., Any]:
    """A handler of one request that takes, and returns, what is an element of the batch handler's
    list."""
    where = _binding.name_of(endpoint)
    parameters = _binding.parameters_of(endpoint)
    if len(parameters) != 1:
        raise TypeError(f"{where}: a batch handler has one parameter, the list of requests")
    annotation = _annotations.resolve(endpoint, where).get(parameters[0].name, list)
    item = (get_args(annotation) or (Any,))[0]
    if get_origin(annotation) is not list and annotation not in (list, List):
        raise TypeError(f"{where}: a batch handler takes list[Item], not {annotation!r}")
    is_request = item is Any or (isinstance(item, type) and issubclass(item, Request))

    def take(item: Any) -> Any:
        return item

    take.__annotations__ = {"item": Request if is_request else Annotated[item, Body()]}
    for name in ("__module__", "__name__", "__qualname__", "__doc__"):
        setattr(take, name, getattr(endpoint, name, None))
    return take
