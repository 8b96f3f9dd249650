"""From an annotation to its schema."""

import enum
import types
import typing
from typing import Any, Iterable, Iterator, Mapping, Optional, Tuple, Union

from fasterapi._schema import _foreign
from fasterapi._schema._choices import EnumNode, LiteralNode
from fasterapi._schema._constraints import NONE, Constraints, from_metadata
from fasterapi._schema._field import FieldInfo, is_annotated
from fasterapi._schema._functions import FunctionNode
from fasterapi._schema._identifiers import PATHS, PathNode
from fasterapi._schema._kinds import (
    BOUNDS,
    COLLECTIONS,
    FOR_ALL,
    LEAVES,
    LENGTHS,
    MAPPINGS,
    OWN,
    SPECIAL,
)
from fasterapi._schema._mappings import DictNode
from fasterapi._schema._node import Node
from fasterapi._schema._scalars import AnyNode, NoneNode
from fasterapi._schema._scope import Scope, is_forward
from fasterapi._schema._sequences import (
    TupleNode,
    VariadicTupleNode,
)
from fasterapi._schema._session import Session
from fasterapi._schema._tags import tagged_union
from fasterapi._schema._unions import UnionNode
from fasterapi._schema._wrappers import CheckedNode, InstanceNode, NullableNode

_NONE = type(None)
_UnionType: Any = getattr(types, "UnionType", None)  # Python 3.10

_VALIDATORS = {
    "AfterValidator": "after",
    "BeforeValidator": "before",
    "PlainValidator": "plain",
    "WrapValidator": "wrap",
}


