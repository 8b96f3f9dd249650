"""Sets and frozen sets."""

from typing import Any, Dict

from fasterapi._schema._definitions import Definitions, Mode
from fasterapi._schema._sequences import ListNode
from fasterapi._schema._state import INVALID, State


class SetNode(ListNode):
    """A set; lax: any collection, whose items count once."""

    type: Any = set
    type_error = "set_type"
    field_type = "Set"

    def run(self, value: Any, state: State) -> Any:
        items = value
        if type(value) is not self.type:
            items = self.items(value, state)
            if items is INVALID:
                return items
        start = len(state.problems)
        made: "set[Any]" = set()
        for index, item in enumerate(items):
            self._add(made, index, item, state)
            if self.max_length is not None and len(made) > self.max_length:
                del state.problems[start:]
                return self.size_error("too_long", "max_length", None, value, state)
        if len(state.problems) > start:
            return INVALID
        if self.min_length is not None and len(made) < self.min_length:
            return self.size_error("too_short", "min_length", len(made), value, state)
        return made if self.type is set else self.type(made)

    def _add(self, made: "set[Any]", index: int, item: Any, state: State) -> None:
        since = len(state.problems)
        one = self.item.run(item, state)
        if one is not INVALID:
            try:
                made.add(one)
                return
            except TypeError:
                state.fail("set_item_not_hashable", item)
        state.locate(since, index)

    def json_schema(self, definitions: Definitions, mode: Mode) -> Dict[str, Any]:
        return {**super().json_schema(definitions, mode), "uniqueItems": True}


class FrozenSetNode(SetNode):
    """The same, frozen."""

    type = frozenset
    type_error = "frozen_set_type"
    field_type = "Frozenset"
