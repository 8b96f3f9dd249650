"""Lists, deques and tuples."""

import collections
from collections import abc
from typing import Any, Dict, List, Optional, Tuple

from fasterapi._schema._constraints import Constraints
from fasterapi._schema._definitions import Definitions, Mode
from fasterapi._schema._dump import DumpOptions
from fasterapi._schema._node import Node
from fasterapi._schema._scalars import AnyNode
from fasterapi._schema._state import EXACT, INVALID, LAX, State

_NOT_ITEMS = (str, bytes, bytearray, dict, abc.Mapping)
_ITEMS = (list, tuple, set, frozenset, collections.deque, abc.KeysView, abc.ValuesView)


def items_of(value: Any) -> Optional[Any]:
    """What lax mode takes for a collection: not text, not a mapping."""
    if isinstance(value, _ITEMS):
        return value
    if isinstance(value, _NOT_ITEMS):
        return None
    return value if isinstance(value, (abc.Iterator, range, abc.ItemsView, abc.Sequence)) else None


class ListNode(Node):
    """A list (also a Sequence or a deque); lax: any collection or iterator but text."""

    is_sequence = True
    type: Any = list
    type_error = "list_type"
    field_type = "List"

    def __init__(self, item: Node, constraints: Constraints) -> None:
        self.item = item
        self.strict = bool(constraints.strict)
        self.min_length = constraints.min_length
        self.max_length = constraints.max_length
        self.label = f"{self.type.__name__}[{item.label}]"

    def run(self, value: Any, state: State) -> Any:
        items = value
        if type(value) is not self.type:
            items = self.items(value, state)
            if items is INVALID:
                return items
        if self.max_length is not None and len(items) > self.max_length:
            return self.size_error("too_long", "max_length", len(items), value, state)
        made = self._all(items, state)
        if made is INVALID:
            return made
        if self.min_length is not None and len(made) < self.min_length:
            return self.size_error("too_short", "min_length", len(made), value, state)
        return made

    def items(self, value: Any, state: State) -> Any:
        """What to go through, which has a length; INVALID if the value is no collection."""
        if isinstance(value, self.type):
            state.floor(EXACT)
            return value
        strict = self.strict or state.strict
        if strict and not (state.mode == "json" and isinstance(value, list)):
            return state.fail(self.type_error, value)
        items = items_of(value)
        if items is None:
            return state.fail(self.type_error, value)
        if state.mode != "json":
            state.floor(LAX)
        return items if isinstance(items, abc.Sized) else list(items)

    def _all(self, items: Any, state: State) -> Any:
        run = self.item.run
        made: List[Any] = []
        failed = False
        for index, item in enumerate(items):
            since = len(state.problems)
            one = run(item, state)
            if one is INVALID:
                state.locate(since, index)
                failed = True
            else:
                made.append(one)
        return INVALID if failed else made

    def size_error(
        self, type_: str, limit: str, actual: Optional[int], value: Any, state: State
    ) -> Any:
        """Fails for ``limit``, min_length or max_length."""
        ctx = {
            "field_type": self.field_type,
            limit: getattr(self, limit),
            "actual_length": actual,
        }
        return state.fail(type_, value, ctx)

    def dump(self, value: Any, options: DumpOptions) -> Any:
        if not isinstance(value, _ITEMS):
            return super().dump(value, options)
        dump = self.item.dump
        if not options.is_selective:
            made = [dump(item, options) for item in value]
        else:
            size = len(value)
            pairs = ((item, options.below(at, size)) for at, item in enumerate(value))
            made = [dump(item, below) for item, below in pairs if below is not None]
        return made if options.mode == "json" or isinstance(value, list) else self.type(made)

    def json_schema(self, definitions: Definitions, mode: Mode) -> Dict[str, Any]:
        made: Dict[str, Any] = {"type": "array", "items": self.item.json_schema(definitions, mode)}
        if self.min_length is not None:
            made["minItems"] = self.min_length
        if self.max_length is not None:
            made["maxItems"] = self.max_length
        return made


