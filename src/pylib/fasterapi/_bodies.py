"""The body of a native route where its type has a schema: a model, a dataclass, ``List[Item]``."""

from typing import Any, Dict, List, Optional, Tuple

from fasterapi import _errors
from fasterapi._analysis import analyze
from fasterapi._fields import SHARED, Field
from fasterapi._reading import RAW
from fasterapi._schema import INVALID
from fasterapi._schema._native import native
from fasterapi._signature import Argument
from fasterapi.params import Body

_LOC = ("body",)


class BodySchema:
    """What the server needs of it: ``native``, the schema in C++, and ``check`` for what that does
    not take."""

    def __init__(self, field: Field) -> None:
        self.is_required = field.is_required
        self.default = None if field.is_required else field.default
        self._field = field

    @property
    def native(self) -> Any:
        """None outside of the server."""
        return native(self._field.schema)

    def check(self, value: Any) -> Tuple[bool, Any]:
        """(True, the validated value), or (False, the entries of a 422)."""
        errors: List[Dict[str, Any]] = []
        made = self._field.check(value, _LOC, errors)
        if made is INVALID:
            return False, [_errors.plain(entry) for entry in errors]
        return True, made


def body_of(argument: Argument, where: str) -> Optional[BodySchema]:
    """None where the parameter is no body of its own, or one that needs more than a schema."""
    made = analyze(argument, {}, where)
    if not isinstance(made, Field) or type(made.info) is not Body:
        return None
    info = made.info
    if info.embed or info.media_type == RAW or info.validate_default or info.fail_fast:
        return None
    if made.default_factory is not None or not (made.is_required or type(made.default) in SHARED):
        return None
    return BodySchema(made)
