"""Values of fasterapi.shared as the server keeps them, made and read by the rules of src/python."""

from typing import Any, NamedTuple

from fasterapi import _json

INT_MIN, INT_MAX = -(2**63), 2**63 - 1


def check_name(name: str) -> None:
    """Keys and channels are named by text."""
    if not isinstance(name, str):
        raise TypeError(f"a name is a str, not {type(name).__name__}")
    name.encode()


class Value(NamedTuple):
    """What a key has, or a message is, as the server keeps it."""

    kind: str  # bytes, text, json, integer
    content: Any

    @property
    def size(self) -> int:
        if self.kind == "integer":
            return 8
        return len(self.content.encode() if self.kind == "text" else self.content)


def to_value(given: Any) -> Value:
    if type(given) is int and INT_MIN <= given <= INT_MAX:
        return Value("integer", given)
    if type(given) is str:
        given.encode()  # lone surrogates are a UnicodeEncodeError
        return Value("text", given)
    if isinstance(given, (bytes, bytearray, memoryview)):
        if not memoryview(given).c_contiguous:
            raise BufferError("a memoryview with gaps is no value: bytes() of it is")
        return Value("bytes", bytes(given))
    if given is None:
        raise TypeError("None is no value: it is what a missing key gives")
    return Value("json", _json.dumps(given))


def from_value(value: Value) -> Any:
    return _json.loads(value.content) if value.kind == "json" else value.content
