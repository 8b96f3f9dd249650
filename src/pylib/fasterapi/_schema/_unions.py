"""Unions: the member that fits best, or the one that a tag names."""

from collections import abc
from typing import Any, Dict, List, Optional, Tuple

from fasterapi._schema._definitions import Definitions, Mode
from fasterapi._schema._dump import DumpOptions
from fasterapi._schema._fields import has_attributes
from fasterapi._schema._node import Node
from fasterapi._schema._scalars import AnyNode
from fasterapi._schema._state import EXACT, INVALID, State


class UnionNode(Node):
    """Smart mode: an exact fit at once; else the model with most fields set, or the closest fit.
    ``left_to_right`` takes the first that fits."""

    def __init__(self, members: Tuple[Node, ...], left_to_right: bool = False) -> None:
        self.members = members
        self.left_to_right = left_to_right
        self.label = f"union[{','.join(member.label for member in members)}]"
        self.is_sequence = any(member.is_sequence for member in members)
        self.is_mapping = any(member.is_mapping for member in members)
        self.accepts_none = any(member.accepts_none for member in members)

    def run(self, value: Any, state: State) -> Any:
        outer = state.exactness, state.fields_set
        since = len(state.problems)
        best: Any = INVALID
        fit, fields = -1, None
        for member in self.members:
            state.exactness, state.fields_set = EXACT, None
            start = len(state.problems)
            made = member.run(value, state)
            if made is INVALID:
                state.locate(start, member.label)
                continue
            if self.left_to_right or (state.exactness == EXACT and state.fields_set is None):
                best, fit, fields = made, state.exactness, state.fields_set
                break
            if best is INVALID or _is_better(state.exactness, state.fields_set, fit, fields):
                best, fit, fields = made, state.exactness, state.fields_set
        state.exactness, state.fields_set = outer
        if best is INVALID:
            return best
        del state.problems[since:]
        state.floor(fit)
        if fields is not None:
            state.fields_set = (state.fields_set or 0) + fields
        return best

    def dump(self, value: Any, options: DumpOptions) -> Any:
        member = self._member_for(value)
        return super().dump(value, options) if member is None else member.dump(value, options)

    def _member_for(self, value: Any) -> Optional[Node]:
        found = self._suiting(value, True) or self._suiting(value, False)
        takes_any = any(isinstance(member, AnyNode) for member in self.members)
        return None if found is not None and found.is_complex and takes_any else found

    def _suiting(self, value: Any, exactly: bool) -> Optional[Node]:
        return next((member for member in self.members if member.suits(value, exactly)), None)

    def suits(self, value: Any, exactly: bool) -> bool:
        return any(member.suits(value, exactly) for member in self.members)

    def json_schema(self, definitions: Definitions, mode: Mode) -> Dict[str, Any]:
        made: List[Dict[str, Any]] = []
        for member in self.members:
            schema = member.json_schema(definitions, mode)
            for part in schema["anyOf"] if set(schema) == {"anyOf"} else [schema]:
                if part not in made:
                    made.append(part)
        return made[0] if len(made) == 1 else {"anyOf": made}


def _is_better(fit: int, fields: Optional[int], best: int, best_fields: Optional[int]) -> bool:
    if fields is not None and best_fields is not None and fields != best_fields:
        return fields > best_fields
    return fit > best


class TaggedUnionNode(Node):
    """The member that the value of the field ``discriminator`` names. ``tags`` and ``alias``, the
    field's name in the data, come after, when the members are complete."""

    is_mapping = True
    alias: str
    shown: str  # what finds the tag, in errors
    expected: str

    def __init__(self, members: Tuple[Node, ...], discriminator: str) -> None:
        self.members = members
        self.discriminator = discriminator
        self.union = UnionNode(members)
        self.label = f"tagged-union[{','.join(node.label for node in members)}]"
        self.tags: Dict[Any, Node] = {}

    def complete(self, tags: Dict[Any, Node], alias: str) -> None:
        """Sets what the members say of themselves."""
        self.tags = tags
        self.alias = alias
        self.shown = repr(alias)
        self.expected = ", ".join(repr(_plain(tag)) for tag in tags)
        self.label = f"tagged-union[{','.join(node.label for node in tags.values())}]"

    def run(self, value: Any, state: State) -> Any:
        tag = self._tag_of(value)
        if tag is _NOT_AN_OBJECT:
            return state.fail("model_attributes_type", value)
        if tag is INVALID:
            return state.fail("union_tag_not_found", value, {"discriminator": self.shown})
        try:
            member = self.tags.get(tag)
        except TypeError:  # not hashable
            member = None
        if member is None:
            ctx = {"discriminator": self.shown, "tag": str(tag), "expected_tags": self.expected}
            return state.fail("union_tag_invalid", value, ctx)
        since = len(state.problems)
        made = member.run(value, state)
        if made is INVALID:
            plain = _plain(tag)
            state.locate(since, plain if isinstance(plain, (str, int)) else str(plain))
        return made

    def _tag_of(self, value: Any) -> Any:
        if isinstance(value, abc.Mapping):
            return value.get(self.alias, INVALID)
        if not has_attributes(value):
            return _NOT_AN_OBJECT
        return getattr(value, self.discriminator, INVALID)

    def suits(self, value: Any, exactly: bool) -> bool:
        return self.union.suits(value, exactly)

    def dump(self, value: Any, options: DumpOptions) -> Any:
        return self.union.dump(value, options)

    def json_schema(self, definitions: Definitions, mode: Mode) -> Dict[str, Any]:
        mapping, one_of = {}, []
        for tag, member in self.tags.items():
            schema = member.json_schema(definitions, mode)
            if "$ref" in schema:
                mapping[str(_plain(tag))] = schema["$ref"]
            if schema not in one_of:
                one_of.append(schema)
        made: Dict[str, Any] = {"oneOf": one_of}
        if mapping:
            made["discriminator"] = {"mapping": mapping, "propertyName": self.alias}
        return made


_NOT_AN_OBJECT: Any = object()


def _plain(tag: Any) -> Any:
    return getattr(tag, "value", tag)
