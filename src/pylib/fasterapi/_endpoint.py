"""The general route: what the server calls for a handler whose arguments are made in Python.

It takes the request alone. A plain function where nothing on the way is awaited, else a coroutine
function; FastAPI's order of events in both: arguments, handler, response, background tasks, ends of
the dependencies that yield.
"""

import asyncio
from typing import Any, Callable, Optional

from fasterapi import _forms, _sent, _streams
from fasterapi._request_extras import content_type_of, incoming_of, keep_form, value_of
from fasterapi._results import Shape
from fasterapi._schema._model_class import ModelClass
from fasterapi._solve import Context, Program
from fasterapi._starlette import AsgiResponse
from fasterapi.responses import FileResponse, Response

# Sent as they are by a route that says nothing of its results.
_VALUES = frozenset((dict, list, str, int, float, bool, type(None)))


def _is_value(kind: Any) -> bool:
    return kind in _VALUES or type(kind) is ModelClass


class Endpoint:
    """A program with what becomes of its handler's result. ``call`` takes a request and gives a
    response or a value, or a coroutine of it where the program is async. ``is_awaited``: so is the
    route in any case."""

    def __init__(self, program: Program, shape: Shape, is_awaited: bool) -> None:
        self._program = program
        self._reader = program.reader
        self._handler = program.handler
        self._shape = shape
        self._sends_values = shape.is_plain and not program.reader.is_form
        self.is_async = program.is_async
        self.streams_body = program.streams_body
        self._is_awaited = is_awaited or program.is_async
        self.call: Callable[[Any], Any] = self._run
        if program.has_async_cleanup:
            self.call = self._run_apart
        elif program.is_async:
            self.call = self._run_async

    def _run(self, request: Any, received: Optional[Context] = None) -> Any:
        context = received or self._begin(request)
        try:
            if self._reader.has_body and received is None:
                if self.streams_body and incoming_of(request) is not None:
                    return self._run_received(context)
                self._parse(context, value_of(request.body()))
            values = self._program.solve(context)
            result = self._handler.invoke(values)
            if self._sends_values and context.is_bare and _is_value(type(result)):
                return result
            response = self._respond(context, result)
            if context.cleanup is not None:
                context.cleanup.close_early()
        except BaseException as error:
            _close_files(context)
            if context.cleanup is None:
                raise
            context.cleanup.fail(error)
        if type(response) is AsgiResponse:
            return self._run_asgi(context, response)
        work = _work(context, response)
        return response if work is None else _follow(request, response, work)

    async def _run_received(self, context: Context) -> Any:
        request = context.request
        await self._receive(context, request._incoming)
        result = self._run(request, context)
        return await result if hasattr(result, "__await__") else result

    async def _run_asgi(self, context: Context, response: AsgiResponse) -> Any:
        made = await response.answer(context.request)
        work = _work(context, made)
        return made if work is None else _follow(context.request, made, work)

    async def _run_async(self, request: Any) -> Any:
        context = self._begin(request)
        response = await self._answer(context)
        work = _work(context, response)
        return response if work is None else _follow(request, response, work)

    async def _run_apart(self, request: Any) -> Any:
        if getattr(request, "_following", None) is not None:
            return await self._run_async(request)
        # In a task of its own, so that an async generator is left in the task that entered it.
        context = self._begin(request)
        answer: "asyncio.Future[Any]" = asyncio.get_running_loop().create_future()
        ended = asyncio.Event()
        task = _sent.keep(self._live(context, answer, ended))
        try:
            response = await answer
        except asyncio.CancelledError:
            task.cancel()
            raise
        if not _streams.is_stream(response):
            _sent.start(_setting(ended))
        return response

    async def _live(
        self, context: Context, answer: "asyncio.Future[Any]", ended: asyncio.Event
    ) -> None:
        try:
            response = await self._answer(context)
        except asyncio.CancelledError:
            answer.cancel()
            raise
        except BaseException as error:
            if not answer.done():
                answer.set_exception(error)
            return
        work = _work(context, response)
        if _streams.is_stream(response):
            response = _streams.on_end(response, lambda: _sent.start(_setting(ended)))
        if not answer.done():
            answer.set_result(response)
            await ended.wait()
        if work is not None:
            await _sent.logged(work)

    async def _answer(self, context: Context) -> Any:
        try:
            if self._reader.has_body:
                incoming = incoming_of(context.request) if self.streams_body else None
                if incoming is None:
                    self._parse(context, value_of(context.request.body()))
                else:
                    await self._receive(context, incoming)
            values = await self._program.solve_async(context)
            result = self._handler.invoke(values)
            if self._handler.kind == "coroutine":
                result = await result
            response = self._respond(context, result)
            if type(response) is AsgiResponse:
                response = await response.answer(context.request)
            if context.cleanup is not None:
                await context.cleanup.close_early_async()
            return response
        except BaseException as error:
            _close_files(context)
            if context.cleanup is None:
                raise
            await context.cleanup.fail_async(error)

    def _respond(self, context: Context, result: Any) -> Any:
        response = self._shape.of(result, context.builder, self._handler.takes_builder)
        if issubclass(type(response), FileResponse):
            response.answer(context.request)
        return response

    def _begin(self, request: Any) -> Context:
        return Context(request, self._program.slot_count, self._is_awaited)

    async def _receive(self, context: Context, incoming: Any) -> None:
        if not self._reader.is_form:
            return self._parse(context, await incoming.read())
        request = context.request
        content_type = content_type_of(request)
        outer = getattr(request, "_outer", None)
        context.body = await self._reader.receive_form(incoming, content_type, outer)
        keep_form(request, context.body)

    def _parse(self, context: Context, body: bytes) -> None:
        request = context.request
        content_type = content_type_of(request)
        if self._reader.is_form:
            outer = getattr(request, "_outer", None)
            context.body = self._reader.parse_form(body, content_type, outer)
            keep_form(request, context.body)
        else:
            context.body = self._reader.parse(body, content_type)


def _follow(request: Any, response: Any, work: _sent.Work) -> Any:
    """The response, which the work follows: in the task of who sends it, where he takes it."""
    following = getattr(request, "_following", None)
    if following is None:
        return _streams.follow(response, work)
    following.append(_sent.as_here(work))
    return response


def _setting(event: asyncio.Event) -> _sent.Work:
    async def set_it() -> None:
        event.set()

    return set_it


def _work(context: Context, response: Any) -> Optional[_sent.Work]:
    """What is to be done after the response, if anything."""
    background: Any = context.background
    if isinstance(response, Response) and response.background is not None:
        background = response.background
        _sent.detach(response)
    has_files = _forms.is_form(context.body)
    if background is None and context.cleanup is None and not has_files:
        return None

    async def work(error: Optional[BaseException] = None) -> None:
        try:
            if context.cleanup is not None:
                await context.cleanup.end(background, error)
            elif background is not None and error is None:
                await background()
        finally:
            _close_files(context)

    return work


def _close_files(context: Context) -> None:
    if _forms.is_form(context.body):
        context.body.close_files()
