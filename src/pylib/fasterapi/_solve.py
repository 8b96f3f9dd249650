"""Solving: the steps that make a handler's arguments, compiled once from its tree of dependencies
into a flat list.

Each call has a slot for its result; a dependency that several take is called once. A call whose
own parameters, or whose dependencies, are invalid is left out, and the errors of all are gathered
in FastAPI's order.
"""

from typing import Any, Callable, Dict, List, Optional, Tuple

from fasterapi import _binding
from fasterapi._builder import PlainBuilder
from fasterapi._cleanup import Cleanup
from fasterapi._dependant import Dependant
from fasterapi._fields import Field
from fasterapi._reading import Reader, Validated
from fasterapi._request_extras import SyncRequest
from fasterapi._schema import INVALID
from fasterapi.background import BackgroundTasks
from fasterapi.exceptions import RequestValidationError
from fasterapi.params import UNDEFINED
from fasterapi.security import SecurityScopes


class Context:
    """One request while its arguments are made."""

    __slots__ = (
        "background",
        "body",
        "builder",
        "cleanup",
        "errors",
        "failed",
        "is_awaited",
        "request",
        "slots",
    )

    def __init__(self, request: Any, slots: int, is_awaited: bool) -> None:
        self.request = request
        self.is_awaited = is_awaited
        self.slots: List[Any] = [INVALID] * slots
        self.errors: List[Dict[str, Any]] = []
        self.body: Any = UNDEFINED
        self.failed: Dict[int, List[Dict[str, Any]]] = {}  # the errors below a slot
        self.builder: Optional[PlainBuilder] = None
        self.background: Optional[BackgroundTasks] = None
        self.cleanup: Optional[Cleanup] = None

    @property
    def is_bare(self) -> bool:
        """Whether nothing is to be added to the result, or to be done after it."""
        return self.builder is None and self.background is None and self.cleanup is None


Get = Callable[[Context], Any]


class Step:
    """One call: of a dependency, or of the handler."""

    __slots__ = (
        "call",
        "capacity",
        "count",
        "getters",
        "is_late",
        "keywords",
        "kind",
        "order",
        "slot",
        "takes_builder",
        "uses",
    )

    def __init__(self, of: Dependant, slot: int, slots: Dict[int, int], reader: Reader) -> None:
        self.call = of.run
        self.kind = of.kind
        self.capacity = of.capacity
        self.is_late = of.scope != "function"
        self.takes_builder = any(what == "response" for _, what in of.arguments)
        self.slot = slot
        self.uses = [slots[id(each)] for each in of.dependencies]
        positions = {name: at for at, (name, _) in enumerate(of.arguments)}
        by_field = [(positions[field.name], reader.getter(field)) for field in of.fields]
        others = [
            (positions[name], _getter(what, of, slots))
            for name, what in of.arguments
            if not isinstance(what, Field)
        ]
        made: List[Tuple[int, Get]] = by_field + others
        self.getters = [get for _, get in made]
        places = {place: at for at, (place, _) in enumerate(made)}
        order = [places[place] for place in range(len(made))]
        self.order = None if order == list(range(len(made))) else order
        self.keywords = tuple(of.keyword_only)
        self.count = len(made) - len(self.keywords)

    def arguments(self, context: Context) -> Optional[List[Any]]:
        """In the order of the signature; None where one is invalid."""
        before = len(context.errors)
        values = [get(context) for get in self.getters]
        if context.errors and self._is_invalid(context, before):
            return None
        return values if self.order is None else [values[at] for at in self.order]

    def _is_invalid(self, context: Context, before: int) -> bool:
        below = [error for use in self.uses for error in context.failed.get(use, ())]
        own = context.errors[before:]
        if below or own:
            context.failed[self.slot] = below + own
        return bool(below or own)

    def invoke(self, values: List[Any]) -> Any:
        """The call itself."""
        if not self.keywords:
            return self.call(*values)
        count = self.count
        return self.call(*values[:count], **dict(zip(self.keywords, values[count:])))


class Again:
    """A dependency that was called before: its errors are said again, as in FastAPI."""

    def __init__(self, slot: int) -> None:
        self.slot = slot

    def arguments(self, context: Context) -> None:
        """None: there is nothing to call."""
        context.errors.extend(context.failed.get(self.slot, ()))


