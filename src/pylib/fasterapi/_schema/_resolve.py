"""Annotations of classes: where each was made, and what it means when it is a string."""

import sys
import typing
from typing import Any, Dict, Mapping, Optional

from fasterapi._schema._field import FieldInfo, field_of
from fasterapi._schema._scope import Scope, is_forward


def own_annotations(type_: Any) -> Dict[str, Any]:
    """What the class itself annotates, as written."""
    if sys.version_info >= (3, 14):
        import annotationlib

        return annotationlib.get_annotations(type_, format=annotationlib.Format.FORWARDREF)
    return dict(vars(type_).get("__annotations__", {}))


def scope_of(type_: Any, local: Optional[Mapping[str, Any]] = None) -> Scope:
    """The names that a class's annotations may use: its module's, its own."""
    return Scope(type_.__module__, {**(local or {}), type_.__name__: type_})


def declaring(type_: Any, name: str) -> Any:
    """The class among a class's bases that annotates a name."""
    for base in type_.__mro__:
        if name in own_annotations(base):
            return base
    return type_


def resolved(info: FieldInfo) -> FieldInfo:
    """With the type that a string stands for, and what an Annotated in that string says."""
    annotation = info.annotation
    if not isinstance(annotation, str) and not is_forward(annotation):
        return info
    scope = info.scope or Scope()
    evaluated = field_of(scope.evaluate(annotation))
    made = evaluated.merged(info)
    made.annotation = evaluated.annotation
    made.metadata = (*evaluated.metadata, *info.metadata)
    return made


def is_class_var(annotation: Any) -> bool:
    """ClassVar, also as a string."""
    if isinstance(annotation, str):
        return annotation.replace("typing.", "").startswith("ClassVar")
    return annotation is typing.ClassVar or typing.get_origin(annotation) is typing.ClassVar
