"""What the schemas of named types share: they refer to themselves, may recur, and have a title."""

import dataclasses
import inspect
from typing import Any, Dict, Optional, Tuple

from fasterapi._schema._definitions import Definitions, Mode
from fasterapi._schema._dump import DumpOptions
from fasterapi._schema._fields import Fields
from fasterapi._schema._node import Node
from fasterapi._schema._state import MAX_DEPTH, State


class NamedNode(Node):
    """A model, dataclass, TypedDict or NamedTuple. Made empty, so that it may contain itself;
    ``fields`` come after. ``recursive`` is set where it does."""

    is_mapping = True
    is_named = True
    fields: Fields

    def __init__(self, type_: Any, strict: bool = False) -> None:
        self.type = type_
        self.label = str(type_.__name__)
        self.strict = strict
        self.recursive = False

    def run(self, value: Any, state: State) -> Any:
        key = (id(value), id(self))
        if key in state.active:
            return state.fail("recursion_loop", value)
        if state.depth >= MAX_DEPTH:
            return state.fail("recursion_depth_exceeded", value)
        since = len(state.problems)
        state.active.add(key)
        state.depth += 1
        try:
            return self.run_once(value, state)
        except RecursionError:  # deeper than this Python goes
            del state.problems[since:]
            return state.fail("recursion_depth_exceeded", value)
        finally:
            state.depth -= 1
            state.active.discard(key)

    def need_no_guard(self) -> None:
        """Says that the type, now complete, does not contain itself: run() is run_once()."""
        vars(self)["run"] = self.run_once

    def run_once(self, value: Any, state: State) -> Any:
        """run(), where the value is not one that is being validated further out."""
        raise NotImplementedError

    def json_schema(self, definitions: Definitions, mode: Mode) -> Dict[str, Any]:
        return definitions.ref(self, mode)

    def body_schema(self, definitions: Definitions, mode: Mode) -> Dict[str, Any]:
        """The definition that json_schema() refers to."""
        made = self.fields.json_schema(definitions, mode)
        made["title"] = self.type.__name__
        doc = own_doc(self.type)
        if doc:
            made["description"] = doc
        return made

    def member_of(self, name: str) -> Optional[Tuple[Node, str]]:
        """The schema of a field and its name in the data."""
        for member in self.fields.members:
            if member.name == name:
                return member.node, member.keys[0]
        return None


class AliasNode(NamedNode):
    """``type X = ...``: like its value, ``inner``, but described by name."""

    inner: Node
    is_mapping = False

    def run_once(self, value: Any, state: State) -> Any:
        return self.inner.run(value, state)

    def dump(self, value: Any, options: DumpOptions) -> Any:
        return self.inner.dump(value, options)

    def body_schema(self, definitions: Definitions, mode: Mode) -> Dict[str, Any]:
        return self.inner.json_schema(definitions, mode)

    def member_of(self, name: str) -> Optional[Tuple[Node, str]]:
        return self.inner.member_of(name) if isinstance(self.inner, NamedNode) else None


def own_doc(type_: Any) -> str:
    """The type's own docstring, unindented."""
    doc, name = type_.__dict__.get("__doc__") or "", str(type_.__name__)
    if dataclasses.is_dataclass(type_) and doc.startswith(f"{name}("):
        return ""  # made by dataclass()
    return inspect.cleandoc(doc)
