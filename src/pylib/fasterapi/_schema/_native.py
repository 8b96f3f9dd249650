"""Schemas in C++, inside the server. Elsewhere there are none: what asks for one gets None."""

from typing import TYPE_CHECKING, Any, Callable, Dict, Optional, Tuple

from fasterapi._schema._dump import DumpOptions
from fasterapi._schema._export import calls_users, export, export_members
from fasterapi._schema._node import Node

if TYPE_CHECKING:
    from typing_extensions import Protocol

    class NativeSchema(Protocol):
        """``_fasterapi.Schema``. Where a value is NotImplemented, the node in Python has to say."""

        def read(self, text: bytes) -> Any:
            """The validated value of JSON text."""

        def explain(self, text: bytes) -> Any:
            """The entries of a 422 for a text that does not fit, as JSON without the brackets."""

        def check(self, value: Any) -> Any:
            """The validated value of a value."""

        def shape(self, value: Any) -> Any:
            """The same, as something that the server writes as the schema shows it."""

        def dump(self, value: Any) -> bytes:
            """A validated value as JSON."""


try:
    from _fasterapi import compile_schema
except ImportError:
    compile_schema: Optional[Callable[[Any], Any]] = None  # type: ignore[no-redef]

_KEPT = "__fasterapi_compiled__"


def native(node: Node, options: Optional[DumpOptions] = None) -> "Optional[NativeSchema]":
    """A schema in C++, made once for each node; anew where values are dumped with options that are
    not the usual ones."""
    if compile_schema is None:
        return None
    if options is None or options.is_usual:
        return _kept(node)[0]
    made: "NativeSchema" = compile_schema(export(node, options))
    return made


def quiet(node: Node) -> "Optional[NativeSchema]":
    """The same, None where it calls functions of users."""
    if compile_schema is None:
        return None
    made, calls_users = _kept(node)
    return None if calls_users else made


def quiet_members(members: Dict[str, Tuple[Node, bool]]) -> "Optional[NativeSchema]":
    """One for an object with these members, by name, each required or not; None likewise."""
    program = None if compile_schema is None else export_members(members)
    if program is None or calls_users(program):
        return None
    assert compile_schema is not None
    made: "NativeSchema" = compile_schema(program)
    return made


def _kept(node: Node) -> "Tuple[NativeSchema, bool]":
    if _KEPT not in vars(node):
        assert compile_schema is not None
        program = export(node)
        vars(node)[_KEPT] = compile_schema(program), calls_users(program)
    kept: "Tuple[NativeSchema, bool]" = vars(node)[_KEPT]
    return kept


def attach(model: Any) -> Any:
    """Keeps the schema of a model's class where the server looks for it; False where instances
    dump themselves in a way of their own."""
    from fasterapi._schema._model import Model

    is_own = model.model_dump is Model.model_dump
    made = native(model.__fasterapi_schema__()) if is_own else False
    model.__fasterapi_native__ = made
    return made
