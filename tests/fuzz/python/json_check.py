"""What json.loads and json.dumps make of a text, against what the server makes of it."""

import json
from typing import Any, Callable

import _fasterapi

DEEPEST_READ = 1024
DEEPEST_WRITTEN = 200


def check(text: bytes, read: Any) -> None:
    expected = outcome(loaded, text)
    if isinstance(read, RecursionError):
        assert text.count(b"[") + text.count(b"{") > DEEPEST_READ, read
        return
    assert is_same(read, expected), f"{text!r} is read as {read!r}, not {expected!r}"
    if not isinstance(read, Exception):
        check_written(read)


def check_written(value: Any) -> None:
    written, expected = outcome(_fasterapi.dump_json, value), outcome(dumped, value)
    if isinstance(written, RecursionError):
        assert depth_of(value) > DEEPEST_WRITTEN, written
    elif isinstance(written, Exception):  # ours names the place
        assert isinstance(written, ValueError) and isinstance(expected, ValueError), written
    else:
        assert written == expected, f"{value!r} is written as {written!r}, not {expected!r}"


def loaded(text: bytes) -> Any:
    said = text.decode("utf-8-sig")
    try:
        return json.loads(said, parse_constant=refuse)
    except Constant:
        return Constant()


def dumped(value: Any) -> bytes:
    said = json.dumps(value, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return said.encode()


class Constant(Exception):
    """NaN or an infinity, which json.loads would take."""


def refuse(name: str) -> Any:
    raise Constant(name)


def outcome(call: Callable[[Any], Any], argument: Any) -> Any:
    try:
        return call(argument)
    except Exception as error:
        return error


def is_same(read: Any, expected: Any) -> bool:
    if isinstance(expected, Constant):
        return isinstance(read, json.JSONDecodeError) and read.msg == "Expecting value"
    if isinstance(expected, json.JSONDecodeError):
        return (type(read), str(read)) == (type(expected), str(expected))
    if isinstance(expected, Exception):
        return type(read) is type(expected)
    return repr(read) == repr(expected)


def depth_of(value: Any) -> int:
    depth, level = 0, [value]
    while level := [one for one in level if isinstance(one, (dict, list))]:
        depth += 1
        level = [below for one in level for below in (one.values() if isinstance(one, dict) else one)]
    return depth
