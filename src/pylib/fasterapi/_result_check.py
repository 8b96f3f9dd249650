"""Return types whose values are JSON as they stand: the server then looks at a result by itself,
and asks the response model in Python only where the look does not suffice."""

import typing
from typing import Any, Optional, Tuple

from fasterapi import _annotations

#: A word, and what is inside: ("dict", ("str",)). src/python/result_check.hpp has the words.
Check = Tuple[Any, ...]

_WORDS = {
    str: "str",
    int: "int",
    float: "float",
    bool: "bool",
    type(None): "none",
    None: "none",
    dict: "plain dict",
    list: "plain list",
    typing.Dict: "plain dict",
    typing.List: "plain list",
    Any: "plain",
}


def make_check(annotation: Any) -> Optional[Check]:
    """None where values of that type may have another form than JSON's."""
    if _annotations.is_union(annotation):
        return _with_parts("union", typing.get_args(annotation))
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is list and len(arguments) == 1:
        return _with_parts("list", arguments)
    if origin is tuple and arguments and ... not in arguments and arguments != ((),):
        return _with_parts("tuple", arguments)
    if origin is dict and len(arguments) == 2:
        return _with_parts("dict", arguments[1:]) if arguments[0] is str else None
    try:
        word = _WORDS.get(annotation) if origin is None or not arguments else None
    except TypeError:  # no hash
        return None
    return None if word is None else (word,)


def _with_parts(word: str, arguments: Tuple[Any, ...]) -> Optional[Check]:
    parts = tuple(make_check(each) for each in arguments)
    return None if None in parts else (word, *parts)
