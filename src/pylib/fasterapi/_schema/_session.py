"""One compilation: the named types that it meets, each compiled once, also if they recur."""

import threading
from typing import Any, Callable, Dict, List, Mapping, NamedTuple, Optional

from fasterapi._schema._named import AliasNode, NamedNode
from fasterapi._schema._node import Node
from fasterapi._schema._tags import complete
from fasterapi._schema._unions import TaggedUnionNode

_KEPT = "__fasterapi_nodes__"


class Build(NamedTuple):
    """How a named type is compiled: ``core`` has its fields once ``fill`` has run; ``outer`` is
    core with the type's validators around it."""

    core: NamedNode
    outer: Node
    fill: Callable[[], None]


Builder = Callable[["Session", Any, Mapping[Any, Any]], Optional[Build]]


class Session:
    """Named types are kept at the types themselves, once all of the compilation has succeeded."""

    lock = threading.RLock()

    def __init__(self, build: Builder) -> None:
        self.build = build
        self.made: Dict[Any, Node] = {}
        self.owners: Dict[Any, Any] = {}
        self.unfinished: Dict[Any, NamedNode] = {}
        self.unions: List[TaggedUnionNode] = []

    def named(self, type_: Any, variables: Mapping[Any, Any], key: Any) -> Optional[Node]:
        """The schema of a class with fields, None if it is no such class. ``key`` tells apart what
        generic types are made of."""
        kept = vars(type_).get(_KEPT, {}) if isinstance(type_, type) else {}
        if key in kept:
            node: Node = kept[key]
            return node
        if key in self.made:
            if key in self.unfinished:
                self.unfinished[key].recursive = True
            return self.made[key]
        build = self.build(self, type_, variables)
        if build is None:
            return None
        self.owners[key] = type_
        return self._finish(key, build)

    def alias(self, alias: Any, compile_value: Callable[[], Node]) -> Node:
        """The schema of a ``type`` alias."""
        if alias in self.made:
            if alias in self.unfinished:
                self.unfinished[alias].recursive = True
            return self.made[alias]
        core = AliasNode(alias)

        def fill() -> None:
            core.inner = compile_value()

        return self._finish(alias, Build(core, core, fill))

    def _finish(self, key: Any, build: Build) -> Node:
        self.made[key] = build.outer
        self.unfinished[key] = build.core
        build.fill()
        if not build.core.recursive:
            build.core.need_no_guard()
        del self.unfinished[key]
        return build.outer

    def complete_later(self, union: TaggedUnionNode) -> None:
        """Completes a union when all models are."""
        self.unions.append(union)

    def close(self) -> None:
        """Ends a compilation that succeeded."""
        for union in self.unions:
            complete(union)
        for key, type_ in self.owners.items():
            if _KEPT not in vars(type_):
                setattr(type_, _KEPT, {})
            vars(type_)[_KEPT][key] = self.made[key]
