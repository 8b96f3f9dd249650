"""Schemas around a schema: None as well, checks after it."""

from typing import Any, Dict

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

    def suits(self, value: Any, exactly: bool) -> bool:
        return self.inner.suits(value, exactly)

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
