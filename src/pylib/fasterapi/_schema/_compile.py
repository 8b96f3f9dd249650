"""The entrance: an annotation to its schema."""

from typing import Any, Mapping, Optional

from fasterapi._schema._builders import build
from fasterapi._schema._compiler import Compiler
from fasterapi._schema._constraints import Constraints
from fasterapi._schema._node import Node
from fasterapi._schema._scope import Scope
from fasterapi._schema._session import Session


def compile(
    annotation: Any,
    constraints: Optional[Constraints] = None,
    *,
    module: Optional[str] = None,
    local: Optional[Mapping[str, Any]] = None,
) -> Node:
    """The schema of an annotation, under constraints as if in Annotated. Models, dataclasses,
    TypedDicts and NamedTuples are compiled once.

    ``module`` and ``local`` are where the names in string annotations are looked up. TypeError
    names an annotation that is not supported, or a string that cannot be evaluated.
    """
    with Session.lock:
        session = Session(build)
        compiler = Compiler(session, Scope(module, local))
        node = compiler.compile(annotation, () if constraints is None else (constraints,))
        session.close()
        return node
