"""Which member of a discriminated union a tag stands for."""

from typing import Any, Dict, Tuple

from fasterapi._schema._choices import EnumNode, LiteralNode
from fasterapi._schema._chosen import ChosenUnionNode, tags_of
from fasterapi._schema._named import NamedNode
from fasterapi._schema._node import Node
from fasterapi._schema._unions import TaggedUnionNode, UnionNode
from fasterapi._schema._wrappers import Wrapper


def tagged_union(
    union: Node, discriminator: Any, arguments: Tuple[Any, ...] = ()
) -> TaggedUnionNode:
    """A union told apart by the field ``discriminator``, or a Discriminator's function, of members
    with these annotations; complete() it. TypeError where that is neither."""
    name = getattr(discriminator, "discriminator", discriminator)
    if callable(name) and isinstance(union, UnionNode):
        return ChosenUnionNode(tags_of(arguments, union.members), name)
    if not isinstance(name, str):
        raise TypeError(f"discriminator is the name of a field or a function, not {name!r}")
    return TaggedUnionNode(union.members if isinstance(union, UnionNode) else (union,), name)


def complete(union: TaggedUnionNode) -> None:
    """Gathers the members' values of the discriminator. TypeError where a member has no such
    field, or not as a Literal, or two have the same value."""
    if isinstance(union, ChosenUnionNode):
        return
    name = alias = union.discriminator
    tags: Dict[Any, Node] = {}
    for member in union.members:
        values, alias = _values(member, name)
        for value in values:
            if value in tags:
                raise TypeError(f"discriminator {name!r}: two models have the value {value!r}")
            tags[value] = member
    union.complete(tags, alias)


def _values(member: Node, name: str) -> Tuple[Tuple[Any, ...], str]:
    if isinstance(member, TaggedUnionNode):
        complete(member)
        return tuple(member.tags), member.alias
    inner = member
    while isinstance(inner, Wrapper):
        inner = inner.inner
    found = inner.member_of(name) if isinstance(inner, NamedNode) else None
    if found is None:
        raise TypeError(f"discriminator {name!r}: {member.label} has no such field")
    node, key = found
    if isinstance(node, LiteralNode):
        return node.values, key
    if isinstance(node, EnumNode):
        return tuple(node.type), key
    raise TypeError(f"discriminator {name!r}: in {member.label} it is not a Literal")
