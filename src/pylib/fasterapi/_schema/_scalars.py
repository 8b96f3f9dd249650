"""Text, booleans, bytes, None, and anything."""

import decimal
import enum
import math
import re
from typing import Any, Dict, Optional

from fasterapi import _scalars
from fasterapi._schema._constraints import Constraints, pattern_of
from fasterapi._schema._definitions import Definitions, Mode
from fasterapi._schema._dump import DumpOptions
from fasterapi._schema._node import Node
from fasterapi._schema._state import LAX, STRICT, State


class AnyNode(Node):
    """Whatever comes."""

    accepts_none = True

    def suits(self, value: Any, exactly: bool) -> bool:
        return True

    def run(self, value: Any, state: State) -> Any:
        state.floor(STRICT)  # rather than a member of a union that has to convert
        return value

    def json_schema(self, definitions: Definitions, mode: Mode) -> Dict[str, Any]:
        return {}


class NoneNode(Node):
    """None, which JSON calls null."""

    accepts_none = True
    label = "none"

    def run(self, value: Any, state: State) -> Any:
        return None if value is None else state.fail("none_required", value)

    def json_schema(self, definitions: Definitions, mode: Mode) -> Dict[str, Any]:
        return {"type": "null"}


class BoolNode(Node):
    """``true``; lax: 0, 1, and words like ``yes``."""

    label = "bool"
    type = bool

    def __init__(self, constraints: Constraints) -> None:
        self.strict = bool(constraints.strict)

    def run(self, value: Any, state: State) -> Any:
        if value is True or value is False:
            return value
        if self.strict or state.strict:
            return state.fail("bool_type", value)
        state.floor(LAX)
        if isinstance(value, (str, bytes)):
            return _word(value, state)
        if isinstance(value, (int, float, decimal.Decimal)):
            if value in (0, 1):
                return bool(value == 1)
            is_whole = math.isfinite(value) and -(2**63) <= value < 2**63 and value % 1 == 0
            return state.fail("bool_parsing" if is_whole else "bool_type", value)
        return state.fail("bool_type", value)

    def dump(self, value: Any, options: DumpOptions) -> Any:
        return value if type(value) is bool else super().dump(value, options)

    def json_schema(self, definitions: Definitions, mode: Mode) -> Dict[str, Any]:
        return {"type": "boolean"}


def _word(value: Any, state: State) -> Any:
    try:
        return _scalars.to_bool(value if isinstance(value, str) else value.decode())
    except UnicodeDecodeError:
        return state.fail("bool_parsing", value)
    except _scalars.Refused as refused:
        return state.fail(refused.type, value)


class StrNode(Node):
    """Text."""

    type = str

    def __init__(self, constraints: Constraints) -> None:
        self.constraints = constraints
        self.strict = bool(constraints.strict)
        self.pattern: "Optional[re.Pattern[str]]" = None
        self.pattern_text = ""
        if constraints.pattern is not None:
            self.pattern, self.pattern_text = pattern_of(constraints.pattern)
        self.is_plain = not (set(constraints.named()) - {"strict", "coerce_numbers_to_str"})
        self.label = "str" if self.is_plain else "constrained-str"

    def run(self, value: Any, state: State) -> Any:
        if type(value) is not str:
            made = self._coerced(value, state)
            if type(made) is not str:
                return made
        else:
            made = value
        return made if self.is_plain else self._constrained(made, value, state)

    def _coerced(self, value: Any, state: State) -> Any:
        if isinstance(value, str):
            state.floor(STRICT)
            return str(value.value) if isinstance(value, enum.Enum) else str(value)
        if self.strict or state.strict:
            return state.fail("string_type", value)
        state.floor(LAX)
        if isinstance(value, (bytes, bytearray)):
            try:
                return value.decode()
            except UnicodeDecodeError:
                return state.fail("string_unicode", value)
        if isinstance(value, enum.Enum) and isinstance(value.value, (str, int, float)):
            return str(value.value)
        if self.constraints.coerce_numbers_to_str and _is_number(value):
            return str(value)
        return state.fail("string_type", value)

    def _constrained(self, made: str, value: Any, state: State) -> Any:
        limits = self.constraints
        if limits.strip_whitespace:
            made = made.strip()
        if limits.min_length is not None and len(made) < limits.min_length:
            return state.fail("string_too_short", value, {"min_length": limits.min_length})
        if limits.max_length is not None and len(made) > limits.max_length:
            return state.fail("string_too_long", value, {"max_length": limits.max_length})
        if self.pattern is not None and self.pattern.search(made) is None:
            return state.fail("string_pattern_mismatch", value, {"pattern": self.pattern_text})
        if limits.to_lower:
            return made.lower()
        return made.upper() if limits.to_upper else made

    def dump(self, value: Any, options: DumpOptions) -> Any:
        return value if type(value) is str else super().dump(value, options)

    def json_schema(self, definitions: Definitions, mode: Mode) -> Dict[str, Any]:
        made: Dict[str, Any] = {"type": "string"}
        if self.constraints.min_length is not None:
            made["minLength"] = self.constraints.min_length
        if self.constraints.max_length is not None:
            made["maxLength"] = self.constraints.max_length
        if self.pattern is not None:
            made["pattern"] = self.pattern_text
        return made


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


class BytesNode(Node):
    """Bytes; lax: text, as UTF-8."""

    type = bytes

    def __init__(self, constraints: Constraints) -> None:
        self.constraints = constraints
        self.strict = bool(constraints.strict)
        is_plain = constraints.min_length is None and constraints.max_length is None
        self.label = "bytes" if is_plain else "constrained-bytes"

    def run(self, value: Any, state: State) -> Any:
        made = value
        if type(value) is not bytes:
            made = self._coerced(value, state)
            if type(made) is not bytes:
                return made
        limits = self.constraints
        if limits.min_length is not None and len(made) < limits.min_length:
            return state.fail("bytes_too_short", value, {"min_length": limits.min_length})
        if limits.max_length is not None and len(made) > limits.max_length:
            return state.fail("bytes_too_long", value, {"max_length": limits.max_length})
        return made

    def _coerced(self, value: Any, state: State) -> Any:
        if isinstance(value, bytes):
            state.floor(STRICT)
            return bytes(value)
        if self.strict or state.strict:
            return state.fail("bytes_type", value)
        state.floor(LAX)
        if isinstance(value, str):
            return value.encode("utf-8", "surrogatepass")
        if isinstance(value, bytearray):
            return bytes(value)
        return state.fail("bytes_type", value)

    def json_schema(self, definitions: Definitions, mode: Mode) -> Dict[str, Any]:
        made: Dict[str, Any] = {"type": "string", "contentMediaType": "application/octet-stream"}
        if self.constraints.min_length is not None:
            made["minLength"] = self.constraints.min_length
        if self.constraints.max_length is not None:
            made["maxLength"] = self.constraints.max_length
        return made
