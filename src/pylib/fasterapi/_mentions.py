"""Whether a handler's code speaks of a class, for what must be known at registration."""

from collections import ChainMap
from types import CodeType
from typing import Any, Callable, Iterator

from fasterapi._classify import is_subclass
from fasterapi._signature import innermost


def mentions(call: Callable[..., Any], cls: type, by_name: bool = True) -> bool:
    """Whether a function's code or return annotation has the class's name, or a variable from
    outside that is it or a class below it; the variable alone without ``by_name``. What a function
    that it calls names does not count."""
    function = innermost(call)
    if not hasattr(function, "__code__"):
        function = innermost(getattr(type(function), "__call__", None))  # noqa: B004
    code = getattr(function, "__code__", None)
    if code is None:
        return False
    annotation = getattr(function, "__annotations__", {}).get("return")
    cells = zip(code.co_freevars, getattr(function, "__closure__", None) or ())
    known = ChainMap({name: _content(cell) for name, cell in cells}, function.__globals__)
    if is_subclass(annotation, cls) or is_subclass(known.get(str(annotation)), cls):
        return True
    names = list(_names(code))
    return (by_name and cls.__name__ in names) or any(is_subclass(known.get(n), cls) for n in names)


def _content(cell: Any) -> Any:
    try:
        return cell.cell_contents
    except ValueError:  # not yet given a value
        return None


def _names(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    yield from code.co_freevars
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names(constant)
