"""The parameters of an operation: path, query, header, cookie."""

from typing import Any, Dict, Iterator, List, Tuple

from fasterapi._openapi._described import described, has_example
from fasterapi._parameter_models import ParameterModel, members_of
from fasterapi._schema import Definitions
from fasterapi._schema._dump import DumpOptions, dump_any
from fasterapi._schema._foreign import ForeignNode
from fasterapi._schema._named import NamedNode
from fasterapi._schema._wrappers import Wrapper

_PLACES = ("path", "query", "header", "cookie")


def parameters_of(fields: List[Any], definitions: Definitions) -> List[Dict[str, Any]]:
    """Parameter Objects for fields in the order of the dependencies. Of two with the same place
    and name a required one counts."""
    found: Dict[Tuple[str, str], Dict[str, Any]] = {}
    for place in _PLACES:
        for field in fields:
            if field.place != place or not field.info.include_in_schema:
                continue
            for parameter in _of_field(field, definitions):
                key = place, parameter["name"]
                if key not in found or parameter["required"]:
                    found[key] = parameter
    return list(found.values())


def has_parameters(fields: List[Any]) -> bool:
    """Whether a request could be refused for one."""
    return any(field.place in _PLACES for field in fields)


def _of_field(field: Any, definitions: Definitions) -> Iterator[Dict[str, Any]]:
    model = model_of(field.schema)
    if model is not None and field.place != "path" and ParameterModel.is_one(field.annotation):
        yield from _of_model(field, model, definitions)
        return
    info = field.info
    made = {
        "name": field.alias,
        "in": field.place,
        "required": field.place == "path" or field.is_required,
        "schema": described(field.schema, info, field.alias, definitions),
    }
    yield {**made, **_said(info)}


def _said(info: Any) -> Dict[str, Any]:
    made: Dict[str, Any] = {}
    if info.description:
        made["description"] = info.description
    if info.openapi_examples:
        made["examples"] = dump_any(info.openapi_examples, DumpOptions())
    elif has_example(info):
        made["example"] = dump_any(info.example, DumpOptions())
    if info.deprecated:
        made["deprecated"] = True
    return made


def _of_model(field: Any, model: Any, definitions: Definitions) -> Iterator[Dict[str, Any]]:
    """Each field of a model of parameters."""
    body = model.body_schema(definitions, "validation")
    is_optional = field.schema is not model and not field.is_required
    converts = field.place == "header" and getattr(field.info, "convert_underscores", True)
    names = names_in(model.type, field.place == "header", converts)
    for key, schema in body.get("properties", {}).items():
        made = {
            "name": names[key][0] if key in names else key,
            "in": field.place,
            "required": key in body.get("required", ()) and not is_optional,
            "schema": schema,
        }
        for said in ("description", "deprecated"):
            if said in schema and "$ref" not in schema:
                made[said] = schema[said]
        yield made


def names_in(model: Any, is_header: bool = False, converts: bool = False) -> Dict[str, List[str]]:
    """Of each field of a model the names on the wire, by that in the model's own schema."""
    members = members_of(model, is_header, converts)
    keys = (_key_of(name, info) for name, info in model.model_fields.items())
    made = {key: [wire for _, wire in member.names] for key, member in zip(keys, members)}
    if getattr(model, "model_config", {}).get("validate_by_alias") is False:
        made.update(zip(model.model_fields, list(made.values())))  # pydantic's own, since 2.14
    return made


def _key_of(name: str, info: Any) -> str:
    said = getattr(info, "validation_alias", None) or info.alias
    said = getattr(said, "choices", (said,))[0]
    return said if isinstance(said, str) else name


def model_of(schema: Any) -> Any:
    """The schema of a model, or of what is a model or None; None for others."""
    while isinstance(schema, Wrapper):
        schema = schema.inner
    is_model = isinstance(schema, (NamedNode, ForeignNode)) and hasattr(schema.type, "model_fields")
    return schema if is_model else None
