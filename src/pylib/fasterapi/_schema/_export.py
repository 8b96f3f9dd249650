"""Compiled schemas as plain tuples, for the server, which runs them in C++
(src/python/schema.hpp).

A program is ``(root, nodes, tools)``. Each node is ``(kind, run, dump, said)``: ``said`` is what
its kind needs, other nodes by their places in ``nodes``; ``run`` and ``dump`` are the node's own,
for what is left to Python. Kinds that C++ does not know are ``python``.
"""

import collections
import datetime
import decimal
import enum
import json
import uuid
from typing import Any, Callable, Dict, List, Optional, Tuple

from fasterapi import _json
from fasterapi._schema._choices import EnumNode, LiteralNode
from fasterapi._schema._dump import DumpOptions, dump_any
from fasterapi._schema._fields import Fields, Member, Values
from fasterapi._schema._foreign import ForeignNode
from fasterapi._schema._functions import FunctionNode
from fasterapi._schema._identifiers import DecimalNode, UuidNode
from fasterapi._schema._mappings import DictNode
from fasterapi._schema._messages import message
from fasterapi._schema._models import ModelNode
from fasterapi._schema._moments import DateNode, DateTimeNode
from fasterapi._schema._named import AliasNode, NamedNode
from fasterapi._schema._node import Node
from fasterapi._schema._numbers import FloatNode, IntNode
from fasterapi._schema._records import DataclassNode, NamedTupleNode, TypedDictNode
from fasterapi._schema._scalars import AnyNode, BoolNode, BytesNode, NoneNode, StrNode
from fasterapi._schema._sequences import (
    DequeNode,
    ListNode,
    SequenceNode,
    TupleNode,
    VariadicTupleNode,
)
from fasterapi._schema._sets import FrozenSetNode, SetNode
from fasterapi._schema._state import INVALID, State
from fasterapi._schema._unions import TaggedUnionNode, UnionNode
from fasterapi._schema._wrappers import CheckedNode, NullableNode

Said = Optional[Tuple[Any, ...]]
Program = Tuple[int, Tuple[Any, ...], Tuple[Any, ...]]

_SHARED = (str, int, float, bytes, bool, type(None), tuple, frozenset)  # as _field has it


def export(node: Node, options: Optional[DumpOptions] = None) -> Program:
    """The program of a schema that is complete, whose values are dumped so."""
    exporter = _Exporter(options or DumpOptions())
    return exporter.program(exporter.place(node))


def export_members(members: Dict[str, Tuple[Node, bool]]) -> Optional[Program]:
    """The program of a JSON object that becomes a dict of these members: a schema each, and whether
    it has to be there. None where the names cannot be told apart in UTF-8."""
    if not all(_is_text(name) for name in members):
        return None
    exporter = _Exporter(DumpOptions())
    exporter.nodes.append(None)
    said = tuple(
        (name, (name,), None, exporter.place(node), "required" if required else "absent", None, ())
        for name, (node, required) in members.items()
    )
    exporter.nodes[0] = ("typed_dict", None, None, (dict, False, said, "ignore", "dict"))
    return exporter.program(0)


def calls_users(program: Program) -> bool:
    """Whether functions of users are called."""
    return bool(program[2][-1])


def _begin(data: Any, depth: int) -> State:
    """The state of a part that is left to Python."""
    state = State(from_attributes=True)
    state.data = data
    state.depth = depth
    return state


def _describe(type: str, ctx: Optional[Dict[str, Any]]) -> Optional[Tuple[str, str, str]]:
    """An entry of a 422 as JSON around its place and its input. None where JSON cannot say it."""
    try:
        said = [_json.dumps(part).decode() for part in (type, message(type, ctx), ctx)]
    except (TypeError, ValueError):
        return None
    end = f',"ctx":{said[2]}}}' if ctx else "}"
    return f'{{"type":{said[0]},"loc":[', f'],"msg":{said[1]},"input":', end


def _dump_of(node: Node) -> Callable[[Any, DumpOptions], Any]:
    def dump(value: Any, options: DumpOptions) -> Any:
        return _json.finite(node.dump(value, options))

    return dump


