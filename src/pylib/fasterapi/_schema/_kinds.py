"""Which schema a type has, and which constraints each kind of schema checks by itself."""

import collections
import decimal
import uuid
from collections import abc
from typing import Any, Callable, Dict

from fasterapi._schema._constraints import Constraints
from fasterapi._schema._identifiers import DecimalNode, UuidNode
from fasterapi._schema._mappings import DictNode
from fasterapi._schema._moments import MOMENTS
from fasterapi._schema._node import Node
from fasterapi._schema._numbers import FloatNode, IntNode
from fasterapi._schema._scalars import BoolNode, BytesNode, StrNode
from fasterapi._schema._sequences import DequeNode, ListNode, SequenceNode, VariadicTupleNode
from fasterapi._schema._sets import FrozenSetNode, SetNode

SPECIAL: Dict[Any, Callable[[Constraints], Node]] = {
    uuid.UUID: UuidNode,
    decimal.Decimal: DecimalNode,
}

LEAVES: Dict[Any, Callable[[Constraints], Node]] = {
    int: IntNode,
    float: FloatNode,
    str: StrNode,
    bool: BoolNode,
    bytes: BytesNode,
    **MOMENTS,
}

COLLECTIONS: Dict[Any, Callable[[Node, Constraints], Node]] = {
    list: ListNode,
    set: SetNode,
    abc.MutableSet: SetNode,
    frozenset: FrozenSetNode,
    abc.Set: FrozenSetNode,
    collections.deque: DequeNode,
    abc.Sequence: SequenceNode,
    abc.MutableSequence: ListNode,
    abc.Collection: ListNode,
    abc.Iterable: ListNode,
}

MAPPINGS = (dict, abc.Mapping, abc.MutableMapping)

# What each kind of schema checks by itself; CheckedNode does the rest.
BOUNDS = frozenset(("gt", "ge", "lt", "le"))
LENGTHS = frozenset(("min_length", "max_length"))
FOR_ALL = frozenset(("strict", "discriminator", "union_mode"))
OWN: Dict[Any, "frozenset[str]"] = {
    IntNode: BOUNDS | {"multiple_of"},
    FloatNode: BOUNDS | {"multiple_of", "allow_inf_nan"},
    StrNode: LENGTHS
    | {"pattern", "strip_whitespace", "to_lower", "to_upper", "coerce_numbers_to_str"},
    BytesNode: LENGTHS,
    DecimalNode: BOUNDS | {"multiple_of", "max_digits", "decimal_places", "allow_inf_nan"},
    **{node: BOUNDS for node in MOMENTS.values()},
    **{node: LENGTHS for node in (*COLLECTIONS.values(), VariadicTupleNode, DictNode)},
}
