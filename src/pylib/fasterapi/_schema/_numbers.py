"""Integers and floating point numbers."""

import decimal
import enum
import math
from typing import Any, Dict

from fasterapi import _scalars
from fasterapi._schema._constraints import NUMBER_KEYWORDS, Constraints, bounds, failing
from fasterapi._schema._definitions import Definitions, Mode
from fasterapi._schema._dump import DumpOptions
from fasterapi._schema._node import Node
from fasterapi._schema._state import INVALID, LAX, STRICT, State


def _to_whole(bound: Any) -> Any:
    return int(bound) if isinstance(bound, float) and bound.is_integer() else bound


class IntNode(Node):
    """An integer of any size; lax: numbers without a fraction, text of at most 4300 digits."""

    type = int

    def __init__(self, constraints: Constraints) -> None:
        self.constraints = constraints
        self.strict = bool(constraints.strict)
        self.checks = bounds(constraints, _to_whole)
        self.label = "constrained-int" if self.checks else "int"

    def run(self, value: Any, state: State) -> Any:
        made = value
        if type(value) is not int:
            made = self._coerced(value, state)
            if made is INVALID:
                return made
        if self.checks:
            failed = failing(made, self.checks)
            if failed is not None:
                return state.fail(failed[0], value, failed[2])
        return made

    def _coerced(self, value: Any, state: State) -> Any:
        if isinstance(value, int) and not isinstance(value, bool):
            state.floor(STRICT)
            return int(value)
        if self.strict or state.strict:
            return state.fail("int_type", value)
        state.floor(LAX)
        if isinstance(value, bool):
            return int(value)
        if isinstance(value, (str, bytes)):
            return _parsed(value, _scalars.to_int, "int_parsing", state)
        if isinstance(value, (float, decimal.Decimal)):
            return _whole(value, state)
        if isinstance(value, enum.Enum) and type(value.value) is int:
            return value.value
        return state.fail("int_type", value)

    def dump(self, value: Any, options: DumpOptions) -> Any:
        return value if type(value) is int else super().dump(value, options)

    def json_schema(self, definitions: Definitions, mode: Mode) -> Dict[str, Any]:
        return {"type": "integer", **_keywords(self.constraints, _to_whole)}


def _parsed(value: Any, parse: Any, type_: str, state: State) -> Any:
    try:
        return parse(value if isinstance(value, str) else value.decode())
    except UnicodeDecodeError:
        return state.fail(type_, value)
    except _scalars.Refused as refused:
        return state.fail(refused.type, value)


def _whole(value: Any, state: State) -> Any:
    if not math.isfinite(value):
        return state.fail("finite_number", value)
    if value % 1 != 0:
        return state.fail("int_from_float", value)
    if isinstance(value, float) and not -(2**63) < value < 2**63:
        return state.fail("int_parsing_size", value)
    return int(value)


class FloatNode(Node):
    """A number; lax: text too. NaN and infinity unless ``allow_inf_nan`` is False."""

    type = float

    def __init__(self, constraints: Constraints) -> None:
        self.constraints = constraints
        self.strict = bool(constraints.strict)
        self.finite = constraints.allow_inf_nan is False
        self.checks = bounds(constraints, float)
        self.label = "constrained-float" if self.checks else "float"

    def run(self, value: Any, state: State) -> Any:
        made = value
        if type(value) is not float:
            made = self._coerced(value, state)
            if made is INVALID:
                return made
        if self.finite and not math.isfinite(made):
            return state.fail("finite_number", value)
        if self.checks:
            failed = failing(made, self.checks)
            if failed is not None:
                return state.fail(failed[0], value, failed[2])
        return made

    def _coerced(self, value: Any, state: State) -> Any:
        is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
        if not is_number and (self.strict or state.strict):
            return state.fail("float_type", value)
        is_decimal = isinstance(value, decimal.Decimal)
        state.floor(STRICT if is_number or is_decimal else LAX)
        if isinstance(value, (str, bytes)):
            return _parsed(value, _scalars.to_float, "float_parsing", state)
        if not is_number and not is_decimal and not isinstance(value, bool):
            return state.fail("float_type", value)
        try:
            return float(value)
        except (OverflowError, ValueError):  # too large; a signalling NaN
            return state.fail("float_type", value)

    def dump(self, value: Any, options: DumpOptions) -> Any:
        if type(value) is int and options.mode == "json":
            return float(value)
        return value if type(value) is float else super().dump(value, options)

    def json_schema(self, definitions: Definitions, mode: Mode) -> Dict[str, Any]:
        return {"type": "number", **_keywords(self.constraints, float)}


def _keywords(constraints: Constraints, to: Any) -> Dict[str, Any]:
    named = constraints.named()
    return {said: to(named[name]) for name, said in NUMBER_KEYWORDS.items() if name in named}
