"""Runs a binding plan in Python: the same conversions and 422 entries as the server's native
handlers.

Used where there is no server; tests/python and tests/functional hold both to the same cases.
"""

import functools
from typing import Any, Callable, Dict, List, NamedTuple, Optional

from fasterapi import _json, _scalars
from fasterapi._binding import Parameter, Plan
from fasterapi._builder import PlainBuilder, ResponseBuilder
from fasterapi._plain_request import PlainRequest
from fasterapi.exceptions import HTTPException

_MISSING: Any = object()
_ORDER = {"path": 0, "query": 1, "body": 2}
_CONVERT: Dict[str, Callable[[str], Any]] = {
    "str": str,
    "int": _scalars.to_int,
    "float": _scalars.to_float,
    "bool": _scalars.to_bool,
}


class Invalid(Exception):
    """Arguments that do not fit: ``errors`` are the entries of the 422's ``detail``."""

    def __init__(self, errors: List[Dict[str, Any]]) -> None:
        super().__init__(errors)
        self.errors = errors


class Bound(NamedTuple):
    values: List[Any]
    builder: Optional[ResponseBuilder]


def bind(plan: Plan, request: PlainRequest, path_texts: List[str], body: bytes) -> Bound:
    """The arguments of one call. Raises Invalid, or HTTPException(400) where the body is no
    text."""
    content = _read_body(plan, request, body)
    values: List[Any] = []
    errors: List[Dict[str, Any]] = []
    builder: Optional[ResponseBuilder] = None
    for parameter in plan:
        if parameter.source == "request":
            values.append(request)
        elif parameter.source == "response":
            builder = builder or PlainBuilder()
            values.append(builder)
        else:
            raw = _raw(parameter, request, path_texts, content)
            values.append(_convert(parameter, raw, errors))
    if errors:
        raise Invalid(sorted(errors, key=lambda entry: _ORDER[entry["loc"][0]]))
    return Bound(values, builder)


def _raw(parameter: Parameter, request: PlainRequest, path_texts: List[str], content: Any) -> Any:
    if parameter.source == "path":
        return path_texts[parameter.place]
    if parameter.source == "query":
        return request.query_params.get(parameter.alias, _MISSING)
    return content


def _convert(parameter: Parameter, raw: Any, errors: List[Dict[str, Any]]) -> Any:
    loc = ["body"] if parameter.source == "body" else [parameter.source, parameter.alias]
    if raw is _MISSING:
        if parameter.required:
            errors.append(_entry("missing", loc, "Field required", None))
        return parameter.default
    if parameter.source == "body":
        return _check_body(parameter, raw, loc, errors)
    try:
        return _CONVERT[parameter.type](raw)
    except _scalars.Refused as refused:
        errors.append(_entry(refused.type, loc, refused.msg, raw))
        return None


def _check_body(
    parameter: Parameter, value: Any, loc: List[Any], errors: List[Dict[str, Any]]
) -> Any:
    if not isinstance(parameter.type, str):  # a BodySchema
        is_valid, made = parameter.type.check(value)
        errors.extend(() if is_valid else made)
        return made
    if value is None and parameter.nullable:
        return None
    if parameter.type == "dict" and not isinstance(value, dict):
        errors.append(_entry("dict_type", loc, "Input should be a valid dictionary", value))
    elif parameter.type == "list" and not isinstance(value, list):
        errors.append(_entry("list_type", loc, "Input should be a valid list", value))
    return value


def _read_body(plan: Plan, request: PlainRequest, body: bytes) -> Any:
    """The body as its parameter wants it, before the other parameters are looked at: one that
    cannot be parsed is the only error then."""
    wanted = next((p for p in plan if p.source == "body"), None)
    if wanted is None or not body:
        return _MISSING
    if wanted.type == "bytes":
        return body
    if not is_json(request.headers.get("content-type", "")):
        return body.decode("utf-8", "replace") if isinstance(wanted.type, str) else body
    try:
        return _json.loads(body)
    except _json.JSONDecodeError as error:
        entry = _entry("json_invalid", ["body", error.pos], "JSON decode error", {})
        entry["ctx"] = {"error": error.msg}
        raise Invalid([entry]) from None
    except (ValueError, RecursionError):
        raise HTTPException(400, "There was an error parsing the body") from None


@functools.lru_cache(maxsize=64)
def is_json(content_type: str) -> bool:
    """``application/json`` and ``application/*+json``, whatever their parameters."""
    media_type = content_type.split(";", 1)[0].strip().lower()
    kind, _, subtype = media_type.partition("/")
    return kind == "application" and (subtype == "json" or subtype.endswith("+json"))


def _entry(type: str, loc: List[Any], msg: str, input: Any) -> Dict[str, Any]:
    return {"type": type, "loc": loc, "msg": msg, "input": input}
