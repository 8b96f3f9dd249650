"""What a value must satisfy beyond its type."""

import math
import re
from typing import Any, Callable, Dict, List, NamedTuple, Optional, Tuple

# How JSON Schema says a constraint, for numbers.
NUMBER_KEYWORDS = {
    "multiple_of": "multipleOf",
    "le": "maximum",
    "lt": "exclusiveMaximum",
    "ge": "minimum",
    "gt": "exclusiveMinimum",
}


class Constraints(NamedTuple):
    """What Field, Query and the like may ask for; None is no constraint.

    Bounds are numbers or whatever compares with the value (dates, durations). Lengths count
    characters, bytes or items.
    """

    gt: Any = None
    ge: Any = None
    lt: Any = None
    le: Any = None
    multiple_of: Any = None
    min_length: Optional[int] = None
    max_length: Optional[int] = None
    pattern: Any = None  # str or re.Pattern
    strict: Optional[bool] = None
    allow_inf_nan: Optional[bool] = None
    max_digits: Optional[int] = None
    decimal_places: Optional[int] = None
    discriminator: Any = None
    union_mode: Optional[str] = None  # smart, left_to_right
    strip_whitespace: Optional[bool] = None
    to_lower: Optional[bool] = None
    to_upper: Optional[bool] = None
    coerce_numbers_to_str: Optional[bool] = None

    def named(self) -> Dict[str, Any]:
        """Those that are set, by name."""
        return {name: value for name, value in self._asdict().items() if value is not None}

    def merged(self, other: "Constraints") -> "Constraints":
        """Both; the other wins where it says something."""
        return self._replace(**other.named())


NONE = Constraints()

NAMES = frozenset(Constraints._fields)


def from_metadata(metadata: Any) -> Optional[Constraints]:
    """The constraints of an object in ``Annotated``: one of ours, or one with attributes as
    annotated_types has. None if it has no such attributes."""
    if isinstance(metadata, Constraints):
        return metadata
    own = getattr(metadata, "constraints", None)
    if isinstance(own, Constraints):  # a FieldInfo of ours
        return own
    if type(metadata).__name__ == "Discriminator":
        return Constraints(discriminator=metadata)
    found = {}
    for name in Constraints._fields:
        value = getattr(metadata, name, None)
        if value is not None and not callable(value):
            found[name] = value
    for part in getattr(metadata, "metadata", ()) or ():  # a FieldInfo of pydantic
        inner = from_metadata(part)
        if inner is not None:
            found.update(inner.named())
    return Constraints(**found) if found else None


Check = Tuple[str, Callable[[Any], bool], Dict[str, Any]]  # error type, is satisfied, ctx


def bounds(constraints: Constraints, to: Callable[[Any], Any] = lambda bound: bound) -> List[Check]:
    """The checks of a number, or of anything that compares, in pydantic's order."""
    checks: List[Check] = []
    for name, make in _BOUNDS.items():
        bound = getattr(constraints, name)
        if bound is not None:
            bound = to(bound)
            checks.append((_ERRORS[name], make(bound), {name: bound}))
    return checks


def failing(value: Any, checks: List[Check]) -> Optional[Check]:
    """The first check that a value fails."""
    for check in checks:
        if not check[1](value):
            return check
    return None


def _multiple(divisor: Any) -> Callable[[Any], bool]:
    if not isinstance(divisor, float):
        return lambda value: bool(value % divisor == 0)

    def is_multiple(value: Any) -> bool:
        if not math.isfinite(value):
            return True
        rest = abs(math.fmod(value, divisor))
        threshold = abs(value) / 1e9
        return bool(rest <= threshold or abs(rest - divisor) <= threshold)

    return is_multiple


_BOUNDS: Dict[str, Callable[[Any], Callable[[Any], bool]]] = {
    "multiple_of": _multiple,
    "le": lambda bound: lambda value: value <= bound,
    "lt": lambda bound: lambda value: value < bound,
    "ge": lambda bound: lambda value: value >= bound,
    "gt": lambda bound: lambda value: value > bound,
}

_ERRORS = {
    "multiple_of": "multiple_of",
    "le": "less_than_equal",
    "lt": "less_than",
    "ge": "greater_than_equal",
    "gt": "greater_than",
}


def pattern_of(pattern: Any) -> "Tuple[re.Pattern[str], str]":
    """Compiled, and as text. ValueError names a pattern that does not compile."""
    if isinstance(pattern, re.Pattern):
        return pattern, pattern.pattern
    try:
        return re.compile(pattern), pattern
    except re.error as error:
        raise ValueError(f"pattern {pattern!r} is no regular expression: {error}") from error
