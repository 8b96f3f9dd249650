"""A form that is one of several models: each of them takes its own fields from what was sent."""

import functools
import sys
import typing
from typing import Any, Dict, List, Optional, Union

from fasterapi import _classify, _schema
from fasterapi._parameter_models import form_values, members_of, models_of
from fasterapi._schema._node import Node
from fasterapi._schema._state import State
from fasterapi._schema._unions import TaggedUnionNode, UnionNode
from fasterapi._schema._wrappers import Wrapper

_NONE = type(None)


def schema_of(annotation: Any, constraints: Optional[_schema.Constraints]) -> Optional[Node]:
    """The schema of a union of models, None for anything else."""
    models = models_of(annotation)
    if len(models) < 2:
        return None
    if all(hasattr(model, "__pydantic_validator__") for model in models):
        return _schema.compile(_with_branches(annotation), constraints)
    node = _schema.compile(annotation, constraints)
    _branch(node)
    return node


def branch_of(value: Any, model: Any) -> Any:
    """What a model takes of all that a form has: a list only where it wants one."""
    if not isinstance(value, dict):
        return value
    from fasterapi._uploads import FormData  # there is a form, so what reads it is imported

    pairs = [
        (name, item)
        for name, items in value.items()
        for item in (items if isinstance(items, list) else [items])
    ]
    made = form_values(list(members_of(model)), FormData(pairs))
    # No form has these: a validator of the user's put them in.
    made.update((name, item) for name, item in value.items() if item is None or item == [])
    return made


class BranchNode(Wrapper):
    """A model of such a union."""

    def __init__(self, inner: Node, model: Any) -> None:
        super().__init__(inner)
        self.model = model

    def run(self, value: Any, state: State) -> Any:
        return self.inner.run(branch_of(value, self.model), state)


def _with_branches(annotation: Any) -> Any:
    """The union for pydantic, with the names that its errors would have without validators."""
    pydantic: Any = sys.modules["pydantic"]
    annotated: Any = typing.Annotated
    choices: List[Any] = []
    for choice in typing.get_args(_classify.plain(annotation)):
        if choice is _NONE:
            choices.append(choice)
            continue
        model = _classify.plain(choice)
        marks = getattr(choice, "__metadata__", ())
        before = pydantic.BeforeValidator(functools.partial(branch_of, model=model))
        tags = [mark for mark in marks if isinstance(mark, pydantic.Tag)]
        tag = tags[-1] if tags else pydantic.Tag(model.__name__)
        choices.append(annotated[choice, before, tag])
    union: Any = Union[tuple(choices)]
    marks = getattr(annotation, "__metadata__", ())
    return annotated[(union, *marks)] if marks else union


def _branch(node: Any) -> None:
    while isinstance(node, Wrapper):
        node = node.inner
    if isinstance(node, TaggedUnionNode):
        made: Dict[int, BranchNode] = {id(m): BranchNode(m, _model_of(m)) for m in node.members}
        node.tags = {tag: made[id(member)] for tag, member in node.tags.items()}
        node = node.union
    if isinstance(node, UnionNode):
        node.members = tuple(BranchNode(member, _model_of(member)) for member in node.members)


def _model_of(node: Any) -> Any:
    while isinstance(node, Wrapper):
        node = node.inner
    return node.type
