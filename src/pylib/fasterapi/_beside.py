"""What a Field says in ``Annotated`` beside Query and its like, or in their place."""

from typing import Any, List

from fasterapi.params import OPEN, ParamInfo

_SAID = ("default_factory", "validate_default", "validation_alias", *OPEN)


def absorb(said: ParamInfo, annotation: Any) -> None:
    """Adds to a declaration what it leaves open."""
    for mark in _fields_in(annotation):
        for name in _SAID:
            value = getattr(mark, name, None)
            if name == "validation_alias":
                value = value or mark.alias
            if isinstance(value, dict) and isinstance(getattr(said, name), dict):
                setattr(said, name, {**value, **getattr(said, name)})
            elif value is not None and _is_open(said, name):
                setattr(said, name, value)
        if said.fail_fast is None:
            metadata = getattr(mark, "metadata", ())
            said.fail_fast = any(getattr(each, "fail_fast", None) for each in metadata) or None


def _fields_in(annotation: Any) -> List[Any]:
    marks = getattr(annotation, "__metadata__", ())
    return [m for m in marks if hasattr(m, "validation_alias") and not isinstance(m, ParamInfo)]


def _is_open(said: ParamInfo, name: str) -> bool:
    if name == "validation_alias":
        return said.validation_alias is None and "alias" not in said.cleared
    return getattr(said, name) is None and name not in said.cleared
