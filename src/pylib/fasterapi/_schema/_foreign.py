"""Types that pydantic knows: its models, its dataclasses, and what has a core schema.

Only reached where such a type is in an annotation, so pydantic is imported by then.
"""

import functools
import importlib
import sys
import typing
from typing import Any, Dict, Iterator, Optional, Tuple, Union

from fasterapi import _annotations
from fasterapi._schema._constraints import Constraints
from fasterapi._schema._definitions import FOREIGN, Definitions, Mode, clean
from fasterapi._schema._dump import DumpOptions, dump_foreign
from fasterapi._schema._node import Node
from fasterapi._schema._state import INVALID, LAX, STRICT, State

_MARKS = ("__pydantic_validator__", "__get_pydantic_core_schema__", "__pydantic_core_schema__")


def is_foreign(annotation: Any) -> bool:
    """Whether pydantic must compile it: by its attributes, or by those of what annotates it."""
    parts = (annotation, *getattr(annotation, "__metadata__", ()))
    return "pydantic" in sys.modules and any(_is_marked(part) for part in parts)


def _is_marked(part: Any) -> bool:
    module = getattr(part, "__module__", None) or ""
    if module.startswith("pydantic.fields") or module.startswith("pydantic.functional_validators"):
        return False  # read by their attributes
    return any(hasattr(part, mark) for mark in _MARKS)


def union(members: Tuple[Any, ...], said: Constraints) -> "Optional[ForeignNode]":
    """A union of pydantic's types and plain ones, left to pydantic whole; None where it does not
    know a member."""
    pydantic: Any = sys.modules["pydantic"]
    try:
        return ForeignNode(Union[members], said)
    except pydantic.errors.PydanticSchemaGenerationError:
        return None


_PLAIN = frozenset((str, int, float, bool, type(None), bytes))
_GENERIC = frozenset((dict, list, tuple, set, frozenset))


def adapter(annotation: Any) -> Any:
    """pydantic's TypeAdapter where all of the type is for pydantic: a type of its own, or plain
    containers of those. Else None."""
    if "pydantic" not in sys.modules or not any(is_foreign(part) for part in _leaves(annotation)):
        return None
    if not all(is_foreign(part) or _is_plain(part) for part in _leaves(annotation)):
        return None
    pydantic: Any = sys.modules["pydantic"]
    return pydantic.TypeAdapter(annotation)


def _leaves(annotation: Any) -> Iterator[Any]:
    """What containers and unions are made of."""
    is_union = _annotations.is_union(annotation)
    if is_foreign(annotation) or not (is_union or typing.get_origin(annotation) in _GENERIC):
        yield annotation
        return
    for part in typing.get_args(annotation):
        yield from _leaves(part)


def _is_plain(part: Any) -> bool:
    try:
        return part is ... or part in _PLAIN
    except TypeError:  # no hash
        return False


class ForeignNode(Node):
    """A type that pydantic validates and dumps."""

    def __init__(self, annotation: Any, constraints: Constraints) -> None:
        pydantic: Any = sys.modules["pydantic"]
        said = constraints.named()
        if said:
            from typing_extensions import Annotated  # comes with pydantic

            annotation = Annotated[annotation, pydantic.Field(**said)]
        self.adapter = pydantic.TypeAdapter(annotation)
        self.type = annotation
        self.is_mapping = hasattr(annotation, "__pydantic_validator__")
        self.is_named = self.is_mapping
        self.label = getattr(annotation, "__name__", str(annotation))
        self.error: Any = pydantic.ValidationError

    def run(self, value: Any, state: State) -> Any:
        if not isinstance(self.type, type) or type(value) is not self.type:
            state.floor(STRICT if self.is_mapping else LAX)
        try:
            made = self.adapter.validate_python(
                value,
                strict=state.strict or None,
                from_attributes=state.from_attributes or None,
                context=state.context,
            )
        except self.error as error:
            for entry in error.errors(include_url=False):
                state.fail(entry["type"], entry["input"], entry.get("ctx"), entry["msg"])
                state.problems[-1].loc.extend(reversed(entry["loc"]))
            return INVALID
        given = getattr(made, "model_fields_set", None)
        if given is not None:
            state.fields_set = (state.fields_set or 0) + len(given)
        return made

    def dump(self, value: Any, options: DumpOptions) -> Any:
        return dump_foreign(value, self.adapter.serializer, options)

    def json_schema(self, definitions: Definitions, mode: Mode) -> Dict[str, Any]:
        made = self._generated(definitions, mode)
        others = made.pop("$defs", {})
        if self.is_named and "$ref" not in made:
            name = clean(self.type.__name__)
            others, made = {**others, name: made}, {"$ref": FOREIGN + name}
        return definitions.add_foreign(others, made, mode)

    def body_schema(self, definitions: Definitions, mode: Mode) -> Dict[str, Any]:
        """The model's own schema, not referred to by its name."""
        made = self._generated(definitions, mode)
        others = made.pop("$defs", {})
        if "$ref" in made:
            made = others[made["$ref"][len(FOREIGN) :]]
        return definitions.add_foreign(others, made, mode)

    def _generated(self, definitions: Definitions, mode: Mode) -> Dict[str, Any]:
        made: Dict[str, Any] = self.adapter.json_schema(
            **({} if definitions.by_alias else {"by_alias": False}),  # else as the model says
            ref_template=FOREIGN + "{model}",
            schema_generator=_generator(),
            mode=mode,
        )
        return made


@functools.lru_cache(maxsize=None)
def _generator() -> Any:
    """pydantic's generator, with bytes as this package and FastAPI say them."""
    base: Any = importlib.import_module("pydantic.json_schema").GenerateJsonSchema

    class Generator(base):  # type: ignore[misc]
        def bytes_schema(self, schema: Any) -> Any:
            made = {"type": "string", "contentMediaType": "application/octet-stream"}
            side = "ser" if self.mode == "serialization" else "val"
            if getattr(self._config, f"{side}_json_bytes") == "base64":
                made["contentEncoding"] = "base64"
            self.update_with_validations(made, schema, self.ValidationsMapping.bytes)
            return made

    return Generator
