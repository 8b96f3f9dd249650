"""Whether a handler's code speaks of a class, for what must be known at registration."""

from collections import ChainMap
from types import CodeType
from typing import Any, Callable, Iterator

from fasterapi._signature import innermost


def mentions(call: Callable[..., Any], fits: Callable[[Any], bool], name: str) -> bool:
    """Whether a function's code or return annotation has this name, or that of a variable from
    outside whose value fits. What a function that it calls names does not count."""
    function = innermost(call)
    if not hasattr(function, "__code__"):
        function = innermost(getattr(type(function), "__call__", None))  # noqa: B004
    code = getattr(function, "__code__", None)
    if code is None:
        return False
    annotation = getattr(function, "__annotations__", {}).get("return")
    cells = zip(code.co_freevars, getattr(function, "__closure__", None) or ())
    known = ChainMap({name: _content(cell) for name, cell in cells}, function.__globals__)
    if fits(annotation) or fits(known.get(str(annotation))):
        return True
    return any(each == name or fits(known.get(each)) for each in _names(code))


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
