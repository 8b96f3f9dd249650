"""Objects with named fields, read from a mapping or from another object's attributes."""

from collections import abc
from typing import Any, Dict, List, Mapping, NamedTuple, Optional, Set, Tuple

from fasterapi._schema._definitions import Definitions, Mode
from fasterapi._schema._dump import DumpOptions, dump_any
from fasterapi._schema._field import UNDEFINED, FieldInfo
from fasterapi._schema._node import Node
from fasterapi._schema._state import INVALID, State


class Member(NamedTuple):
    """A field, compiled. ``keys`` are its names in the data, tried in turn."""

    name: str
    keys: Tuple[str, ...]
    dump_key: str
    node: Node
    info: FieldInfo
    required: bool


class Values(NamedTuple):
    """What was read: all fields, which of them were given, and what was over."""

    fields: Dict[str, Any]
    given: Set[str]
    extra: Optional[Dict[str, Any]]


class Fields:
    """The fields of one type. ``extra`` is ignore, forbid or allow; ``extra_node`` validates what
    is allowed."""

    def __init__(
        self, members: List[Member], extra: str = "ignore", extra_node: Optional[Node] = None
    ) -> None:
        self.members = members
        self.extra = extra
        self.extra_node = extra_node
        self.steps = [
            (member.name, member.keys[0], member.keys[1:], member.node.run, member)
            for member in members
        ]

    def read(self, value: Mapping[Any, Any], state: State, source: Any = None) -> Any:
        """Values, or INVALID. ``source`` is what the mapping shows, if not itself."""
        problems = state.problems
        start = len(problems)
        fields: Dict[str, Any] = {}
        given: Set[str] = set()
        used: Set[str] = set()
        outer, state.data = state.data, fields
        for name, key, others, run, member in self.steps:
            found = value.get(key, INVALID)
            if found is INVALID:
                key, found = _by_other(value, key, others)
            if found is INVALID:
                self._absent(member, fields, value if source is None else source, state)
                continue
            used.add(key)
            since = len(problems)
            made = run(found, state)
            if made is INVALID:
                state.locate(since, key)
            else:
                fields[name] = made
                given.add(name)
        state.data = outer
        extra = None
        if self.extra != "ignore":
            extra = self._over(value, used, state) if source is None else {}
        if len(problems) > start:
            return INVALID
        if extra:
            given.update(extra)
        state.fields_set = (state.fields_set or 0) + len(given)
        return Values(fields, given, extra if self.extra == "allow" else None)

    def _absent(self, member: Member, fields: Dict[str, Any], value: Any, state: State) -> None:
        since = len(state.problems)
        if member.required:
            state.fail("missing", value)
            state.locate(since, member.keys[0])
            return
        if member.info.is_required():
            return  # a key that a TypedDict does not require
        made = member.info.get_default(fields)
        if member.info.validate_default:
            made = member.node.run(made, state)
            if made is INVALID:
                state.locate(since, member.keys[0])
                return
        fields[member.name] = made

    def _over(self, value: Mapping[Any, Any], used: Set[str], state: State) -> Dict[str, Any]:
        made: Dict[str, Any] = {}
        for key, item in value.items():
            if key in used:
                continue
            since = len(state.problems)
            if not isinstance(key, str):
                state.fail("invalid_key", key)
                state.locate(since, key if isinstance(key, int) else str(key))
            elif self.extra == "forbid":
                state.fail("extra_forbidden", item)
                state.locate(since, key)
            else:
                one = item if self.extra_node is None else self.extra_node.run(item, state)
                if one is INVALID:
                    state.locate(since, key)
                else:
                    made[key] = one
        return made

    def dump(
        self, values: Mapping[str, Any], given: Optional[Set[str]], options: DumpOptions
    ) -> Dict[str, Any]:
        """The fields that the options want. ``given`` is None where that is not known."""
        made: Dict[str, Any] = {}
        for member in self.members:
            if member.name not in values or member.info.exclude:
                continue
            value = values[member.name]
            if self._is_left_out(member, value, given, options):
                continue
            below = options.below(member.name)
            if below is not None:
                key = member.dump_key if options.by_alias else member.name
                made[key] = member.node.dump(value, below)
        return made

    @staticmethod
    def _is_left_out(
        member: Member, value: Any, given: Optional[Set[str]], options: DumpOptions
    ) -> bool:
        if options.exclude_none and value is None:
            return True
        if options.exclude_unset and given is not None and member.name not in given:
            return True
        return options.exclude_defaults and not member.required and member.info.is_default(value)

    def json_schema(self, definitions: Definitions, mode: Mode) -> Dict[str, Any]:
        """``properties`` and ``required``, and what is said of others."""
        properties, required = {}, []
        for member in self.members:
            if member.info.exclude and mode == "serialization":
                continue
            key = member.name
            if definitions.by_alias:
                key = member.keys[0] if mode == "validation" else member.dump_key
            properties[key] = member_schema(member, key, definitions, mode)
            if member.required:
                required.append(key)
        made: Dict[str, Any] = {"properties": properties, "type": "object"}
        if required:
            made["required"] = required
        if self.extra != "ignore":
            made["additionalProperties"] = self.extra == "allow"
        return made


def _by_other(value: Mapping[Any, Any], key: str, others: Tuple[str, ...]) -> Tuple[str, Any]:
    """What stands under another of a field's names, or INVALID under its first."""
    for other in others:
        found = value.get(other, INVALID)
        if found is not INVALID:
            return other, found
    return key, INVALID


def member_schema(member: Member, key: str, definitions: Definitions, mode: Mode) -> Dict[str, Any]:
    """The schema of a field, with its title and what else is said of it."""
    made = dict(member.node.json_schema(definitions, mode))
    if not member.node.is_named:
        made["title"] = title_of(key)
    describe(made, member.info)
    if member.info.default is not UNDEFINED and member.info.default_factory is None:
        try:
            made["default"] = member.node.dump(member.info.default, DumpOptions())
        except (TypeError, ValueError):
            pass  # a default that JSON has no words for
    return made


def describe(schema: Dict[str, Any], info: FieldInfo) -> None:
    """Adds what is said in Field()."""
    if info.title is not None:
        schema["title"] = info.title
    if info.description is not None:
        schema["description"] = info.description
    if info.examples is not None:
        schema["examples"] = [dump_any(example, DumpOptions()) for example in info.examples]
    if info.deprecated:
        schema["deprecated"] = True
    if callable(info.json_schema_extra):
        info.json_schema_extra(schema)
    elif info.json_schema_extra:
        schema.update(info.json_schema_extra)


def title_of(name: str) -> str:
    """``item_id`` as ``Item Id``."""
    return name.title().replace("_", " ").strip()


def has_attributes(value: Any) -> bool:
    """Whether an object may be read by its attributes: none of a built-in type, no date."""
    return type(value).__module__ not in ("builtins", "datetime", "collections")


class Attributes(abc.Mapping):  # type: ignore[type-arg]
    """An object's attributes as a mapping. What a property raises is an error of its field."""

    def __init__(self, value: Any) -> None:
        self.value = value

    def __getitem__(self, key: str) -> Any:
        try:
            return getattr(self.value, key)
        except AttributeError:
            raise KeyError(key) from None

    def __iter__(self) -> Any:
        return iter(getattr(self.value, "__dict__", ()))

    def __len__(self) -> int:
        return len(getattr(self.value, "__dict__", ()))
