"""Values out of a fixed few: Literal and Enum."""

import enum
from typing import Any, Callable, Dict, Iterable, List, Optional, Tuple

from fasterapi._schema._constraints import Constraints
from fasterapi._schema._definitions import Definitions, Mode
from fasterapi._schema._dump import DumpOptions, dump_any
from fasterapi._schema._node import Node
from fasterapi._schema._numbers import FloatNode, IntNode
from fasterapi._schema._scalars import StrNode
from fasterapi._schema._state import INVALID, LAX, State


def one_of(values: Iterable[Any]) -> str:
    """``'a', 'b' or 3``."""
    texts = [repr(value) for value in values]
    return texts[0] if len(texts) == 1 else f"{', '.join(texts[:-1])} or {texts[-1]}"


def is_huge(value: Any) -> bool:
    """An integer of more than 64 bits, which none of a few choices is."""
    return isinstance(value, int) and not -(2**63) <= value < 2**63


class LiteralNode(Node):
    """One of the values, of the same type."""

    def __init__(self, values: Tuple[Any, ...]) -> None:
        self.values = values
        self.accepts_none = None in values
        self.expected = one_of(_plain(values))
        self.has_integers = any(type(value) is int for value in values)
        self.label = f"literal[{','.join(repr(value) for value in _plain(values))}]"
        self.exact = {(type(value), value): value for value in values}
        self.equal = {value: value for value in values if type(value) not in (str, bytes)}

    def run(self, value: Any, state: State) -> Any:
        found = self._found(value)
        if found is not INVALID:
            return found
        if self.has_integers and is_huge(value):
            return state.fail("int_parsing_size", value)
        return state.fail("literal_error", value, {"expected": self.expected})

    def _found(self, value: Any) -> Any:
        if isinstance(value, str):
            return self.exact.get((str, str.__str__(value)), INVALID)
        try:
            found = self.exact.get((type(value), value), INVALID)
            return self.equal.get(value, INVALID) if found is INVALID else found
        except TypeError:  # not hashable
            return INVALID

    def dump(self, value: Any, options: DumpOptions) -> Any:
        return dump_any(value, options)

    def json_schema(self, definitions: Definitions, mode: Mode) -> Dict[str, Any]:
        values = _plain(self.values)
        made: Dict[str, Any] = {"const": values[0]} if len(values) == 1 else {"enum": values}
        kind = _json_type(values)
        return {**made, "type": kind} if kind else made


class EnumNode(Node):
    """A member of the enumeration, or its value."""

    is_named = True

    def __init__(self, type_: Any, constraints: Constraints, use_values: bool) -> None:
        self.type = type_
        self.strict = bool(constraints.strict)
        self.use_values = use_values
        self.has_integers = any(isinstance(member.value, int) for member in type_)
        self.values = [member.value for member in type_]
        self.expected = one_of(self.values)
        kind = next((k for k in (int, str, float) if issubclass(type_, k)), None)
        self.plain = None if kind is None else _PLAIN[kind](Constraints())
        self.label = f"{kind.__name__ + '-' if kind else ''}enum[{type_.__name__}]"
        self.by_value = {member.value: member for member in type_ if _is_hashable(member.value)}

    def run(self, value: Any, state: State) -> Any:
        member = self._member(value, state)
        if member is None:
            if (self.strict or state.strict) and state.mode != "json":
                return state.fail("is_instance_of", value, {"class": self.type.__name__})
            plain = self._as_plain(value)
            if self.has_integers and is_huge(plain):
                return state.fail("int_parsing_size", plain)
            return state.fail("enum", value, {"expected": self.expected})
        return member.value if self.use_values else member

    def _member(self, value: Any, state: State) -> Any:
        if isinstance(value, self.type):
            return value
        if (self.strict or state.strict) and state.mode != "json":
            return None
        if state.mode != "json":
            state.floor(LAX)
        try:
            return self.by_value[value]
        except (KeyError, TypeError):
            return self._converted(value)

    def _as_plain(self, value: Any) -> Any:
        """What an IntEnum or the like takes the value for."""
        return value if self.plain is None else self.plain.run(value, State())

    def _converted(self, value: Any) -> Any:
        if self.plain is not None:
            return self.by_value.get(self._as_plain(value))
        try:
            return self.type(value)
        except (ValueError, TypeError):
            return None

    def dump(self, value: Any, options: DumpOptions) -> Any:
        if options.mode == "python" or not isinstance(value, enum.Enum):
            return super().dump(value, options)
        return dump_any(value.value, options)

    def json_schema(self, definitions: Definitions, mode: Mode) -> Dict[str, Any]:
        return definitions.ref(self, mode)

    def body_schema(self, definitions: Definitions, mode: Mode) -> Dict[str, Any]:
        """The definition that json_schema() refers to."""
        values = [dump_any(value, DumpOptions()) for value in self.values]
        made: Dict[str, Any] = {"title": self.type.__name__}
        doc = (self.type.__doc__ or "").strip()
        if doc and doc not in ("An enumeration.", (enum.Enum.__doc__ or "").strip()):
            made["description"] = doc
        made.update({"const": values[0]} if len(values) == 1 else {"enum": values})
        kind = _json_type(values)
        return {**made, "type": kind} if kind else made


_PLAIN: Dict[Any, Callable[[Constraints], Node]] = {int: IntNode, float: FloatNode, str: StrNode}


def _plain(values: Iterable[Any]) -> List[Any]:
    return [value.value if isinstance(value, enum.Enum) else value for value in values]


_JSON_TYPES = {str: "string", int: "integer", float: "number", bool: "boolean", type(None): "null"}


def _json_type(values: Iterable[Any]) -> Optional[str]:
    kinds = {type(value) for value in values}
    return _JSON_TYPES.get(kinds.pop()) if len(kinds) == 1 else None


def _is_hashable(value: Any) -> bool:
    try:
        hash(value)
    except TypeError:
        return False
    return True