class DequeNode(ListNode):
    """A deque."""

    type = collections.deque
    type_error = "list_type"
    field_type = "Deque"

    def run(self, value: Any, state: State) -> Any:
        made = super().run(value, state)
        return made if made is INVALID else collections.deque(made)


class SequenceNode(ListNode):
    """``Sequence[int]``: a list, a tuple, which stays one, or another sequence, but no text."""

    def __init__(self, item: Node, constraints: Constraints) -> None:
        super().__init__(item, constraints)
        wrapped = "is-instance[Sequence]"
        if not isinstance(item, AnyNode):
            wrapped = f"chain[{wrapped},function-wrap[sequence_validator()]]"
        self.label = f"json-or-python[json={self.label},python={wrapped}]"

    def run(self, value: Any, state: State) -> Any:
        if isinstance(self.item, AnyNode) and isinstance(value, abc.Sequence):
            return value
        if isinstance(value, (str, bytes, bytearray)):
            name = type(value).__name__
            message = f"'{name}' instances are not allowed as a Sequence value"
            return state.fail("sequence_str", value, {"type_name": name}, message)
        if not isinstance(value, abc.Sequence):
            return state.fail("is_instance_of", value, {"class": "Sequence"})
        made = super().run(value if isinstance(value, list) else list(value), state)
        return tuple(made) if isinstance(value, tuple) and made is not INVALID else made

    def dump(self, value: Any, options: DumpOptions) -> Any:
        made = super().dump(value, options)
        keeps = options.mode == "python" and isinstance(value, tuple)
        return tuple(made) if keeps else made


class VariadicTupleNode(ListNode):
    """``tuple[int, ...]``."""

    type = tuple
    type_error = "tuple_type"
    field_type = "Tuple"

    def __init__(self, item: Node, constraints: Constraints) -> None:
        super().__init__(item, constraints)
        self.label = f"tuple[{item.label}, ...]"

    def run(self, value: Any, state: State) -> Any:
        made = super().run(value, state)
        return made if made is INVALID else tuple(made)


class TupleNode(ListNode):
    """``tuple[int, str]``: as many items as types."""

    type = tuple
    type_error = "tuple_type"
    field_type = "Tuple"

    def __init__(self, items: Tuple[Node, ...], constraints: Constraints) -> None:
        self.parts = items
        self.strict = bool(constraints.strict)
        self.max_length = len(items)
        self.label = f"tuple[{', '.join(item.label for item in items)}]"

    def run(self, value: Any, state: State) -> Any:
        items = value
        if type(value) is not tuple:
            items = self.items(value, state)
            if items is INVALID:
                return items
        if len(items) > len(self.parts):
            return self.size_error("too_long", "max_length", len(items), value, state)
        return self._each(list(items), value, state)

    def _each(self, items: List[Any], value: Any, state: State) -> Any:
        made = []
        start = len(state.problems)
        for index, node in enumerate(self.parts):
            since = len(state.problems)
            if index >= len(items):
                state.fail("missing", value)
                state.locate(since, index)
                continue
            one = node.run(items[index], state)
            if one is INVALID:
                state.locate(since, index)
            made.append(one)
        return INVALID if len(state.problems) > start else tuple(made)

    def dump(self, value: Any, options: DumpOptions) -> Any:
        if not isinstance(value, (tuple, list)) or len(value) != len(self.parts):
            return Node.dump(self, value, options)
        made = []
        for index, (node, item) in enumerate(zip(self.parts, value)):
            below = options.below(index, len(value))
            if below is not None:
                made.append(node.dump(item, below))
        return made if options.mode == "json" else tuple(made)

    def json_schema(self, definitions: Definitions, mode: Mode) -> Dict[str, Any]:
        made: Dict[str, Any] = {
            "type": "array",
            "maxItems": len(self.parts),
            "minItems": len(self.parts),
        }
        if self.parts:
            made["prefixItems"] = [item.json_schema(definitions, mode) for item in self.parts]
        return made
