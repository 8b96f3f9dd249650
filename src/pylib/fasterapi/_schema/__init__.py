"""Annotations compiled once into trees of small objects that validate, dump and describe values.

::

    schema = compile(Annotated[List[int], MaxLen(10)])
    errors: List[Dict[str, Any]] = []
    value = schema.validate(["1", 2], ("query", "ids"), errors)  # [1, 2]
    if value is INVALID: ...                                     # errors says why

The rules are pydantic 2's in its lax mode, in Python mode, as FastAPI applies them: text from a
path, a query, a header, a cookie or a form is validated by the same call, since lax mode reads
numbers, booleans, dates and the like from strings. A parameter that may repeat
(``schema.is_sequence``) is given as a list of strings, a model of parameters as a dict.

Nothing here imports anything outside the standard library; what pydantic made is recognised by its
attributes. docs/validation.md lists the types and where the rules differ from pydantic's.
"""

from fasterapi._schema._compile import compile
from fasterapi._schema._constraints import Constraints
from fasterapi._schema._definitions import Definitions
from fasterapi._schema._dump import DumpOptions
from fasterapi._schema._node import Node as Schema
from fasterapi._schema._state import INVALID, Loc

__all__ = ["INVALID", "Constraints", "Definitions", "DumpOptions", "Loc", "Schema", "compile"]
