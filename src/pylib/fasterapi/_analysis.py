"""What one parameter of a handler or dependency is: a field, a dependency, or an object of the
request. FastAPI's rules, but for those of docs/handlers.md."""

import copy
import sys
from typing import Any, Mapping, Optional, Tuple, Union

from fasterapi import _annotations, _beside, _binding, _classify, _form_unions, _forms, _starlette
from fasterapi._builder import ResponseBuilder
from fasterapi._fields import Field, aliases_of, constraints_of
from fasterapi._forms import file_schema
from fasterapi._reading import RAW
from fasterapi._response_model import refuse_v1
from fasterapi._signature import EMPTY, Argument, refuse_fastapis
from fasterapi.background import BackgroundTasks
from fasterapi.exceptions import DeclarationError
from fasterapi.params import (
    UNDEFINED,
    Body,
    Depends,
    File,
    Form,
    Header,
    ParamInfo,
    Path,
    Query,
)
from fasterapi.requests import Request
from fasterapi.responses import Response
from fasterapi.security import SecurityScopes

SPECIAL = {
    "request": (Request,),
    "response": (Response, ResponseBuilder),
    "background": (BackgroundTasks,),
    "scopes": (SecurityScopes,),
}
Made = Union[Field, Depends, str]  # str: a key of SPECIAL


def analyze(argument: Argument, path_names: Mapping[str, str], where: str) -> Made:
    """``path_names``: the path's parameters and their kinds. TypeError where the parameter is said
    in two ways, or in none that works."""
    refuse_fastapis(argument, where)
    where = f"{where}: parameter {argument.name!r}"
    said, default = _said(argument, where)
    if isinstance(said, Depends):
        return _with_dependency(said, argument, where)
    if said is None:
        special = special_kind(argument)
        if special is not None and argument.name not in path_names:
            return special
        said = _inferred(argument, path_names)
    is_in_path = argument.name in path_names
    if is_in_path and not isinstance(said, Path):
        raise TypeError(f"{where} is in the path: {type(said).__name__} cannot be used for it")
    said = copy.copy(said)
    if is_in_path:
        default = ...
    if default is not UNDEFINED:
        said.default = default
    return _field(argument, said, path_names, where)


def special_kind(argument: Argument) -> Optional[str]:
    """The key of SPECIAL that a parameter asks for by its type, or by its name alone."""
    annotation = _classify.plain(argument.annotation)
    if annotation is EMPTY:
        return _binding.special_by_name(argument.name)
    connection = getattr(sys.modules.get("starlette.requests"), "HTTPConnection", None)
    if connection is not None and _classify.is_subclass(annotation, connection):
        return "request"  # a WebSocket, where the route is for them
    for kind, classes in SPECIAL.items():
        if _classify.is_subclass(annotation, classes):
            return kind
    return _starlette.kind_of(annotation)


def _said(argument: Argument, where: str) -> Tuple[Union[ParamInfo, Depends, None], Any]:
    """The declaration in ``Annotated`` or the default's place, and the default beside it."""
    default = UNDEFINED if argument.default is EMPTY else argument.default
    marks = [
        mark
        for mark in getattr(argument.annotation, "__metadata__", ())
        if isinstance(mark, (ParamInfo, Depends))
    ]
    if not marks:
        if isinstance(default, (ParamInfo, Depends)):
            return default, UNDEFINED
        return None, default
    mark = marks[-1]
    if isinstance(default, (ParamInfo, Depends)):
        raise DeclarationError(f"{where}: {_said_twice(mark, default, argument.name)}")
    if isinstance(mark, ParamInfo) and not mark.is_required() and mark.default_factory is None:
        raise DeclarationError(
            f"{where}: `{type(mark).__name__}` default value cannot be set in `Annotated` for "
            f"{argument.name!r}. Set the default value with `=` instead."
        )
    return mark, default


def _said_twice(mark: Any, default: Any, name: str) -> str:
    if isinstance(mark, Depends):
        what = "`Depends` in `Annotated` and default value"
    elif isinstance(default, Depends):
        what = "a FastAPI annotation in `Annotated` and `Depends` as a default value"
    else:
        what = "FastAPI annotations in `Annotated` and default value"
    return f"Cannot specify {what} together for {name!r}"


def _with_dependency(said: Depends, argument: Argument, where: str) -> Depends:
    if said.dependency is not None:
        return said
    annotation = _classify.plain(argument.annotation)
    if annotation is EMPTY or not callable(annotation):
        raise TypeError(f"{where}: {said!r} needs a dependency, or a class as annotation")
    said = copy.copy(said)
    said.dependency = annotation
    return said


def _inferred(argument: Argument, path_names: Mapping[str, str]) -> ParamInfo:
    annotation = argument.annotation
    default = UNDEFINED if argument.default is EMPTY else argument.default
    if argument.name in path_names:
        return Path()
    if annotation is EMPTY:
        return Query(default)
    if _forms.takes_upload(annotation) or _forms.takes_uploads(annotation):
        return File(default)
    plain, _ = _annotations.without_none(_classify.plain(annotation))
    if plain is bytes:
        return Body(default, media_type=RAW)
    if plain is Any or not _classify.is_scalar(annotation):
        return Body(default)
    return Query(default)


def _field(argument: Argument, said: ParamInfo, path_names: Mapping[str, str], where: str) -> Field:
    annotation = argument.annotation
    if annotation is EMPTY:
        annotation = int if path_names.get(argument.name) == "int" else Any
    said.annotation = annotation
    _beside.absorb(said, annotation)
    if isinstance(said, Path):
        said.default_factory = None  # it is always there
    aliases = aliases_of(said.validation_alias)
    if not aliases:
        is_dashed = isinstance(said, Header) and said.convert_underscores
        aliases = [argument.name.replace("_", "-") if is_dashed else argument.name]
    if isinstance(said, Path):
        known = (a for a in (*aliases, argument.name) if a in path_names)
        aliases = [next(known, aliases[0])]
    try:
        schema = _schema_of(annotation, said)
        field = Field(argument.name, aliases, annotation, said, schema)
    except TypeError as error:
        refuse_v1(annotation, where)
        raise TypeError(
            f"{where} has the annotation {_annotations.text(annotation)}: {error}"
        ) from error
    _check_place(field, where)
    return field


def _schema_of(annotation: Any, said: ParamInfo) -> Any:
    """The schema of what is no plain value; None for others."""
    if isinstance(said, File):
        return file_schema(annotation)
    if isinstance(said, Form) and not said.embed:
        return _form_unions.schema_of(annotation, constraints_of(said))
    return None


def _check_place(field: Field, where: str) -> None:
    if isinstance(field.info, Path) and not _classify.is_scalar(field.annotation):
        raise DeclarationError(
            f"{where} is in the path, so it is a scalar: Path params must be of one of the "
            "supported types"
        )
    if isinstance(field.info, (Body, Form)):
        return
    if not (
        _classify.is_scalar(field.annotation)
        or _classify.is_scalar_sequence(field.annotation)
        or any(_classify.is_model(m) for m in _classify.members(field.annotation))
    ):
        kind = type(field.info).__name__
        raise DeclarationError(
            f"{where}: {kind} parameter {field.name!r} must be one of the supported types: a "
            "scalar, a list of scalars or a model, "
            f"not {_annotations.text(field.annotation)}"
        )
