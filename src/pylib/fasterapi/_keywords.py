"""Keywords that are handed on, spelled out for type checkers. tests/python holds them to what
takes them."""

from __future__ import annotations

import re
from enum import Enum
from typing import (
    TYPE_CHECKING,
    Any,
    Callable,
    Dict,
    List,
    Mapping,
    Optional,
    Sequence,
    Type,
    TypedDict,
    Union,
)

if TYPE_CHECKING:
    from fasterapi.params import Depends
    from fasterapi.responses import Response


class RouteKeywords(TypedDict, total=False):
    """Those of RouteOptions."""

    name: Optional[str]
    status_code: Optional[int]
    response_class: Optional[Type[Response]]
    dependencies: Sequence[Depends]
    response_model: Any
    response_model_include: Any
    response_model_exclude: Any
    response_model_by_alias: bool
    response_model_exclude_unset: bool
    response_model_exclude_defaults: bool
    response_model_exclude_none: bool
    responses: Optional[Mapping[Union[int, str], Dict[str, Any]]]
    tags: Optional[Sequence[Union[str, Enum]]]
    summary: Optional[str]
    description: Optional[str]
    response_description: str
    operation_id: Optional[str]
    deprecated: Optional[bool]
    include_in_schema: bool
    callbacks: Optional[Sequence[Any]]
    openapi_extra: Optional[Dict[str, Any]]
    generate_unique_id_function: Optional[Callable[[Any], str]]
    strict_content_type: Optional[bool]
    max_body_size: Optional[int]
    form_limits: Optional[Mapping[str, int]]
    dispatch: Optional[str]


class ParamKeywords(TypedDict, total=False):
    """Those of ParamInfo."""

    default_factory: Optional[Callable[[], Any]]
    annotation: Any
    alias: Optional[str]
    alias_priority: Optional[int]
    validation_alias: Optional[str]
    serialization_alias: Optional[str]
    title: Optional[str]
    description: Optional[str]
    gt: Optional[float]
    ge: Optional[float]
    lt: Optional[float]
    le: Optional[float]
    min_length: Optional[int]
    max_length: Optional[int]
    pattern: Union[str, re.Pattern[str], None]
    regex: Optional[str]
    discriminator: Optional[str]
    strict: Optional[bool]
    validate_default: Optional[bool]
    union_mode: Optional[str]
    fail_fast: Optional[bool]
    multiple_of: Optional[float]
    allow_inf_nan: Optional[bool]
    max_digits: Optional[int]
    decimal_places: Optional[int]
    examples: Optional[List[Any]]
    example: Any
    openapi_examples: Optional[Dict[str, Any]]
    deprecated: Union[str, bool, None]
    include_in_schema: bool
    json_schema_extra: Optional[Dict[str, Any]]


class AppKeywords(TypedDict, total=False):
    """What FastAPI takes beside what App does: nothing. Others are kept in ``extra`` all the same."""
