"""Where the names in string annotations are looked up."""

import ast
import sys
import typing
from typing import Any, Dict, Mapping, Optional


class Unresolved(TypeError):
    """A string annotation names what cannot be found, perhaps not yet."""


class Scope:
    """A module's names and, over them, those of the function that a class is defined in."""

    def __init__(
        self, module: Optional[str] = None, local: Optional[Mapping[str, Any]] = None
    ) -> None:
        self.module = module
        self.local = dict(local or {})

    def evaluate(self, annotation: Any) -> Any:
        """The annotation that a string or ForwardRef stands for. Unresolved where it names what is
        not defined."""
        text = annotation.__forward_arg__ if is_forward(annotation) else annotation
        module = sys.modules.get(self.module or "")
        names: Dict[str, Any] = {**vars(typing), **(vars(module) if module else {})}
        names.update(self.local)
        try:
            return eval(_parse(text), names)
        except Exception as error:
            raise Unresolved(f"the annotation {text!r} cannot be evaluated: {error}") from error


def is_forward(annotation: Any) -> bool:
    """Whether it is a typing.ForwardRef."""
    return hasattr(annotation, "__forward_arg__")


def _parse(text: str) -> Any:
    tree = ast.parse(text.strip(), mode="eval")
    if sys.version_info < (3, 10):
        tree = _Unions().visit(tree)
    return compile(ast.fix_missing_locations(tree), "<annotation>", "eval")


class _Unions(ast.NodeTransformer):
    """``int | None`` as Union[int, None], for Python 3.9."""

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        self.generic_visit(node)
        if not isinstance(node.op, ast.BitOr):
            return node
        union = ast.parse("__import__('typing').Union", mode="eval").body
        both = ast.Tuple([node.left, node.right], ast.Load())
        return ast.Subscript(union, both, ast.Load())
