"""Compares schemas in C++ with those in Python, in the interpreter that has both."""

import dataclasses
import datetime as dt
import decimal
import enum
import math
import random
from typing import Any, Dict, List

import schema_texts

from fasterapi import App, _json
from fasterapi._errors import plain as plain_entry
from fasterapi._schema import INVALID, DumpOptions, _native, compile
from fasterapi.models import Model

app = App()


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


def dumped(node: Any, value: Any) -> bytes:
    made: bytes = _json.dumps(node.dump(value, DumpOptions()))
    return made


@app.get("/compare/{seed}")
def compare(seed: int, count: int = 60):
    made = schema_texts.Types(seed).make()
    node = compile(made.annotation)
    schema: Any = _native.native(node)
    counts = {"texts": 0, "valid": 0, "native": 0, "refused": 0, "explained": 0}
    wrong = []
    for index in range(count):
        text = schema_texts.text_of(made, random.Random(seed * 1000 + index))
        said = outcome(_json.loads, text)
        expected = in_python(node, said)
        found = outcome(schema.read, text)
        counts["texts"] += 1
        counts["valid"] += expected is not INVALID
        counts["native"] += found is not NotImplemented
        shown = f"{made.annotation} {text!r}: {found!r}, and not {expected!r}"
        if differs(found, expected):
            wrong.append(f"read {shown}")
        if isinstance(said, Exception):
            continue
        explained = outcome(schema.explain, text)
        if isinstance(explained, bytes):
            counts["explained"] += 1
            entries = outcome(entries_of, node, said)
            if expected is not INVALID or explained != entries:
                wrong.append(f"explain {shown} {explained!r}, not {entries!r}")
        counts["refused"] += expected is INVALID
        if differs(outcome(schema.check, said), expected):
            wrong.append(f"check {shown}: {outcome(schema.check, said)!r}")
        if expected is INVALID or isinstance(expected, Exception):
            continue
        json, wanted = outcome(schema.dump, expected), outcome(dumped, node, expected)
        is_same = type(json) is type(wanted) and (isinstance(json, Exception) or json == wanted)
        if not is_same:
            wrong.append(f"dump {made.annotation} {expected!r}: {json!r}, and not {wanted!r}")
        again, checked = in_python(node, expected), outcome(schema.check, expected)
        if differs(checked, again):
            wrong.append(f"check {made.annotation} {expected!r}: {checked!r}")
        shaped = outcome(lambda value=expected: _json.dumps(schema.shape(value)))
        wanted = outcome(dumped, node, again)
        if checked is not NotImplemented and isinstance(wanted, bytes) and shaped != wanted:
            wrong.append(f"shape {made.annotation} {expected!r}: {shaped!r}, and not {wanted!r}")
    return {"counts": counts, "wrong": wrong}
