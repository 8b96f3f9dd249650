"""Classes with fields to their schemas."""

import dataclasses
from typing import Any, List, Mapping, Optional, Tuple

from fasterapi._schema._compiler import Compiler
from fasterapi._schema._field import UNDEFINED, FieldInfo, field_of
from fasterapi._schema._fields import Fields, Member
from fasterapi._schema._model_builder import build_model
from fasterapi._schema._named import NamedNode
from fasterapi._schema._records import DataclassNode, NamedTupleNode, TypedDictNode
from fasterapi._schema._resolve import declaring, resolved, scope_of
from fasterapi._schema._scope import Scope
from fasterapi._schema._session import Build, Session


def build(session: Session, type_: Any, variables: Mapping[Any, Any]) -> Optional[Build]:
    """How to compile a class, None if it is none with fields."""
    if hasattr(type_, "__fasterapi_fields__"):
        return build_model(session, type_, variables)
    if dataclasses.is_dataclass(type_):
        return _build(session, type_, variables, DataclassNode(type_), _dataclass_fields(type_))
    if is_typed_dict(type_):
        return _build(session, type_, variables, TypedDictNode(type_), _typed_dict_fields(type_))
    if isinstance(type_, type) and issubclass(type_, tuple) and hasattr(type_, "_fields"):
        return _build(session, type_, variables, NamedTupleNode(type_), _named_tuple_fields(type_))
    return None


def is_typed_dict(type_: Any) -> bool:
    """Of typing or typing_extensions."""
    return isinstance(type_, type) and issubclass(type_, dict) and hasattr(type_, "__total__")


_Declared = List[Tuple[str, FieldInfo, bool]]  # name, what is said, whether it is required


def _build(
    session: Session,
    type_: Any,
    variables: Mapping[Any, Any],
    node: NamedNode,
    declared: _Declared,
) -> Build:
    def fill() -> None:
        members = []
        for name, info, required in declared:
            compiler = Compiler(session, info.scope or Scope(), variables=variables)
            members.append(_member(compiler, name, info, required))
        node.fields = Fields(members, "forbid" if isinstance(node, NamedTupleNode) else "ignore")

    return Build(node, node, fill)


def _member(compiler: Compiler, name: str, info: FieldInfo, required: bool) -> Member:
    info = resolved(info)
    key = info.validation_alias or info.alias or name
    dump_key = info.serialization_alias or info.alias or name
    return Member(name, (key,), dump_key, compiler.field(info), info, required)


def _dataclass_fields(type_: Any) -> _Declared:
    declared = []
    for field in dataclasses.fields(type_):
        if not field.init:
            continue
        assigned = UNDEFINED if field.default is dataclasses.MISSING else field.default
        info = _declared(type_, field.name, field.type, assigned)
        if field.default_factory is not dataclasses.MISSING:
            info.default_factory = field.default_factory
        declared.append((field.name, info, info.is_required()))
    return declared


def _typed_dict_fields(type_: Any) -> _Declared:
    required: Any = getattr(type_, "__required_keys__", ())
    declared = []
    for name, annotation in type_.__annotations__.items():
        declared.append((name, _declared(type_, name, annotation), name in required))
    return declared


def _named_tuple_fields(type_: Any) -> _Declared:
    annotations, defaults = type_.__annotations__, type_._field_defaults
    declared = []
    for name in type_._fields:
        assigned = defaults.get(name, UNDEFINED)
        info = _declared(type_, name, annotations.get(name, Any), assigned)
        declared.append((name, info, info.is_required()))
    return declared


def _declared(type_: Any, name: str, annotation: Any, assigned: Any = UNDEFINED) -> FieldInfo:
    info = field_of(annotation, assigned)
    info.scope = scope_of(declaring(type_, name))
    return info
