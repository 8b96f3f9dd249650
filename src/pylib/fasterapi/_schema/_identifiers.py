"""UUIDs, decimals and paths: types that text stands for."""

import decimal
import pathlib
import re
import uuid
from typing import Any, Dict, Optional, Tuple

from fasterapi._schema._constraints import NUMBER_KEYWORDS, Constraints, bounds, failing
from fasterapi._schema._definitions import Definitions, Mode
from fasterapi._schema._node import Node
from fasterapi._schema._state import INVALID, LAX, State

_GROUPS = (8, 4, 4, 4, 12)
_SIZES = (32, 36, 38, 45)  # those of complete ones
_UUID_CHARACTERS = frozenset("0123456789abcdefABCDEF-")
_HYPHENATED = "[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
_UUID = re.compile(rf"{_HYPHENATED}|[0-9a-fA-F]{{32}}|\{{{_HYPHENATED}\}}|urn:uuid:{_HYPHENATED}")


class UuidNode(Node):
    """A UUID as text, with or without hyphens, or as its 16 bytes."""

    label = "uuid"

    def __init__(self, constraints: Constraints) -> None:
        self.strict = bool(constraints.strict)

    def run(self, value: Any, state: State) -> Any:
        if isinstance(value, uuid.UUID):
            return value
        if self.strict or state.strict:
            if state.mode != "json" or not isinstance(value, str):
                return state.fail("is_instance_of", value, {"class": "UUID"})
        if state.mode != "json":
            state.floor(LAX)
        if isinstance(value, str):
            return self._from_text(value, value, state)
        if isinstance(value, bytes):
            return self._from_bytes(value, state)
        return state.fail("uuid_type", value)

    def _from_text(self, text: str, value: Any, state: State) -> Any:
        error = uuid_error(text)
        if error is not None:
            return state.fail("uuid_parsing", value, {"error": error})
        return uuid.UUID(text)

    def _from_bytes(self, value: bytes, state: State) -> Any:
        if len(value) == 16:
            return uuid.UUID(bytes=value)
        try:
            text = value.decode()
        except UnicodeDecodeError:
            text = ""
        if text and uuid_error(text) is None:
            return uuid.UUID(text)
        error = f"invalid length: expected 16 bytes, found {len(value)}"
        return state.fail("uuid_parsing", value, {"error": error})

    def json_schema(self, definitions: Definitions, mode: Mode) -> Dict[str, Any]:
        return {"type": "string", "format": "uuid"}


def uuid_error(text: str) -> Optional[str]:
    """What is wrong with a UUID, in the words of pydantic's parser, which counts bytes; None if
    nothing is."""
    if _UUID.fullmatch(text):
        return None
    size = len(text.encode("utf-8", "surrogatepass"))
    if size > 45:
        return f"invalid length: found {size}"
    start, body = _unwrapped(text, size)
    found = _foreign_character(body, 0 if size in _SIZES else start)
    if found is not None:
        return found
    groups = body.split("-")
    if len(groups) == 1 and start == 0:
        return f"invalid length: found {size}"
    if len(groups) != 5:
        return f"invalid group count: expected 5, found {len(groups)}"
    for number, expected in enumerate(_GROUPS[:4]):
        group = len(groups[number].encode("utf-8", "surrogatepass"))
        if group != expected:
            return _group_error(number, group)
    return _group_error(4, size - 24)


def _unwrapped(text: str, size: int) -> Tuple[int, str]:
    """A UUID without its prefix or braces, and where it starts."""
    if size in (32, 36):
        return 0, text
    if text.startswith("{") and text.endswith("}") and size > 1:
        return 1, text[1:-1]
    return (9, text[9:]) if text.startswith("urn:uuid:") else (0, text)


def _foreign_character(body: str, start: int) -> Optional[str]:
    place = start
    for character in body:
        if chr(ord(character) & 0xFF) not in _UUID_CHARACTERS:
            return f"invalid character: found `{character}` at {place}"
        place += len(character.encode("utf-8", "surrogatepass"))
    return None


def _group_error(number: int, found: int) -> str:
    expected = _GROUPS[number]
    return f"invalid group length in group {number}: expected {expected}, found {found}"


