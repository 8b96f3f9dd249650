"""Spans of what a request consists of: dependencies, handler, serialization, background tasks.

They are in place of the plain steps of a route while its app is observed."""

import contextlib
from typing import Any, Callable, Iterator, List, Optional

from opentelemetry.trace import StatusCode

from fasterapi import _starlette
from fasterapi._endpoint import Endpoint
from fasterapi._reading import Validated
from fasterapi._results import Shape, is_generator, to_response
from fasterapi._solve import Context, Program, Step
from fasterapi.exceptions import RequestValidationError
from fasterapi.params import UNDEFINED
from fasterapi.responses import Response
from fasterapi.telemetry import _events
from fasterapi.telemetry._observed import TelemetryData, current

_BACKGROUND = "background_task"


@contextlib.contextmanager
def operation(name: str, function: Optional[Callable[..., Any]]) -> Iterator[None]:
    """A span around the block, where operations have some."""
    observed = current()
    if observed is None or observed.tracer is None:
        yield
        return
    attributes = {} if function is None else {"code.function.name": _name_of(function)}
    with observed.tracer.start_as_current_span(
        f"fastapi.{name}",
        attributes=attributes,
        record_exception=False,
        set_status_on_exception=False,
    ) as span:
        try:
            yield
        except Exception as error:
            if name == _BACKGROUND or not _events.is_answer(error):
                span.set_attribute("error.type", _events.type_of(error))
                span.set_status(StatusCode.ERROR)
            raise


async def run_tasks(tasks: List[Any]) -> None:
    """Background tasks, one after another."""
    for task in tasks:
        with operation(_BACKGROUND, task.func):
            await task()


class ObservedStep:
    """The call of a handler."""

    def __init__(self, step: Step, function: Callable[..., Any]) -> None:
        self._step = step
        self._function = function
        self.kind = step.kind
        self.takes_builder = step.takes_builder

    def invoke(self, values: List[Any]) -> Any:
        """The call itself; of a generator it is no more than its beginning."""
        if self.kind == "coroutine":
            return self._await(values)
        if "generator" in self.kind:
            return self._step.invoke(values)
        with operation("endpoint", self._function):
            return self._step.invoke(values)

    async def _await(self, values: List[Any]) -> Any:
        with operation("endpoint", self._function):
            return await self._step.invoke(values)


class ObservedProgram:
    """A program whose request's data can be seen while it is solved."""

    def __init__(self, program: Program) -> None:
        handler = program.of
        self._program = program
        self._names = [name for name, _ in handler.arguments]
        self.function = handler.call
        self.handler = ObservedStep(program.handler, handler.call)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._program, name)

    def solve(self, context: Context) -> List[Any]:
        """As the program's."""
        with self._solving(context):
            return self._solved(self._program.solve(context))

    async def solve_async(self, context: Context) -> List[Any]:
        """As the program's."""
        with self._solving(context):
            return self._solved(await self._program.solve_async(context))

    @contextlib.contextmanager
    def _solving(self, context: Context) -> Iterator[None]:
        note_request(context.request)
        data = _data()
        if data is not None:
            data.body = _plain(context.body)
        try:
            with operation("dependencies", self.function):
                yield
        except RequestValidationError as error:
            if error.args[0] is context.errors:  # not one that a dependency has raised
                _events.validation_failed(error)
            raise

    def _solved(self, values: List[Any]) -> List[Any]:
        data = _data()
        if data is not None:
            data.values, data.errors = dict(zip(self._names, values)), []
        return values


class ObservedEndpoint(Endpoint):
    """A general route."""

    def __init__(self, program: Program, shape: Shape, is_awaited: bool) -> None:
        observed: Any = ObservedProgram(program)
        super().__init__(observed, shape, is_awaited)
        self._function = observed.function
        self._sends_values = False

    def _parse(self, context: Context, body: bytes) -> None:
        note_request(context.request)
        try:
            super()._parse(context, body)
        except RequestValidationError as error:
            _events.validation_failed(error)
            raise

    def _respond(self, context: Context, result: Any) -> Any:
        if isinstance(result, Response) or _starlette.is_response(result) or is_generator(result):
            return super()._respond(context, result)
        with operation("serialization", self._function):
            return to_response(super()._respond(context, result))


def note_request(request: Any) -> None:
    """Whose route has begun."""
    data = _data()
    if data is None:
        return
    if hasattr(request, "accept"):
        data.websocket = request
    else:
        data.request = request


def _data() -> Optional[TelemetryData]:
    observed = current()
    return None if observed is None else observed.data


def _plain(body: Any) -> Any:
    if body is UNDEFINED:
        return None
    return body.plain() if type(body) is Validated else body


def _name_of(function: Callable[..., Any]) -> str:
    kind = type(function)
    module = getattr(function, "__module__", kind.__module__)
    return f"{module}.{getattr(function, '__qualname__', kind.__qualname__)}"
