"""JSON as the server reads and writes it: the same values, the same bytes, the same refusals.

Inside the server ``_fasterapi`` does it; elsewhere this module, on top of the standard library.
"""

import collections
import datetime
import decimal
import enum
import json
import math
import pathlib
import re
import types
import uuid
from dataclasses import fields, is_dataclass
from typing import Any, Callable, Dict, NoReturn, Union

JSONDecodeError = json.JSONDecodeError

_STRING_OR_CONSTANT = re.compile(r'"(?:[^"\\]|\\.)*"|NaN|-?Infinity', re.DOTALL)


class JsonText(bytes):
    """A result that is JSON as it stands."""

    __slots__ = ()


def dumps(value: Any) -> bytes:
    """Compact JSON in UTF-8. Beyond json.dumps, in the forms of FastAPI's jsonable_encoder:
    dataclasses, datetime, date, time, timedelta, UUID, Enum, Decimal, sets, deques, generators,
    bytes that hold text, paths, IP addresses, and objects with model_dump.

    NaN, infinities and lone surrogates are a ValueError, but null in a model; types without JSON
    form are a TypeError."""
    return _encode(value).encode("utf-8")


def dumps_any(value: Any) -> bytes:
    """The same with ``NaN`` and ``Infinity``, which are no JSON."""
    return _encode_any(value).encode("utf-8")


def dumps_finite(value: Any) -> bytes:
    """The same with null for NaN and infinities, for a stream, which cannot become an error."""
    try:
        return dumps(value)
    except ValueError:
        return dumps(finite(value))


def finite(value: Any) -> Any:
    """A plain value with None for NaN and infinities, and their names as keys."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {_finite_key(key): finite(each) for key, each in value.items()}
    return [finite(each) for each in value] if isinstance(value, (list, tuple)) else value


def _finite_key(key: Any) -> Any:
    is_odd = isinstance(key, float) and not math.isfinite(key)
    return json.dumps(key) if is_odd else key


def loads(text: Union[bytes, str]) -> Any:
    """A JSON text (RFC 8259) in UTF-8, as json.loads reads it, but for NaN and Infinity, which are
    JSONDecodeErrors. Bytes that are no UTF-8 are a UnicodeDecodeError."""
    if not isinstance(text, str):
        text = bytes(text).decode("utf-8-sig")
    try:
        return _decode(text)
    except _Constant:
        place = next(m for m in _STRING_OR_CONSTANT.finditer(text) if m[0][0] != '"')
        raise JSONDecodeError("Expecting value", text, place.start()) from None


class _Constant(Exception):
    pass


def _refuse(name: str) -> NoReturn:
    raise _Constant(name)


def _decimal(value: decimal.Decimal) -> Union[int, float]:
    # As FastAPI's decimal_encoder: an integer where it is one, so that 1.0 and 1 stay apart.
    exponent = value.as_tuple().exponent
    return int(value) if isinstance(exponent, int) and exponent >= 0 else float(value)


_FORMS: Dict[type, Callable[[Any], Any]] = {
    datetime.datetime: datetime.datetime.isoformat,
    datetime.date: datetime.date.isoformat,
    datetime.time: datetime.time.isoformat,
    datetime.timedelta: datetime.timedelta.total_seconds,
    uuid.UUID: str,
    decimal.Decimal: _decimal,
    enum.Enum: lambda member: member.value,
    bytes: bytes.decode,
    pathlib.PurePath: str,
    set: list,
    frozenset: list,
    collections.deque: list,
    types.GeneratorType: list,
}


def form_of(value: Any) -> Any:
    """What stands in JSON for a value that is none itself. TypeError where nothing does."""
    for known in type(value).__mro__:
        if known in _FORMS:
            return _FORMS[known](value)
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: getattr(value, field.name) for field in fields(value)}
    if hasattr(type(value), "model_dump"):
        return _without_endless(value, value.model_dump(mode="json", by_alias=True))
    if type(value).__module__ == "ipaddress":
        return str(value)
    raise TypeError(f"Object of type {type(value).__name__} is not JSON serializable")


def _without_endless(model: Any, dumped: Any) -> Any:
    """A model of ours says null for NaN and infinity, as the server writes it."""
    if not hasattr(type(model), "__fasterapi_schema__"):
        return dumped
    return finite(dumped)


_OPTIONS: Dict[str, Any] = {
    "ensure_ascii": False,
    "separators": (",", ":"),
    "default": form_of,
}
_encode = json.JSONEncoder(allow_nan=False, **_OPTIONS).encode
_encode_any = json.JSONEncoder(**_OPTIONS).encode
_decode = json.JSONDecoder(parse_constant=_refuse).decode

try:
    import _fasterapi
except ImportError:
    pass
else:
    dumps, loads = _fasterapi.dump_json, _fasterapi.load_json
