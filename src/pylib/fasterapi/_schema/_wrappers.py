"""Schemas around a schema: None as well, checks after it, functions before and after it."""

import inspect
from typing import Any, Callable, Dict, Optional

from fasterapi._schema._constraints import NUMBER_KEYWORDS, Constraints, bounds, failing
from fasterapi._schema._definitions import Definitions, Mode
from fasterapi._schema._dump import DumpOptions
from fasterapi._schema._node import Node
from fasterapi._schema._state import INVALID, State


class Wrapper(Node):
    """Like the schema inside."""

    def __init__(self, inner: Node) -> None:
        self.inner = inner
        self.label = inner.label
        self.is_named = inner.is_named
        self.is_sequence = inner.is_sequence
        self.is_mapping = inner.is_mapping
        self.accepts_none = inner.accepts_none

    def run(self, value: Any, state: State) -> Any:
        return self.inner.run(value, state)

    def dump(self, value: Any, options: DumpOptions) -> Any:
        return self.inner.dump(value, options)

    def dump_key(self, key: Any, options: DumpOptions) -> Any:
        return self.inner.dump_key(key, options)

    def json_schema(self, definitions: Definitions, mode: Mode) -> Dict[str, Any]:
        return self.inner.json_schema(definitions, mode)


class NullableNode(Wrapper):
    """None, or what is inside."""

    def __init__(self, inner: Node) -> None:
        super().__init__(inner)
        self.accepts_none = True
        self.label = f"nullable[{inner.label}]"

    def run(self, value: Any, state: State) -> Any:
        return None if value is None else self.inner.run(value, state)

    def dump(self, value: Any, options: DumpOptions) -> Any:
        return None if value is None else self.inner.dump(value, options)

    def json_schema(self, definitions: Definitions, mode: Mode) -> Dict[str, Any]:
        inner = self.inner.json_schema(definitions, mode)
        if inner == {}:
            return {"anyOf": [{}, {"type": "null"}]}
        members = inner["anyOf"] if set(inner) == {"anyOf"} else [inner]
        return {"anyOf": [*members, {"type": "null"}]}


class InstanceNode(Node):
    """An instance of a class, as it is."""

    def __init__(self, type_: Any) -> None:
        self.type = type_
        self.label = f"is-instance[{type_.__name__}]"

    def run(self, value: Any, state: State) -> Any:
        if isinstance(value, self.type):
            return value
        return state.fail("is_instance_of", value, {"class": self.type.__name__})

    def json_schema(self, definitions: Definitions, mode: Mode) -> Dict[str, Any]:
        return {}


class CheckedNode(Wrapper):
    """Constraints on a value whose schema does not know them itself. TypeError where the value
    cannot be compared or has no length, which is the app's mistake."""

    def __init__(self, inner: Node, constraints: Constraints) -> None:
        super().__init__(inner)
        self.constraints = constraints
        self.checks = bounds(constraints)

    def run(self, value: Any, state: State) -> Any:
        made = self.inner.run(value, state)
        if made is INVALID:
            return made
        failed = failing(made, self.checks)
        if failed is not None:
            return state.fail(failed[0], value, failed[2])
        low, high = self.constraints.min_length, self.constraints.max_length
        if low is not None and len(made) < low:
            return state.fail("too_short", value, _length_ctx("min_length", low, len(made)))
        if high is not None and len(made) > high:
            return state.fail("too_long", value, _length_ctx("max_length", high, len(made)))
        return made

    def json_schema(self, definitions: Definitions, mode: Mode) -> Dict[str, Any]:
        made = dict(self.inner.json_schema(definitions, mode))
        named = self.constraints.named()
        made.update({said: named[n] for n, said in NUMBER_KEYWORDS.items() if n in named})
        if "min_length" in named:
            made["minLength"] = named["min_length"]
        if "max_length" in named:
            made["maxLength"] = named["max_length"]
        return made


def _length_ctx(limit: str, bound: int, actual: int) -> Dict[str, Any]:
    return {"field_type": "Value", limit: bound, "actual_length": actual}


class FunctionNode(Wrapper):
    """A user's function ``before``, ``after``, around (``wrap``) or instead of (``plain``) the
    schema. What it raises as ValueError or AssertionError becomes an error of the value."""

    def __init__(
        self, inner: Node, kind: str, function: Callable[..., Any], field: Optional[str] = None
    ) -> None:
        super().__init__(inner)
        self.kind = kind
        self.call = _with_info(function, field, 2 if kind == "wrap" else 1)
        name = getattr(function, "__qualname__", type(function).__name__).rpartition(".")[2]
        if kind == "wrap" or kind == "plain":
            self.label = f"function-{kind}[{name}()]"
        else:
            self.label = f"function-{kind}[{name}(), {inner.label}]"

    def run(self, value: Any, state: State) -> Any:
        try:
            return getattr(self, f"_{self.kind}")(value, state)
        except ValueError as error:
            return self._error(error, "value_error", value, state)
        except AssertionError as error:
            return self._error(error, "assertion_error", value, state)

    def _error(self, error: Exception, type_: str, value: Any, state: State) -> Any:
        problems = getattr(error, "_problems", None)
        if problems is not None:  # of a schema that the function called
            state.problems.extend(problems)
            return INVALID
        return state.fail(type_, value, {"error": error})

    def _before(self, value: Any, state: State) -> Any:
        return self.inner.run(self.call(value, state), state)

    def _after(self, value: Any, state: State) -> Any:
        made = self.inner.run(value, state)
        return made if made is INVALID else self.call(made, state)

    def _plain(self, value: Any, state: State) -> Any:
        return self.call(value, state)

    def _wrap(self, value: Any, state: State) -> Any:
        def handler(inner_value: Any) -> Any:
            since = len(state.problems)
            made = self.inner.run(inner_value, state)
            if made is INVALID:
                problems = state.problems[since:]
                del state.problems[since:]
                raise InnerError(problems)
            return made

        return self.call(value, state, handler)

    def json_schema(self, definitions: Definitions, mode: Mode) -> Dict[str, Any]:
        if self.kind == "plain" and mode == "validation":
            return {}
        return super().json_schema(definitions, mode)


class InnerError(ValueError):
    """Raised into a wrapping validator by the schema that it wraps."""

    def __init__(self, problems: Any) -> None:
        super().__init__("validation failed")
        self._problems = problems


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