class _Exporter:
    def __init__(self, options: DumpOptions) -> None:
        self.options = options
        self.nodes: List[Any] = []
        self.places: Dict[int, int] = {}
        self.calls_users = False  # there are functions of users

    def program(self, root: int) -> Program:
        said = self.options
        shown = (said.exclude_unset, said.exclude_none, said.include, said.exclude)
        everything = said.chosen(None, None)
        tools = (_begin, INVALID, everything, dump_any, Values, _describe, shown, self.calls_users)
        return root, tuple(self.nodes), tools

    def place(self, node: Node) -> int:
        """Where a node stands among the others; they may refer to each other in circles."""
        if id(node) not in self.places:
            self.places[id(node)] = at = len(self.nodes)
            self.nodes.append(None)
            self.calls_users |= _calls_users(node)
            say = _KINDS.get(type(node))
            kind, said = say(self, node) if say is not None else ("python", None)
            self.nodes[at] = ("python" if said is None else kind, node.run, _dump_of(node), said)
        return self.places[id(node)]

    def members(self, fields: Fields) -> Said:
        """The fields of a record; None where their names are not clear."""
        keys = [key for member in fields.members for key in member.keys]
        shown = [self._key(member) for member in fields.members]
        is_clear = len(set(keys)) == len(keys) and len(set(shown)) == len(shown)
        if fields.extra_node is not None or not is_clear:
            return None
        if not all(_is_text(text) for text in (*keys, *shown)):
            return None
        if any(m.info.validate_default and not m.required for m in fields.members):
            return None
        return tuple(self._member(member) for member in fields.members)

    def _member(self, member: Member) -> Tuple[Any, ...]:
        key = json.dumps(self._key(member), ensure_ascii=False)
        shown = None if member.info.exclude else key
        place, default = self.place(member.node), _default_of(member)
        return (member.name, member.keys, shown, place, *default, self._hidden(member))

    def _key(self, member: Member) -> str:
        return member.dump_key if self.options.by_alias else member.name

    def _hidden(self, member: Member) -> Tuple[Any, ...]:
        """The value that is not shown, if there is one, or what makes it: and which of them."""
        info = member.info
        if member.required or info.takes_data() or not self.options.exclude_defaults:
            return ()
        factory = info.default_factory
        return (info.default, False) if factory is None else (factory, True)


def _calls_users(node: Node) -> bool:
    if isinstance(node, (FunctionNode, ForeignNode)):
        return True
    if isinstance(node, EnumNode):
        found = getattr(node.type._missing_, "__func__", None)
        return found is not getattr(enum.Enum._missing_, "__func__", None)
    if not isinstance(node, NamedNode) or isinstance(node, AliasNode):
        return False
    if isinstance(node, ModelNode):
        type_ = node.type
        has_own = not type_.__fasterapi_is_plain__ or type_.__fasterapi_custom_init__
    else:
        has_own = hasattr(node.type, "__post_init__")
    factories = (member.info.default_factory for member in node.fields.members)
    return has_own or any(made is not None and made not in (list, dict) for made in factories)


def _is_text(value: Any) -> bool:
    if type(value) is not str:
        return False
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def _sayable(text: str) -> str:
    return text.encode("utf-8", "replace").decode()


def _default_of(member: Member) -> Tuple[str, Any]:
    info = member.info
    if member.required:
        return "required", None
    if info.is_required():
        return "absent", None
    if info.default_factory is None and isinstance(info.default, _SHARED):
        return "constant", info.default
    for kind, made in (("list", list), ("dict", dict)):
        is_empty = type(info.default) is made and not info.default
        if info.default_factory is made or (info.default_factory is None and is_empty):
            return kind, None
    return "call", info.get_default


def _checks(node: Any) -> Tuple[Any, ...]:
    return tuple((*next(iter(ctx.items())), check, type_) for type_, check, ctx in node.checks)


def _size(limit: Optional[int]) -> int:
    return -1 if limit is None else limit


def _sizes(node: Any) -> Tuple[int, int]:
    return _size(node.min_length), _size(node.max_length)


def _text(_: _Exporter, node: StrNode) -> Tuple[str, Said]:
    limits = node.constraints
    change = str.lower if limits.to_lower else str.upper if limits.to_upper else None
    strip = str.strip if limits.strip_whitespace else None
    search = None if node.pattern is None else node.pattern.search
    coerces = bool(limits.coerce_numbers_to_str)
    sizes = _size(limits.min_length), _size(limits.max_length)
    return "str", (node.strict, coerces, strip, *sizes, search, change, node.pattern_text)


def _bytes(_: _Exporter, node: BytesNode) -> Tuple[str, Said]:
    limits = node.constraints
    return "bytes", (node.strict, _size(limits.min_length), _size(limits.max_length))


def _literal(_: _Exporter, node: LiteralNode) -> Tuple[str, Said]:
    texts = tuple(value for kind, value in node.exact if kind is str)
    if not all(_is_text(value) for value in texts):
        return "literal", None
    return "literal", (texts, node.exact, node.equal, node.expected)


def _enum(_: _Exporter, node: EnumNode) -> Tuple[str, Said]:
    expected = None if node.has_integers else node.expected
    lookup = node.by_value, node._converted, node.type
    return "enum", (node.strict, node.use_values, *lookup, expected)


def _union(exporter: _Exporter, node: UnionNode) -> Tuple[str, Said]:
    members = tuple(exporter.place(member) for member in node.members)
    takes_any = any(isinstance(member, AnyNode) for member in node.members)
    suited = []  # the types by which dump() finds the member, as far as that is all it looks at
    for member in node.members:
        type_ = getattr(member, "type", None)
        if type(member).suits is not Node.suits:
            break
        if isinstance(type_, type) and not (takes_any and member.is_complex):
            suited.append((type_, exporter.place(member)))
        elif type_ is not None:
            break
    labels = tuple(_sayable(member.label) for member in node.members)
    return "union", (node.left_to_right, members, tuple(suited), labels)


