"""Compares schemas in C++ with those in Python, in the interpreter that has both."""

import dataclasses
import datetime as dt
import decimal
import enum
import math
from typing import Any, Dict, List

from fasterapi import _json
from fasterapi._errors import plain as plain_entry
from fasterapi._json import finite
from fasterapi._schema import INVALID, DumpOptions, _native, compile
from fasterapi.models import Model


def plain(value: Any) -> Any:
    """A value as something that compares by type and content, order included."""
    if isinstance(value, Model):
        own = [(name, plain(item)) for name, item in value.__dict__.items()]
        return type(value), own, plain(value.model_extra), sorted(value.model_fields_set)
    if isinstance(value, enum.Enum):
        return value
    if isinstance(value, dict):
        return dict, [(plain(key), plain(item)) for key, item in value.items()]
    if isinstance(value, (set, frozenset)):
        return type(value), sorted(repr(plain(item)) for item in value)
    if isinstance(value, (list, tuple)) or hasattr(value, "appendleft"):
        return type(value), [plain(item) for item in value]
    if dataclasses.is_dataclass(value):
        return type(value), plain(vars(value))
    if isinstance(value, (dt.datetime, dt.time)):
        return type(value), value.isoformat()
    if isinstance(value, decimal.Decimal):
        return type(value), str(value)
    if isinstance(value, float):
        return float, "nan" if math.isnan(value) else value.hex()
    return type(value), value


def outcome(call: Any, *arguments: Any) -> Any:
    try:
        return call(*arguments)
    except Exception as error:
        return error


def in_python(node: Any, value: Any) -> Any:
    if isinstance(value, Exception):
        return INVALID
    errors: List[Dict[str, Any]] = []
    return outcome(node.validate, value, (), errors)


def entries_of(node: Any, value: Any) -> bytes:
    """Those of the 422, as the server writes them."""
    errors: List[Dict[str, Any]] = []
    node.validate(value, ("body",), errors)
    return b",".join(_json.dumps(plain_entry(entry)) for entry in errors)


def differs(made: Any, expected: Any) -> bool:
    """Whether C++ says something else than Python. NotImplemented says nothing."""
    if made is NotImplemented:
        return False
    if isinstance(made, Exception):
        return type(made) is not type(expected)
    return bool(plain(made) != plain(expected))


def dumped(node: Any, value: Any, **options: Any) -> bytes:
    made: bytes = _json.dumps(finite(node.dump(value, DumpOptions(**options))))
    return made


SHOWN: List[Dict[str, Any]] = [
    {},
    {"exclude_none": True},
    {"exclude_unset": True},
    {"exclude_defaults": True, "by_alias": False},
    {"exclude_unset": True, "exclude_none": True, "exclude": {"b": True, "x": ..., 0: {"a"}}},
    {"include": {"a": {"__all__": {"x", "name"}}, "kind": ..., "value": True, "c": False, -1: ...}},
    {"exclude": {"__all__": {"kind", "name", 0}, "children": {0: {"value"}}, "a": {"a", 1}}},
    {"include": {"a", "b", "name", "x", 0, 1}, "exclude": {"a": {"a": {"b"}}, "name": None}},
]


class Comparison:
    """Of one type: how many texts there were, and what differs."""

    def __init__(self, annotation: Any) -> None:
        self.annotation = annotation
        self.node = compile(annotation)
        self.schema: Any = _native.native(self.node)
        self.shown = [
            (options, _native.native(self.node, DumpOptions(**options))) for options in SHOWN
        ]
        self.counts = {"texts": 0, "valid": 0, "native": 0, "refused": 0, "explained": 0}
        self.wrong: List[str] = []

    def add(self, text: bytes) -> None:
        said = outcome(_json.loads, text)
        expected = in_python(self.node, said)
        self.counts["texts"] += 1
        self.counts["valid"] += expected is not INVALID
        self._read(text, expected)
        if isinstance(said, Exception):
            return
        self._explain(text, said, expected)
        found = outcome(self.schema.check, said)
        if differs(found, expected):
            self._note("check", text, found, expected)
        if expected is not INVALID and not isinstance(expected, Exception):
            self._write(expected)

    def _note(self, what: str, given: Any, found: Any, expected: Any) -> None:
        self.wrong.append(f"{what} {self.annotation} {given!r}: {found!r}, and not {expected!r}")

    def _read(self, text: bytes, expected: Any) -> None:
        found = outcome(self.schema.read, text)
        self.counts["native"] += found is not NotImplemented
        if differs(found, expected):
            self._note("read", text, found, expected)

    def _explain(self, text: bytes, said: Any, expected: Any) -> None:
        self.counts["refused"] += expected is INVALID
        found = outcome(self.schema.explain, text)
        if not isinstance(found, bytes):
            return
        self.counts["explained"] += 1
        entries = outcome(entries_of, self.node, said)
        if expected is not INVALID or found != entries:
            self._note("explain", text, found, entries)

    def _dump(self, valid: Any) -> None:
        for options, schema in self.shown:
            wanted = outcome(lambda: dumped(self.node, valid, **options))
            json = outcome(schema.dump, valid)
            is_same = type(json) is type(wanted) and (isinstance(json, Exception) or json == wanted)
            if not is_same:
                self._note(f"dump {options}", valid, json, wanted)

    def _write(self, valid: Any) -> None:
        self._dump(valid)
        again, checked = in_python(self.node, valid), outcome(self.schema.check, valid)
        if differs(checked, again):
            self._note("check", valid, checked, again)
        shaped = outcome(lambda: _json.dumps(self.schema.shape(valid)))
        wanted = outcome(dumped, self.node, again)
        if checked is not NotImplemented and isinstance(wanted, bytes) and shaped != wanted:
            self._note("shape", valid, shaped, wanted)
