"""The texts that a handler's code knows, which a request may bring: what it compares with."""

import functools
import inspect
from types import CodeType
from typing import Any, Iterator, List

_MOST = 60
_LONGEST = 500


def constants_of(handler: Any) -> List[str]:
    """Constants of the code and of the names that it uses, and what is left of each without
    another one in front or behind: ``f"id-{id}" == "id-7"`` asks for "7"."""
    function = inspect.unwrap(handler)
    function = getattr(function, "__func__", function)
    code = getattr(function, "__code__", None)
    if not isinstance(code, CodeType):
        return []
    found = [text for value in _values(function, code) for text in _texts(value)]
    whole = list(dict.fromkeys(each for each in found if 0 < len(each) <= _LONGEST))[:_MOST]
    parts = [part for each in whole for other in whole for part in _rest(each, other)]
    return list(dict.fromkeys([*whole, *parts]))[: 2 * _MOST]


def _rest(text: str, other: str) -> Iterator[str]:
    if text != other and text.startswith(other):
        yield text[len(other) :]
    if text != other and text.endswith(other):
        yield text[: -len(other)]


def _values(function: Any, code: CodeType) -> Iterator[Any]:
    yield from _in_code(code)
    yield function.__defaults__ or ()
    yield tuple((function.__kwdefaults__ or {}).values())
    for cell in function.__closure__ or ():
        yield cell.cell_contents
    for name in code.co_names:
        yield function.__globals__.get(name)


def _in_code(code: CodeType) -> Iterator[Any]:
    for each in code.co_consts:
        if isinstance(each, CodeType):
            yield from _in_code(each)
        else:
            yield each


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, (int, float)):
        yield str(value)
    elif isinstance(value, functools.partial):
        yield from _texts([*value.args, *value.keywords.values()])
    elif isinstance(value, dict):
        yield from _texts([*value, *value.values()])
    elif isinstance(value, (list, tuple, set, frozenset)):
        for each in list(value)[:_MOST]:
            yield from _texts(each) if not isinstance(each, (dict, list, tuple)) else ()