def _tagged(exporter: _Exporter, node: TaggedUnionNode) -> Tuple[str, Said]:
    tags = {tag: exporter.place(member) for tag, member in node.tags.items()}
    return "tagged", (node.alias, tags, exporter.place(node.union), repr(node.alias))


def _items(into: str, names_error: bool = True) -> Callable[[_Exporter, Any], Tuple[str, Said]]:
    def say(exporter: _Exporter, node: Any) -> Tuple[str, Said]:
        strict = node.strict and into != "list"
        error = node.type_error if names_error else None
        item = exporter.place(node.item)
        return "items", (into, strict, item, *_sizes(node), collections.deque, error)

    return say


def _sequence(exporter: _Exporter, node: SequenceNode) -> Tuple[str, Said]:
    if isinstance(node.item, AnyNode):
        return "python", None
    return _items("list", names_error=False)(exporter, node)


def _tuple(exporter: _Exporter, node: TupleNode) -> Tuple[str, Said]:
    return "tuple", (node.strict, tuple(exporter.place(part) for part in node.parts))


def _dict(exporter: _Exporter, node: DictNode) -> Tuple[str, Said]:
    return "dict", (exporter.place(node.key), exporter.place(node.item), *_sizes(node))


def _moment(_: _Exporter, node: Any) -> Tuple[str, Said]:
    if node.strict or node.checks:
        return "python", None
    return "moment", (node.type, datetime.timezone.utc, node.type is datetime.datetime)


def _uuid(_: _Exporter, node: UuidNode) -> Tuple[str, Said]:
    return "uuid", None if node.strict else (uuid.UUID, uuid.SafeUUID.unknown)


def _decimal(_: _Exporter, node: DecimalNode) -> Tuple[str, Said]:
    is_plain = not node.constraints.named()
    return "decimal", (decimal.Decimal,) if is_plain else None


def _model(exporter: _Exporter, node: ModelNode) -> Tuple[str, Said]:
    members = None if node.config.get("custom_init") else exporter.members(node.fields)
    if members is None:
        return "model", None
    type_ = node.type
    make = None if type_.__fasterapi_is_plain__ else type_.__fasterapi_make__
    slots = type_.__fasterapi_slots__
    return "model", (type_, node.recursive, members, node.fields.extra, make, *slots)


def _record(kind: str) -> Callable[[_Exporter, Any], Tuple[str, Said]]:
    def say(exporter: _Exporter, node: Any) -> Tuple[str, Said]:
        members = exporter.members(node.fields)
        if members is None or node.strict:
            return kind, None
        return kind, (node.type, node.recursive, members, node.fields.extra, node.label)

    return say


def _function(exporter: _Exporter, node: FunctionNode) -> Tuple[str, Said]:
    if node.kind != "after":
        return "python", None
    call = node.call if node.takes_info else node.function
    return "after", (exporter.place(node.inner), call, node.takes_info)


def _checked(exporter: _Exporter, node: CheckedNode) -> Tuple[str, Said]:
    limits = node.constraints
    checks = tuple(check for _, check, _ in node.checks)
    sizes = _size(limits.min_length), _size(limits.max_length)
    return "checked", (exporter.place(node.inner), checks, *sizes)


_KINDS: Dict[Any, Callable[[_Exporter, Any], Tuple[str, Said]]] = {
    AnyNode: lambda _, node: ("any", ()),
    NoneNode: lambda _, node: ("none", ()),
    BoolNode: lambda _, node: ("bool", (node.strict,)),
    IntNode: lambda _, node: ("int", (node.strict, _checks(node))),
    FloatNode: lambda _, node: ("float", (node.strict, node.finite, _checks(node))),
    StrNode: _text,
    BytesNode: _bytes,
    LiteralNode: _literal,
    EnumNode: _enum,
    NullableNode: lambda exporter, node: ("nullable", (exporter.place(node.inner),)),
    UnionNode: _union,
    TaggedUnionNode: _tagged,
    ListNode: _items("list"),
    DequeNode: _items("deque"),
    SequenceNode: _sequence,
    VariadicTupleNode: _items("tuple"),
    SetNode: _items("set"),
    FrozenSetNode: _items("frozenset"),
    TupleNode: _tuple,
    DictNode: _dict,
    DateTimeNode: _moment,
    DateNode: _moment,
    UuidNode: _uuid,
    DecimalNode: _decimal,
    ModelNode: _model,
    DataclassNode: _record("dataclass"),
    TypedDictNode: _record("typed_dict"),
    NamedTupleNode: _record("named_tuple"),
    AliasNode: lambda exporter, node: ("alias", (node.recursive, exporter.place(node.inner))),
    FunctionNode: _function,
    CheckedNode: _checked,
}
