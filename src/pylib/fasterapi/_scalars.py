"""Text to int, float and bool, as pydantic v2 reads strings in its lax mode.

The C++ side of the server does the same (src/python), and the functional tests hold both to one
table. Each function returns the value, or raises :class:`Refused` with the error's type and message.
"""

import re
from typing import Optional

# White space as Rust's str::trim has it (Unicode White_Space): str.strip() would also take U+001C
# to U+001F.
_WHITE_SPACE = (
    "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007"
    "\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
)

MAX_INTEGER_DIGITS = 4300

_INTEGER = re.compile(r"([+-]?)([0-9]+(?:_[0-9]+)*)(?:\.0+)?", re.ASCII)
_FLOAT = re.compile(
    r"[+-]?(?:(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:e[+-]?[0-9]+)?|inf(?:inity)?|nan)",
    re.ASCII | re.IGNORECASE,
)
_BOOLEANS = {
    **dict.fromkeys(("1", "true", "t", "yes", "y", "on"), True),
    **dict.fromkeys(("0", "false", "f", "no", "n", "off"), False),
}


class Refused(Exception):
    """A value that its type does not take: the `type` and `msg` of a 422's entry."""

    def __init__(self, type: str, msg: str) -> None:
        super().__init__(type, msg)
        self.type = type
        self.msg = msg


def to_int(text: str) -> int:
    """``"7"``, ``" +007 "``, ``"1_000"``, ``"1.00"``; never ``"1.5"``, ``"1e3"`` or ``"0x10"``."""
    stripped = text.strip(_WHITE_SPACE)
    match = _INTEGER.fullmatch(stripped)
    if match is None:
        raise Refused(
            "int_parsing", "Input should be a valid integer, unable to parse string as an integer"
        )
    digits = match[2].replace("_", "")
    if len(digits) > MAX_INTEGER_DIGITS:
        raise Refused(
            "int_parsing_size", "Unable to parse input string as an integer, exceeded maximum size"
        )
    return int(match[1] + digits)


def to_float(text: str) -> float:
    """``"1.5"``, ``".5"``, ``"1e3"``, ``"inf"``, ``"nan"``, ``"1_000.5"``; `` 1.5 ``."""
    stripped = text.strip(_WHITE_SPACE)
    if "_" in text and not (text.startswith("_") or text.endswith("_") or "__" in text):
        stripped = text.replace("_", "")  # not both underscores and white space, as pydantic has it
    if _FLOAT.fullmatch(stripped) is None:
        raise Refused(
            "float_parsing", "Input should be a valid number, unable to parse string as a number"
        )
    return float(stripped)


def to_bool(text: str) -> bool:
    """1, true, t, yes, y, on; 0, false, f, no, n, off; in any case, without white space around."""
    value: Optional[bool] = _BOOLEANS.get(text.lower())
    if value is None:
        raise Refused("bool_parsing", "Input should be a valid boolean, unable to interpret input")
    return value
