"""Random types and values through fasterapi and through pydantic: the same results, the same
errors. Skipped where pydantic is not installed; the cases with literal results run everywhere.

FASTERAPI_DIFFERENTIAL_TYPES sets how many types are tried (60 values each)."""

import dataclasses
import datetime as dt
import decimal
import importlib
import math
import os
from typing import Any, Dict, Iterator, List

import pytest

pydantic = pytest.importorskip("pydantic", minversion="2.14")
importlib.import_module("pydantic.json_schema")

from fasterapi._schema import INVALID, Definitions, DumpOptions, compile  # noqa: E402
from fasterapi.models import Model  # noqa: E402
from support.schema_pairs import Types, Values  # noqa: E402

TYPES = int(os.environ.get("FASTERAPI_DIFFERENTIAL_TYPES", "120"))
VALUES = 60

DUMPS: List[Dict[str, Any]] = [
    {"by_alias": True},
    {"by_alias": True, "exclude_none": True},
    {"by_alias": False, "exclude_unset": True},
    {"by_alias": True, "exclude_defaults": True},
]


def plain(value: Any) -> Any:
    """A value as something that compares by type and content."""
    if isinstance(value, (Model, pydantic.BaseModel)):
        fields = {name: plain(item) for name, item in value.__dict__.items()}
        extra = plain(value.model_extra or {})
        return type(value).__name__, fields, extra, sorted(value.model_fields_set)
    if isinstance(value, dict):
        return "dict", [(type(key), key, plain(item)) for key, item in value.items()]
    if isinstance(value, (list, tuple)):
        return type(value).__name__, [plain(item) for item in value]
    if isinstance(value, (set, frozenset)):
        return type(value).__name__, sorted(repr(plain(item)) for item in value)
    if dataclasses.is_dataclass(value):
        return type(value), plain(vars(value))
    if isinstance(value, (dt.datetime, dt.time)):
        return type(value), value.isoformat()
    if isinstance(value, decimal.Decimal) or (isinstance(value, float) and math.isnan(value)):
        return type(value), str(value)
    return type(value), value


def theirs(adapter: Any, value: Any, from_attributes: bool) -> Any:
    try:
        made = adapter.validate_python(value, from_attributes=from_attributes or None)
    except pydantic.ValidationError as error:
        entries = error.errors(include_url=False)
        return INVALID, [{**entry, "loc": list(entry["loc"])} for entry in entries]
    return made, []


def read_as_pairs(value: Any) -> bool:
    """pydantic reads ``(object, dict)`` as an object with more attributes."""
    return any(isinstance(part, tuple) and len(part) == 2 for part in parts(value))


def parts(value: Any) -> Iterator[Any]:
    yield value
    inner = list(value.values()) if isinstance(value, dict) else value
    if isinstance(inner, (list, tuple)):
        for part in inner:
            yield from parts(part)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("seed", range(TYPES))
def test_random_values_fare_the_same(seed: int) -> None:
    pair = Types(seed).make()
    try:
        adapter: Any = pydantic.TypeAdapter(pair.theirs)
    except pydantic.errors.PydanticSchemaGenerationError:
        return  # not a type of pydantic's
    schema = compile(pair.ours)
    for index in range(VALUES):
        value = Values(seed * 1000 + index).make()
        from_attributes = index % 2 == 0
        if from_attributes and read_as_pairs(value):
            continue
        expected, expected_errors = theirs(adapter, value, from_attributes)
        errors: List[Dict[str, Any]] = []
        made = schema.validate(value, (), errors, from_attributes=from_attributes)
        assert plain(errors) == plain(expected_errors), (pair.theirs, value)
        assert plain(made) == plain(expected), (pair.theirs, value)
        if made is not INVALID:
            for options in DUMPS:
                dumped = _or_none(schema.dump, made, DumpOptions(**options))
                wanted = _or_none(adapter.dump_python, expected, mode="json", **options)
                assert plain(dumped) == plain(wanted), (pair.theirs, value, options)


def _or_none(dump: Any, *arguments: Any, **options: Any) -> Any:
    try:
        return dump(*arguments, **options)
    except (ValueError, TypeError):
        return "cannot be dumped"


class Documents(pydantic.json_schema.GenerateJsonSchema):  # type: ignore[name-defined]
    """pydantic's schemas with bytes as FastAPI says them."""

    def bytes_schema(self, schema: Any) -> Dict[str, Any]:
        made = {"type": "string", "contentMediaType": "application/octet-stream"}
        self.update_with_validations(made, schema, self.ValidationsMapping.bytes)
        return made


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("mode", ["validation", "serialization"])
@pytest.mark.parametrize("seed", range(TYPES))
def test_random_types_are_described_the_same(seed: int, mode: str) -> None:
    pair = Types(seed).make()
    try:
        adapter: Any = pydantic.TypeAdapter(pair.theirs)
        expected = adapter.json_schema(
            mode=mode, ref_template="#/$defs/{model}", schema_generator=Documents
        )
    except (pydantic.errors.PydanticSchemaGenerationError, ValueError):
        return  # not a type of pydantic's, or none that it describes
    definitions = Definitions("#/$defs/{model}")
    made = definitions.resolve(compile(pair.ours).json_schema(definitions, mode))
    others = definitions.schemas()
    if "$ref" in made and "$ref" not in expected:
        made = others.pop(made["$ref"].rpartition("/")[2])
    assert {**made, **({"$defs": others} if others else {})} == expected, pair.theirs
