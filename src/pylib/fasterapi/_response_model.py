"""What a route promises to answer with: its results are checked against it, and cut to it."""

import collections.abc
import functools
import typing
from typing import Any, Callable, Dict, List, Mapping, Optional

from fasterapi import _annotations, _classify, _schema, _starlette
from fasterapi._builder import PlainBuilder, ResponseBuilder
from fasterapi._json import JsonText, finite
from fasterapi._result_check import make_check
from fasterapi._schema import INVALID, DumpOptions, _foreign
from fasterapi._schema._dump import said_to_foreign
from fasterapi._schema._native import native
from fasterapi._signature import EMPTY, kind_of, returned_by
from fasterapi.exceptions import (
    DeclarationError,
    InvalidTypeError,
    PydanticV1NotSupportedError,
    ResponseValidationError,
)
from fasterapi.responses import Response
from fasterapi.utils import is_body_allowed_for_status_code

_UNCHECKED = (EMPTY, None, type(None), Any, dict, list, bytes, Dict, List)
_UNCHECKED_GENERIC = (Dict[str, Any], Dict[Any, Any], List[Any])
_STREAMS = (
    collections.abc.Iterable,
    collections.abc.Iterator,
    collections.abc.Generator,
    collections.abc.AsyncIterable,
    collections.abc.AsyncIterator,
    collections.abc.AsyncGenerator,
)


class ResponseModel:
    """A type with the options of what is shown of it. ``annotation`` and ``schema`` are for the
    OpenAPI document, ``check`` tells results that need no serialize()."""

    def __init__(self, annotation: Any, options: DumpOptions) -> None:
        self.annotation = annotation
        self.schema = _schema.compile(annotation)
        self._options = options
        self.place: Dict[str, Any] = {}  #: whose results these are
        self.check = make_check(annotation) if options.is_usual else None

    @functools.cached_property
    def native(self) -> Any:
        """The schema in C++, which writes what is shown; None where there is none."""
        return None if self._pydantic else native(self.schema, self._options)

    @functools.cached_property
    def _pydantic(self) -> Any:
        """What pydantic validates by, and what it writes by; None where it is not all pydantic's."""
        adapter = _foreign.adapter(self.annotation)
        if adapter is None:
            return None
        said = said_to_foreign(self._options)
        validate = functools.partial(adapter.validator.validate_python, from_attributes=True)
        return validate, functools.partial(adapter.serializer.to_json, **said)

    def _text(self, value: Any) -> Any:
        validate, to_json = self._pydantic
        try:
            valid = validate(value)
        except ValueError:  # told by serialize()
            return self.plain(value)
        return JsonText(to_json(valid))

    def shape(self, value: Any) -> Any:
        """What the server writes as serialize()'s data would be."""
        if self._pydantic is not None:
            return self._text(value)
        if self.native is not None:
            made = self.native.shape(value)
            if made is not NotImplemented:
                return made
        return self.plain(value)

    def plain(self, value: Any) -> Any:
        """As serialize(), with null for NaN and infinity."""
        return finite(self.serialize(value))

    def serialize(self, value: Any) -> Any:
        """The value as plain JSON data. ResponseValidationError where it does not fit."""
        errors: List[Dict[str, Any]] = []
        valid = self.schema.validate(value, ("response",), errors)
        if valid is INVALID:
            raise ResponseValidationError(errors, body=value, endpoint_ctx=self.place)
        return self.schema.dump(valid, self._options)


def make_model(
    said: Any, endpoint: Callable[..., Any], options: DumpOptions, where: str
) -> Optional[ResponseModel]:
    """The model for ``response_model=``, or for the return annotation where that is EMPTY. None
    where there is nothing to check: Any, None, a plain dict or list, a Response, a stream."""
    annotation = returned_by(endpoint, where) if said is EMPTY else said
    if said is EMPTY and _is_unchecked(annotation, kind_of(endpoint)):
        return None
    if annotation is None or annotation is Any:
        return None
    try:
        return ResponseModel(annotation, options)
    except TypeError as error:
        refuse_v1(annotation, where)
        raise InvalidTypeError(
            f"{where}: {_annotations.text(annotation)} is no response model: {error}; "
            "response_model=None leaves the results as they are"
        ) from error


def check_responses(responses: Optional[Mapping[Any, Any]], where: str) -> None:
    """The models that a route's ``responses`` name can be described, or it is an error."""
    for status, said in (responses or {}).items():
        if not isinstance(said, dict):
            raise DeclarationError(f"{where}: an additional response must be a dict: {said!r}")
        if said.get("model") is None:
            continue
        if not is_body_allowed_for_status_code(status):
            raise DeclarationError(f"{where}: Status code {status} must not have a response body")
        try:
            _schema.compile(said["model"])
        except TypeError as error:
            refuse_v1(said["model"], where)
            raise InvalidTypeError(f"{where}: the model of response {status}: {error}") from error


def refuse_v1(annotation: Any, where: str) -> None:
    """PydanticV1NotSupportedError where a model of pydantic.v1 is in it."""
    for part in (annotation, *typing.get_args(annotation)):
        if part is not annotation and typing.get_args(part):
            refuse_v1(part, where)
        elif any(c.__module__.startswith("pydantic.v1.") for c in getattr(part, "__mro__", ())):
            raise PydanticV1NotSupportedError(
                f"{where}: {_annotations.text(part)} is a model of pydantic.v1, which is no longer "
                "supported. Please update to pydantic 2's BaseModel."
            )


def _is_unchecked(annotation: Any, kind: str) -> bool:
    if any(annotation is plain for plain in _UNCHECKED) or _is_generic_unchecked(annotation):
        return True
    if _classify.is_subclass(annotation, (Response, ResponseBuilder, PlainBuilder)):
        return True
    if _starlette.kind_of(annotation) == "response":
        return True
    if typing.get_origin(annotation) is collections.abc.Iterable:
        return "generator" in kind
    return typing.get_origin(annotation) in _STREAMS or annotation in _STREAMS


def _is_generic_unchecked(annotation: Any) -> bool:
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    return any(
        (origin, arguments) == (typing.get_origin(known), typing.get_args(known))
        for known in _UNCHECKED_GENERIC
    )
