"""Which annotations are text of a query, and which are a body: FastAPI's rules."""

import collections.abc
import dataclasses
import typing
from collections import deque
from typing import Any, Tuple, Union

from fasterapi import _annotations

SEQUENCES = (list, tuple, set, frozenset, deque, collections.abc.Sequence)


def is_subclass(annotation: Any, of: Union[type, Tuple[type, ...]]) -> bool:
    """issubclass, false for what is no class."""
    try:
        return isinstance(annotation, type) and issubclass(annotation, of)
    except TypeError:  # a generic of Python 3.9 and 3.10 says that it is a type
        return False


def is_model(annotation: Any) -> bool:
    """Whether it is a class with named fields of its own: a Model, or one of pydantic's."""
    return isinstance(annotation, type) and (
        hasattr(annotation, "__fasterapi_schema__") or hasattr(annotation, "__pydantic_validator__")
    )


def plain(annotation: Any) -> Any:
    """Without Annotated; ``Json[...]`` of pydantic is text."""
    while typing.get_origin(annotation) is typing.Annotated:
        if any(_is_json(mark) for mark in annotation.__metadata__):
            return str
        annotation = typing.get_args(annotation)[0]
    return annotation


def _is_json(mark: Any) -> bool:
    cls = mark if isinstance(mark, type) else type(mark)
    return cls.__name__ == "Json" and cls.__module__ == "pydantic.types"


def members(annotation: Any) -> Tuple[Any, ...]:
    """The members of a union; of anything else, itself."""
    annotation = plain(annotation)
    if _annotations.is_union(annotation):
        return tuple(m for a in typing.get_args(annotation) for m in members(a))
    return (annotation,)


def is_sequence(annotation: Any) -> bool:
    """Whether it, or a member of the union that it is, takes several values."""
    return any(_is_one_of(m, SEQUENCES) for m in members(annotation))


def is_scalar(annotation: Any) -> bool:
    """Whether a single text can be it."""
    return not any(_is_complex(m) for m in members(annotation))


def is_scalar_sequence(annotation: Any) -> bool:
    """Whether several texts can be it."""
    return is_sequence(annotation) and all(
        is_scalar(m)
        or (is_sequence(m) and all(is_scalar(a) for a in typing.get_args(m) if a is not ...))
        for m in members(annotation)
    )


def has_member(annotation: Any, of: Union[type, Tuple[type, ...]]) -> bool:
    """Whether it is such a class, or a union with one."""
    return any(is_subclass(m, of) for m in members(annotation))


def items_are(annotation: Any, of: Union[type, Tuple[type, ...]]) -> bool:
    """Whether it is a sequence of such a class, or a union with one."""
    return any(
        is_sequence(m) and any(has_member(a, of) for a in typing.get_args(m))
        for m in members(annotation)
    )


def _is_complex(annotation: Any) -> bool:
    return (
        is_model(annotation)
        or dataclasses.is_dataclass(annotation)
        or _is_one_of(annotation, (*SEQUENCES, collections.abc.Mapping))
        or is_model(typing.get_origin(annotation))
    )


def _is_one_of(annotation: Any, classes: Tuple[type, ...]) -> bool:
    for candidate in (annotation, typing.get_origin(annotation)):
        if is_subclass(candidate, classes) and not is_subclass(candidate, (str, bytes)):
            return True
    return False
