"""Users' functions around a schema."""

import inspect
from typing import Any, Callable, Dict, Optional

from fasterapi._schema._definitions import Definitions, Mode
from fasterapi._schema._failure import ValidationError
from fasterapi._schema._guard import guarded
from fasterapi._schema._node import Node
from fasterapi._schema._state import INVALID, State
from fasterapi._schema._wrappers import Wrapper


class FunctionNode(Wrapper):
    """A user's function ``before``, ``after``, around (``wrap``) or instead of (``plain``) the
    schema. What it raises as ValueError or AssertionError becomes an error of the value."""

    def __init__(
        self, inner: Node, kind: str, function: Callable[..., Any], field: Optional[str] = None
    ) -> None:
        super().__init__(inner)
        self.kind = kind
        self.step: Callable[[Any, State], Any] = getattr(self, f"_{kind}")
        plain = 2 if kind == "wrap" else 1
        self.function = function
        self.takes_info = _takes(function) > plain
        self.call = _with_info(function, field, plain)
        name = getattr(function, "__qualname__", type(function).__name__).rpartition(".")[2]
        if kind == "wrap" or kind == "plain":
            self.label = f"function-{kind}[{name}()]"
        else:
            self.label = f"function-{kind}[{name}(), {inner.label}]"

    def run(self, value: Any, state: State) -> Any:
        return self.step(value, state)

    def _before(self, value: Any, state: State) -> Any:
        made = guarded(lambda: self.call(value, state), value, state)
        return made if made is INVALID else self.inner.run(made, state)

    def _after(self, value: Any, state: State) -> Any:
        made = self.inner.run(value, state)
        if made is INVALID:
            return made
        return guarded(lambda: self.call(made, state), value, state)

    def _plain(self, value: Any, state: State) -> Any:
        return guarded(lambda: self.call(value, state), value, state)

    def _wrap(self, value: Any, state: State) -> Any:
        def handler(inner_value: Any) -> Any:
            since = len(state.problems)
            made = self.inner.run(inner_value, state)
            if made is INVALID:
                problems = state.problems[since:]
                del state.problems[since:]
                raise ValidationError(self.inner.label, problems)
            return made

        return guarded(lambda: self.call(value, state, handler), value, state)

    def json_schema(self, definitions: Definitions, mode: Mode) -> Dict[str, Any]:
        if self.kind == "plain" and mode == "validation":
            return {}
        return super().json_schema(definitions, mode)


class Info:
    """What a validator that takes two arguments gets as its second."""

    __slots__ = ("config", "context", "data", "field_name", "mode")

    def __init__(self, field_name: Optional[str], data: Any, state: State) -> None:
        self.field_name = field_name
        self.data = data
        self.mode = state.mode
        self.context = state.context
        self.config = None


def _with_info(function: Callable[..., Any], field: Optional[str], plain: int) -> Any:
    """The function as one of (value, state[, handler])."""
    if _takes(function) > plain:
        if plain == 2:
            return lambda value, state, handler: function(
                value, handler, Info(field, state.data, state)
            )
        return lambda value, state: function(value, Info(field, state.data, state))
    if plain == 2:
        return lambda value, state, handler: function(value, handler)
    return lambda value, state: function(value)


def _takes(function: Callable[..., Any]) -> int:
    """How many positional arguments it must have."""
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return 1  # a built-in, such as str.strip
    kinds = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    return sum(p.kind in kinds and p.default is inspect.Parameter.empty for p in parameters)