class Compiler:
    """Compiles the annotations of one class or signature: ``scope`` has its names, ``defaults``
    what its config asks of every value, ``variables`` its type variables."""

    def __init__(
        self,
        session: Session,
        scope: Scope,
        defaults: Constraints = NONE,
        config: Optional[Mapping[str, Any]] = None,
        variables: Optional[Mapping[Any, Any]] = None,
    ) -> None:
        self.session = session
        self.scope = scope
        self.defaults = defaults
        self.config = config or {}
        self.variables = variables or {}

    def field(self, info: FieldInfo) -> Node:
        """The schema of a field, without its default."""
        annotation = info.annotation
        if isinstance(annotation, str) or is_forward(annotation):
            annotation = self.scope.evaluate(annotation)
        return self.compile(annotation, (*info.metadata, info.constraints))

    def compile(self, annotation: Any, metadata: Tuple[Any, ...] = ()) -> Node:
        """The schema of an annotation, under metadata as in Annotated. TypeError names it if it is
        not supported."""
        if isinstance(annotation, str) or is_forward(annotation):
            annotation = self.scope.evaluate(annotation)
        if _foreign.is_foreign(annotation):
            return self._annotated(annotation, metadata)
        if is_annotated(annotation):
            inner, *own = typing.get_args(annotation)
            return self.compile(inner, (*own, *metadata))
        if hasattr(annotation, "__value__"):  # type X = ..., and its parameters
            return self._alias(annotation, metadata)
        return self._annotated(annotation, metadata)

    def _annotated(self, annotation: Any, metadata: Tuple[Any, ...]) -> Node:
        """Constraints up to the first function belong to the type, the rest around it, in turn."""
        at = 0
        while at < len(metadata) and _function_kind(metadata[at]) is None:
            at += 1
        said = _merged(metadata[:at])
        if _foreign.is_foreign(annotation):
            node: Node = _foreign.ForeignNode(annotation, said)
        else:
            node = self._constrained(annotation, said)
        for extra in metadata[at:]:
            kind = _function_kind(extra)
            found = None if kind else from_metadata(extra)
            if kind is not None:
                node = FunctionNode(node, kind, extra.func)
            elif found is not None and found != NONE:
                node = CheckedNode(node, found)
        return node

    def _constrained(self, annotation: Any, said: Constraints) -> Node:
        node = self._plain(annotation, said)
        if isinstance(node, NullableNode):
            return node  # what it holds is constrained
        rest = set(said.named()) - OWN.get(type(node), frozenset()) - FOR_ALL
        if not rest:
            return node
        unsuited = rest - BOUNDS - LENGTHS - {"multiple_of"}
        if unsuited:
            names = ", ".join(sorted(unsuited))
            raise TypeError(f"{names} cannot constrain {text(annotation)}")
        return CheckedNode(node, Constraints(**{n: getattr(said, n) for n in rest}))

    def _plain(self, annotation: Any, said: Constraints) -> Node:
        if annotation is Any or annotation is object:
            return AnyNode()
        if annotation is None or annotation is _NONE:
            return NoneNode()
        if isinstance(annotation, typing.TypeVar):
            return self._variable(annotation, said)
        leaf = LEAVES.get(annotation) if _is_hashable(annotation) else None
        if leaf is not None:
            return leaf(self.defaults.merged(said))
        origin = typing.get_origin(annotation)
        if origin is not None:
            return self._generic(annotation, origin, said)
        if isinstance(annotation, type):
            return self._class(annotation, self.defaults.merged(said))
        supertype = getattr(annotation, "__supertype__", None)  # NewType
        if supertype is not None:
            return self.compile(supertype, (said,))
        raise unsupported(annotation)

    def _generic(self, annotation: Any, origin: Any, said: Constraints) -> Node:
        wanted = self.defaults.merged(said)
        arguments = typing.get_args(annotation)
        if origin is Union or (_UnionType is not None and origin is _UnionType):
            return self._union(arguments, said)
        if _is_literal(origin):
            return LiteralNode(tuple(_flat_literals(arguments)))
        if origin is tuple:
            return self._tuple(arguments, wanted)
        if origin in COLLECTIONS:
            return COLLECTIONS[origin](self.compile(_first(arguments)), wanted)
        if origin in MAPPINGS:
            key, item = arguments if len(arguments) == 2 else (Any, Any)
            return DictNode(self.compile(key), self.compile(item), wanted)
        if _is_qualifier(origin):  # Required, NotRequired, ReadOnly, Final, ClassVar
            return self.compile(arguments[0], (said,))
        variables = dict(zip(getattr(origin, "__parameters__", ()), arguments))
        node = self.session.named(origin, variables, annotation)
        if node is None:
            raise unsupported(annotation)
        return node

    def _class(self, annotation: Any, wanted: Constraints) -> Node:
        if issubclass(annotation, enum.Enum):
            return EnumNode(annotation, wanted, bool(self.config.get("use_enum_values")))
        if annotation in SPECIAL:
            return SPECIAL[annotation](wanted)
        if annotation in PATHS:
            return PathNode(annotation, wanted)
        if annotation is tuple:
            return VariadicTupleNode(AnyNode(), wanted)
        if annotation in COLLECTIONS:
            return COLLECTIONS[annotation](AnyNode(), wanted)
        if annotation in MAPPINGS:
            return DictNode(AnyNode(), AnyNode(), wanted)
        node = self.session.named(annotation, {}, annotation)
        if node is not None:
            return node
        if self.config.get("arbitrary_types_allowed"):
            return InstanceNode(annotation)
        raise unsupported(annotation)

    def _union(self, arguments: Tuple[Any, ...], said: Constraints) -> Node:
        others = tuple(argument for argument in arguments if argument not in (None, _NONE))
        if len(others) < len(arguments):
            if not others:
                return NoneNode()
            inner = others[0] if len(others) == 1 else Union[others]
            return NullableNode(self.compile(inner, (said,)))
        if any(_foreign.is_foreign(other) for other in others):
            foreign = _foreign.union(others, said)
            if foreign is not None:
                return foreign
        union = UnionNode(
            tuple(self.compile(argument) for argument in others),
            said.union_mode == "left_to_right",
        )
        if said.discriminator is None:
            return union
        made = tagged_union(union, said.discriminator, others)
        self.session.complete_later(made)
        return made

    def _tuple(self, arguments: Tuple[Any, ...], wanted: Constraints) -> Node:
        if len(arguments) == 2 and arguments[1] is ...:
            return VariadicTupleNode(self.compile(arguments[0]), wanted)
        items = () if arguments == ((),) else arguments  # tuple[()] on Python 3.9 and 3.10
        return TupleNode(tuple(self.compile(item) for item in items), wanted)

    def _variable(self, variable: Any, said: Constraints) -> Node:
        if variable in self.variables:
            return self.compile(self.variables[variable], (said,))
        if variable.__bound__ is not None:
            return self.compile(variable.__bound__, (said,))
        if variable.__constraints__:
            return self.compile(Union[variable.__constraints__], (said,))
        return AnyNode()

    def _alias(self, alias: Any, metadata: Tuple[Any, ...]) -> Node:
        """``type X = ...``: by name, so that it may contain itself, unless it is constrained."""
        if metadata or typing.get_origin(alias) is not None:
            return self.compile(alias.__value__, metadata)
        return self.session.alias(alias, lambda: self.compile(alias.__value__))


def text(annotation: Any) -> str:
    """As one would write it."""
    if isinstance(annotation, type) and not typing.get_args(annotation):
        return annotation.__qualname__
    return str(annotation)


def unsupported(annotation: Any) -> TypeError:
    """The error for an annotation that has no schema."""
    return TypeError(
        f"{text(annotation)} is no type that can be validated; see the types in docs/validation.md"
    )


def _merged(metadata: Tuple[Any, ...]) -> Constraints:
    made = NONE
    for extra in metadata:
        found = from_metadata(extra)
        if found is not None:
            made = made.merged(found)
    return made


def _function_kind(extra: Any) -> Optional[str]:
    return _VALIDATORS.get(type(extra).__name__) if hasattr(extra, "func") else None


def _flat_literals(values: Iterable[Any]) -> Iterator[Any]:
    for value in values:
        if typing.get_origin(value) is not None:  # Literal in Literal, on Python 3.9.0
            yield from _flat_literals(typing.get_args(value))
        else:
            yield value


def _is_literal(origin: Any) -> bool:
    return origin is typing.Literal or getattr(origin, "_name", "") == "Literal"


def _is_qualifier(origin: Any) -> bool:
    name = getattr(origin, "_name", None)
    return name in ("Required", "NotRequired", "ReadOnly", "Final", "ClassVar")


def _first(arguments: Tuple[Any, ...]) -> Any:
    return arguments[0] if arguments else Any


def _is_hashable(value: Any) -> bool:
    try:
        hash(value)
    except TypeError:
        return False
    return True
