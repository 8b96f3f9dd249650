"""Dataclasses, TypedDicts and NamedTuples."""

from typing import Any, Dict

from fasterapi._schema._definitions import Definitions, Mode
from fasterapi._schema._dump import DumpOptions
from fasterapi._schema._fields import title_of
from fasterapi._schema._guard import guarded
from fasterapi._schema._named import NamedNode
from fasterapi._schema._sequences import items_of
from fasterapi._schema._state import INVALID, LAX, STRICT, State


class DataclassNode(NamedNode):
    """A dict, or an instance, which is taken as it is."""

    def run_once(self, value: Any, state: State) -> Any:
        if isinstance(value, self.type):
            if type(value) is not self.type:
                state.floor(STRICT)
            return value
        if (self.strict or state.strict) and state.mode != "json":
            return state.fail("dataclass_exact_type", value, {"class_name": self.label})
        if not isinstance(value, dict):
            return state.fail("dataclass_type", value, {"class_name": self.label})
        state.floor(STRICT)
        values = self.fields.read(value, state)
        if not _keys_are_text(value, state) or values is INVALID:
            return INVALID
        return guarded(lambda: self.type(**values.fields), value, state)

    def dump(self, value: Any, options: DumpOptions) -> Any:
        if not isinstance(value, self.type):
            return super().dump(value, options)
        names = (member.name for member in self.fields.members)
        values = {name: getattr(value, name) for name in names if hasattr(value, name)}
        return self.fields.dump(values, None, options)


def _keys_are_text(value: Dict[Any, Any], state: State) -> bool:
    start = len(state.problems)
    for key in value:
        if not isinstance(key, str):
            since = len(state.problems)
            state.fail("invalid_key", key)
            state.locate(since, key if isinstance(key, int) else str(key))
    return len(state.problems) == start


class TypedDictNode(NamedNode):
    """A dict, without the keys that are not declared."""

    def run_once(self, value: Any, state: State) -> Any:
        if not isinstance(value, dict):
            return state.fail("dict_type", value)
        values = self.fields.read(value, state)
        if values is INVALID:
            return values
        return {**values.fields, **(values.extra or {})}

    def suits(self, value: Any, exactly: bool) -> bool:
        names = {member.name for member in self.fields.members}
        return isinstance(value, dict) and names.issuperset(value)

    def dump(self, value: Any, options: DumpOptions) -> Any:
        if not isinstance(value, dict):
            return super().dump(value, options)
        return self.fields.dump(value, None, options)


class NamedTupleNode(NamedNode):
    """An instance, a list or tuple in the fields' order, or a dict."""

    is_sequence = True

    def run_once(self, value: Any, state: State) -> Any:
        if isinstance(value, self.type):
            value_of = value._asdict()
        elif isinstance(value, dict):
            state.floor(LAX)
            value_of = value
        elif not (self.strict or state.strict) and items_of(value) is not None:
            state.floor(LAX)
            return self._from_items(list(value), value, state)
        else:
            return state.fail("named_tuple_type", value, {"class_name": self.label})
        values = self.fields.read(value_of, state)
        return values if values is INVALID else self.type(**values.fields)

    def _from_items(self, items: Any, value: Any, state: State) -> Any:
        members = self.fields.members
        if len(items) > len(members):
            ctx = {
                "field_type": "NamedTuple",
                "max_length": len(members),
                "actual_length": len(items),
            }
            return state.fail("too_long", value, ctx)
        start = len(state.problems)
        made = []
        for index, member in enumerate(members):
            since = len(state.problems)
            if index < len(items):
                made.append(member.node.run(items[index], state))
            elif member.required:
                state.fail("missing", value)
            else:
                made.append(member.info.get_default())
            state.locate(since, index)
        return INVALID if len(state.problems) > start else self.type(*made)

    def dump(self, value: Any, options: DumpOptions) -> Any:
        if not isinstance(value, self.type):
            return super().dump(value, options)
        pairs = zip(self.fields.members, value)
        made = [member.node.dump(item, options) for member, item in pairs]
        return made if options.mode == "json" else tuple(made)

    def body_schema(self, definitions: Definitions, mode: Mode) -> Dict[str, Any]:
        members = self.fields.members
        items = []
        for member in members:
            schema = dict(member.node.json_schema(definitions, mode))
            if not member.node.is_named:
                schema["title"] = title_of(member.name)
            if not member.required:
                schema["default"] = member.node.dump(member.info.default, DumpOptions())
            items.append(schema)
        return {
            "type": "array",
            "maxItems": len(members),
            "minItems": sum(member.required for member in members),
            "prefixItems": items,
        }
