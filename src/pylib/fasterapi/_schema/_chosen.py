"""Unions whose member a function names."""

import typing
from typing import Any, Callable, Dict, Tuple

from fasterapi._schema._definitions import Definitions, Mode
from fasterapi._schema._node import Node
from fasterapi._schema._state import INVALID
from fasterapi._schema._unions import TaggedUnionNode


class Discriminator:
    """Says in ``Annotated[Union[...], Discriminator(f)]`` that ``f(value)`` is the tag of the
    member that takes a value, None for none; or by a str which field is."""

    def __init__(self, discriminator: Any) -> None:
        self.discriminator = discriminator


class Tag:
    """The tag of a union's member: ``Annotated[Cat, Tag("cat")]``."""

    def __init__(self, tag: str) -> None:
        self.tag = tag


class ChosenUnionNode(TaggedUnionNode):
    """The member whose tag ``choose`` gives."""

    def __init__(self, tags: Dict[Any, Node], choose: Callable[[Any], Any]) -> None:
        name = getattr(choose, "__name__", type(choose).__name__)
        super().__init__(tuple(tags.values()), name)
        self._choose = choose
        self.complete(tags, name)
        self.shown = f"{name}()"

    def _tag_of(self, value: Any) -> Any:
        tag = self._choose(value)
        return INVALID if tag is None else tag

    def json_schema(self, definitions: Definitions, mode: Mode) -> Dict[str, Any]:
        return {"oneOf": [node.json_schema(definitions, mode) for node in self.members]}


def tags_of(arguments: Tuple[Any, ...], members: Tuple[Node, ...]) -> Dict[Any, Node]:
    """The members of a union by their tags. TypeError where one has none."""
    tags: Dict[Any, Node] = {}
    for argument, member in zip(arguments, members):
        marks = [each for each in typing.get_args(argument)[1:] if type(each).__name__ == "Tag"]
        if not marks:
            raise TypeError(f"{member.label} has no Tag, which its union's Discriminator asks for")
        tags[marks[-1].tag] = member
    return tags