class Program:
    """All steps of one handler, the handler's last. Immutable."""

    def __init__(self, handler: Dependant, reader: Reader) -> None:
        self.is_async = handler.is_async
        self.has_async_cleanup = any(
            d.kind == "async generator" for d in handler.walk() if d is not handler
        )
        self.reader = reader
        self.streams_body = _streams_body(handler, reader)
        self._steps: List[Any] = []
        self._slots: Dict[int, int] = {}  # of a Dependant, by its id
        self._cached: Dict[Any, int] = {}
        self._add(handler)
        self.of = handler  # whose id must stay its own
        self.dependencies = self._steps[:-1]
        self.handler: Step = self._steps[-1]
        self.slot_count = len(self._steps)
        if any(each.capacity for each in handler.walk()):
            self.solve_async = self._solve_limited  # type: ignore[method-assign]

    def _add(self, of: Dependant) -> None:
        for dependency in of.dependencies:
            known = self._cached.get(dependency.cache_key()) if dependency.use_cache else None
            if known is not None:
                self._slots[id(dependency)] = known
                self._steps.append(Again(known))
                continue
            self._add(dependency)
            self._cached.setdefault(dependency.cache_key(), self._slots[id(dependency)])
        slot = len(self._steps)
        step = Step(of, slot, self._slots, self.reader)
        self._steps.append(step)
        self._slots[id(of)] = slot

    def solve(self, context: Context) -> List[Any]:
        """The handler's arguments, where nothing on the way is async. RequestValidationError."""
        for step in self.dependencies:
            values = step.arguments(context)
            if values is not None:
                result = step.invoke(values)
                if step.kind == "generator":
                    result = self._cleanup(context).enter(result, step.is_late)
                context.slots[step.slot] = result
        return self._finish(context)

    async def solve_async(self, context: Context) -> List[Any]:
        """The same with dependencies that may be awaited."""
        for step in self.dependencies:
            values = step.arguments(context)
            if values is not None:
                result = step.invoke(values)
                if step.kind == "coroutine":
                    result = await result
                elif step.kind == "generator":
                    result = self._cleanup(context).enter(result, step.is_late)
                elif step.kind == "async generator":
                    result = await self._cleanup(context).enter_async(result, step.is_late)
                context.slots[step.slot] = result
        return self._finish(context)

    async def _solve_limited(self, context: Context) -> List[Any]:
        """The same where one of them has a ``max_concurrency``."""
        for step in self.dependencies:
            values = step.arguments(context)
            if values is None:
                continue
            if step.capacity is None:
                context.slots[step.slot] = await self._result(step, values, context)
            elif "generator" in step.kind:
                await self._cleanup(context).enter_limited(
                    step.capacity.get_semaphore(), step.is_late
                )
                context.slots[step.slot] = await self._result(step, values, context)
            else:
                async with step.capacity.get_semaphore():
                    context.slots[step.slot] = await self._result(step, values, context)
        return self._finish(context)

    async def _result(self, step: Step, values: List[Any], context: Context) -> Any:
        result = step.invoke(values)
        if step.kind == "coroutine":
            return await result
        if step.kind == "generator":
            return self._cleanup(context).enter(result, step.is_late)
        if step.kind == "async generator":
            return await self._cleanup(context).enter_async(result, step.is_late)
        return result

    def _cleanup(self, context: Context) -> Cleanup:
        if context.cleanup is None:
            request = context.request  # a connection, or a request of ASGI's
            is_asgi = hasattr(request, "accept") or getattr(request, "_following", None) is not None
            context.cleanup = Cleanup(self.is_async, is_asgi)
        return context.cleanup

    def _finish(self, context: Context) -> List[Any]:
        values = self.handler.arguments(context)
        if context.errors:
            body = None if context.body is UNDEFINED else context.body
            if type(body) is Validated:
                body = body.plain()
            path = f"{_method_and_root(context.request)}{self.of.path}"
            where = _binding.place_of(self.of.call, path)
            raise RequestValidationError(context.errors, body=body, endpoint_ctx=where)
        assert values is not None
        return values


def _method_and_root(request: Any) -> str:
    if hasattr(request, "root_path"):
        return f"{request.method} {request.root_path}"
    return f"WS {request.scope.get('root_path', '')}"


def _getter(what: Any, of: Dependant, slots: Dict[int, int]) -> Get:
    if isinstance(what, Dependant):
        slot = slots[id(what)]
        return lambda context: context.slots[slot]
    if what == "scopes":
        return lambda context: SecurityScopes(list(of.scopes))
    if what == "request" and of.kind in ("coroutine", "async generator"):
        return lambda context: context.request
    return _SPECIAL[what]


def _request(context: Context) -> Any:
    return SyncRequest(context.request) if context.is_awaited else context.request


def _builder(context: Context) -> Any:
    if context.builder is None:
        context.builder = PlainBuilder()
    return context.builder


def _background(context: Context) -> Any:
    if context.background is None:
        context.background = BackgroundTasks()
    return context.background


_SPECIAL: Dict[str, Get] = {
    "request": _request,
    "response": _builder,
    "background": _background,
}


def _streams_body(handler: Dependant, reader: Reader) -> bool:
    """Whether it makes use of a body that comes meanwhile. To a plain function that takes the
    request the body is to be complete, as it is to what reads JSON."""
    takers = [
        each for each in handler.walk() if any(made == "request" for _, made in each.arguments)
    ]
    if any(each.kind not in ("coroutine", "async generator") for each in takers):
        return False
    if reader.has_body:
        return reader.is_form
    return bool(takers) and handler.is_async
