"""Annotations as types, also where they are strings, and on Pythons that lack ``T | None``."""

import ast
import sys
import typing
from typing import Any, Callable, Dict, Tuple, Union

try:
    from types import UnionType
except ImportError:  # Python 3.9
    UnionType = None  # type: ignore

_NONE = type(None)


def resolve(endpoint: Callable[..., Any], where: str) -> Dict[str, Any]:
    """Parameter names to types. TypeError where a string annotation names what cannot be found."""
    function = endpoint
    while hasattr(function, "func"):  # functools.partial
        function = function.func
    if not hasattr(function, "__code__") and not isinstance(function, type):
        function = type(function).__call__
    annotations = dict(getattr(function, "__annotations__", {}))
    annotations.pop("return", None)
    scope = getattr(_unwrap(function), "__globals__", {})
    return {name: resolve_one(name, value, scope, where) for name, value in annotations.items()}


def without_none(annotation: Any) -> Tuple[Any, bool]:
    """``Optional[int]`` and ``int | None`` as (int, True); others as they are, with False."""
    if is_union(annotation):
        kept = [a for a in typing.get_args(annotation) if a is not _NONE]
        if len(kept) == 1 and len(kept) < len(typing.get_args(annotation)):
            return kept[0], True
    return annotation, False


def is_union(annotation: Any) -> bool:
    """``Union[...]``, ``Optional[...]`` and ``A | B``."""
    origin = typing.get_origin(annotation)
    return origin is Union or (UnionType is not None and origin is UnionType)


def text(annotation: Any) -> str:
    """As one would write it."""
    if isinstance(annotation, type) and not typing.get_args(annotation):
        return annotation.__name__
    return str(annotation)


def _unwrap(function: Any) -> Any:
    while hasattr(function, "__wrapped__"):
        function = function.__wrapped__
    return function


def resolve_one(name: str, annotation: Any, scope: Dict[str, Any], where: str) -> Any:
    """The annotation of one parameter, evaluated where it is a string."""
    if annotation is None:
        return _NONE
    if not isinstance(annotation, str):
        return annotation
    try:
        return eval(_for_this_python(annotation), scope)
    except Exception as error:
        raise TypeError(
            f"{where}: parameter {name!r} has the annotation {annotation!r}, which cannot be "
            f"evaluated: {error}"
        ) from error


def _for_this_python(annotation: str) -> Any:
    """``int | None`` as a Union, which Python 3.9 understands too."""
    if sys.version_info >= (3, 10):
        return annotation
    tree = _unions.visit(ast.parse(annotation.strip(), mode="eval"))
    return compile(ast.fix_missing_locations(tree), "<annotation>", "eval")


class _Unions(ast.NodeTransformer):
    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        self.generic_visit(node)
        if not isinstance(node.op, ast.BitOr):
            return node
        both = ast.Tuple([node.left, node.right], ast.Load())
        union = ast.parse("__import__('typing').Union", mode="eval").body
        return ast.Subscript(union, both, ast.Load())


_unions = _Unions()
