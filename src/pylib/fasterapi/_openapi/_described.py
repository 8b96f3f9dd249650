"""Schemas of parameters, bodies and responses: a type's schema, and what is said beside it."""

from typing import Any, Dict, Optional

from fasterapi._schema import Definitions, DumpOptions
from fasterapi._schema._dump import dump_any
from fasterapi._schema._fields import describe
from fasterapi.params import UNDEFINED


def described(
    schema: Any, info: Any, title: str, definitions: Definitions, mode: str = "validation"
) -> Dict[str, Any]:
    """A type's schema with the title, description, examples and default of its declaration."""
    made = dict(schema.json_schema(definitions, mode))
    if "$ref" not in made:
        made["title"] = title_of(title)
    describe(made, info)
    if not info.is_required() and info.default_factory is None:
        default = _default(schema, info.default)
        if default is not None:
            made["default"] = default
    return made


def titled(schema: Any, title: str, definitions: Definitions, mode: str) -> Dict[str, Any]:
    """A type's schema, with a title unless it has a name of its own."""
    made = dict(schema.json_schema(definitions, mode))
    return made if "$ref" in made else {**made, "title": title_of(title)}


def title_of(name: str) -> str:
    """``item_id`` as ``Item Id``."""
    return name.title().replace("_", " ")


def has_example(info: Any) -> bool:
    """Whether the old ``example`` is given."""
    return info.example is not UNDEFINED


def _default(schema: Any, default: Any) -> Optional[Any]:
    dump = getattr(schema, "dump", dump_any)
    try:
        return dump(default, DumpOptions())
    except (TypeError, ValueError):
        return None  # a default that JSON has no words for