class DecimalNode(Node):
    """A decimal from text or a number; never NaN or infinite, unless ``allow_inf_nan``."""

    label = "decimal"

    def __init__(self, constraints: Constraints) -> None:
        self.constraints = constraints
        self.strict = bool(constraints.strict)
        self.checks = bounds(constraints, _to_decimal)

    def run(self, value: Any, state: State) -> Any:
        made = self._made(value, state)
        if made is INVALID:
            return made
        if not made.is_finite():
            if self.constraints.allow_inf_nan:
                return made
            return state.fail("finite_number", value)
        found = self._digits(made)
        if found is not None:
            return state.fail(found, value, self._digit_ctx(found))
        failed = failing(made, self.checks)
        if failed is not None:
            return state.fail(failed[0], value, failed[2])
        return made

    def _made(self, value: Any, state: State) -> Any:
        if isinstance(value, decimal.Decimal):
            return value
        is_text = isinstance(value, str)
        is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
        if self.strict or state.strict:
            if state.mode != "json" or not (is_text or is_number):
                return state.fail("is_instance_of", value, {"class": "Decimal"})
        state.floor(LAX)
        if not is_text and not is_number and not _is_parts(value):
            return state.fail("decimal_type", value)
        try:
            return decimal.Decimal(str(value) if isinstance(value, float) else value)
        except (decimal.InvalidOperation, ValueError, TypeError, OverflowError):
            return state.fail("decimal_parsing" if is_text else "decimal_type", value)

    def _digits(self, made: decimal.Decimal) -> Optional[str]:
        limits = self.constraints
        if limits.max_digits is None and limits.decimal_places is None:
            return None
        _, digits, exponent = made.normalize().as_tuple()
        places = max(0, -int(exponent))
        total = max(len(digits), places) if places else len(digits) + int(exponent)
        if limits.max_digits is not None and total > limits.max_digits:
            return "decimal_max_digits"
        if limits.decimal_places is not None:
            if places > limits.decimal_places:
                return "decimal_max_places"
            if limits.max_digits is not None:
                if total - places > limits.max_digits - limits.decimal_places:
                    return "decimal_whole_digits"
        return None

    def _digit_ctx(self, type_: str) -> Dict[str, Any]:
        limits = self.constraints
        if type_ == "decimal_max_digits":
            return {"max_digits": limits.max_digits}
        if type_ == "decimal_max_places":
            return {"decimal_places": limits.decimal_places}
        return {"whole_digits": (limits.max_digits or 0) - (limits.decimal_places or 0)}

    def json_schema(self, definitions: Definitions, mode: Mode) -> Dict[str, Any]:
        text = {"type": "string"}
        if mode == "serialization":
            return text
        named = self.constraints.named()
        number: Dict[str, Any] = {"type": "number"}
        number.update({k: float(named[n]) for n, k in NUMBER_KEYWORDS.items() if n in named})
        return {"anyOf": [number, text]}


def _to_decimal(bound: Any) -> decimal.Decimal:
    return decimal.Decimal(str(bound))


def _is_parts(value: Any) -> bool:
    return isinstance(value, tuple) and len(value) == 3


class PathNode(Node):
    """A file system path, from text."""

    label = "path"

    def __init__(self, type_: Any, constraints: Constraints) -> None:
        self.type = type_
        self.strict = bool(constraints.strict)
        name = type_.__name__
        text = "function-after[path_validator(), str]"
        either = f"json-or-python[json={text},python=is-instance[{name}]]"
        self.label = f"lax-or-strict[lax=union[{either},{text}],strict={either}]"

    def run(self, value: Any, state: State) -> Any:
        if isinstance(value, self.type):
            return value
        if self.strict or state.strict:
            if state.mode != "json" or not isinstance(value, str):
                return state.fail("is_instance_of", value, {"class": self.type.__name__})
        state.floor(LAX)
        if isinstance(value, str):
            return self.type(str.__str__(value))
        message = f"Input is not a valid path for {self.type}"
        return state.fail("path_type", value, None, message)

    def json_schema(self, definitions: Definitions, mode: Mode) -> Dict[str, Any]:
        return {"type": "string", "format": "path"}


PATHS = (
    pathlib.Path,
    pathlib.PurePath,
    pathlib.PosixPath,
    pathlib.PurePosixPath,
    pathlib.PureWindowsPath,
)
