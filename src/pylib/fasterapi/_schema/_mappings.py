"""Dictionaries."""

from collections import abc
from typing import Any, Dict

from fasterapi._schema._constraints import Constraints
from fasterapi._schema._definitions import Definitions, Mode
from fasterapi._schema._dump import DumpOptions
from fasterapi._schema._node import Node
from fasterapi._schema._state import INVALID, LAX, State


class DictNode(Node):
    """A dict; lax: any mapping."""

    is_mapping = True
    type: Any = dict

    def __init__(self, key: Node, item: Node, constraints: Constraints) -> None:
        self.key = key
        self.item = item
        self.strict = bool(constraints.strict)
        self.min_length = constraints.min_length
        self.max_length = constraints.max_length
        self.label = f"dict[{key.label},{item.label}]"

    def run(self, value: Any, state: State) -> Any:
        if type(value) is not dict and not isinstance(value, dict):
            if self.strict or state.strict or not isinstance(value, abc.Mapping):
                return state.fail("dict_type", value)
            state.floor(LAX)
        made = self._all(value, state)
        if made is INVALID:
            return made
        if self.min_length is not None and len(made) < self.min_length:
            return self._size_error("too_short", "min_length", len(made), value, state)
        if self.max_length is not None and len(made) > self.max_length:
            return self._size_error("too_long", "max_length", len(made), value, state)
        return made

    def _all(self, value: Any, state: State) -> Any:
        start = len(state.problems)
        run_key, run_item = self.key.run, self.item.run
        made = {}
        for key, item in value.items():
            since = len(state.problems)
            made_key = run_key(key, state)
            if made_key is INVALID:
                state.locate(since, "[key]")
                state.locate(since, key if isinstance(key, (str, int)) else str(key))
                since = len(state.problems)
            made_item = run_item(item, state)
            if made_item is INVALID:
                state.locate(since, key if isinstance(key, (str, int)) else str(key))
            elif made_key is not INVALID:
                made[made_key] = made_item
        return INVALID if len(state.problems) > start else made

    def _size_error(self, type_: str, limit: str, actual: int, value: Any, state: State) -> Any:
        ctx = {
            "field_type": "Dictionary",
            limit: getattr(self, limit),
            "actual_length": actual,
        }
        return state.fail(type_, value, ctx)

    def dump(self, value: Any, options: DumpOptions) -> Any:
        if not isinstance(value, dict):
            return super().dump(value, options)
        dump_key, dump_item = self.key.dump_key, self.item.dump
        made = {}
        for key, item in value.items():
            below = options.below(key)
            if below is not None:
                made[dump_key(key, options)] = dump_item(item, below)
        return made

    def json_schema(self, definitions: Definitions, mode: Mode) -> Dict[str, Any]:
        made: Dict[str, Any] = {"type": "object"}
        item = self.item.json_schema(definitions, mode)
        names = self.key.json_schema(definitions, mode)
        pattern = names.pop("pattern", None)
        if pattern is not None:
            made["patternProperties"] = {pattern: item}
        else:
            made["additionalProperties"] = item or True
        names.pop("title", None)
        if names not in ({"type": "string"}, {}) and names.get("type", "string") == "string":
            made["propertyNames"] = names
        if self.min_length is not None:
            made["minProperties"] = self.min_length
        if self.max_length is not None:
            made["maxProperties"] = self.max_length
        return made
