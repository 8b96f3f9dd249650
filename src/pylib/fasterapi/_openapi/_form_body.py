"""The body of an operation whose form is taken by models: their fields stand beside the others."""

import copy
from typing import Any, Dict, List

from fasterapi._openapi._described import described
from fasterapi._openapi._parameters import model_of, names_in
from fasterapi._parameter_models import ParameterModel
from fasterapi._schema import Definitions
from fasterapi.params import Form


def is_model(field: Any) -> bool:
    """Whether the field takes the form as a whole."""
    is_form = isinstance(field.info, Form) and not getattr(field.info, "embed", None)
    return is_form and ParameterModel.are(field.annotation)


def may_be_absent(field: Any) -> bool:
    """Whether it is such a model, or None."""
    return is_model(field) and ParameterModel(field).is_optional


def conditions_of(fields: List[Any], definitions: Definitions) -> List[Dict[str, Any]]:
    """What the form must be, all of it: for each model, the model's own schema."""
    return [made for field in fields for made in _conditions(field, definitions)]


def _conditions(field: Any, definitions: Definitions) -> List[Dict[str, Any]]:
    model = ParameterModel(field)
    schema = described(field.schema, field.info, field.alias, definitions)
    schema.pop("default", None)
    if ParameterModel.is_one(field.annotation):
        schema = _with_names(schema, model_of(field.schema), definitions)
    if not model.is_optional:
        return [schema]
    # A form has no null: who says None leaves all of the model's fields out.
    schema["anyOf"] = [choice for choice in schema["anyOf"] if choice.get("type") != "null"]
    absent = _absent(model)
    if field.is_required:
        return [{"not": absent}, schema]
    return [{"anyOf": [absent, schema]}]


def _with_names(schema: Dict[str, Any], model: Any, definitions: Definitions) -> Dict[str, Any]:
    """The schema with the model written out where its own has not all the names that a form may
    use for a field."""
    made: Dict[str, Any] = copy.deepcopy(model.body_schema(definitions, "validation"))
    properties, required = made.get("properties", {}), made.get("required", [])
    names = {
        key: wires
        for key, wires in names_in(model.type).items()
        if key in properties and (wires[0] != key or (len(wires) > 1 and key in required))
    }
    if not names:
        return schema
    made["properties"] = {names.get(key, [key])[0]: value for key, value in properties.items()}
    wanted = [names.get(key, [key]) for key in required]
    made["required"] = [wires[0] for wires in wanted if len(wires) == 1]
    several = [wires for wires in wanted if len(wires) > 1]
    if several:
        made["allOf"] = [{"anyOf": [{"required": [n]} for n in each]} for each in several]
    if "anyOf" not in schema:
        return made
    return {**schema, "anyOf": [made if "$ref" in each else each for each in schema["anyOf"]]}


def _absent(model: ParameterModel) -> Dict[str, Any]:
    if model.takes_extras:
        return {"maxProperties": 0}
    required = [{"required": [name]} for name in model.names]
    return {"not": {"anyOf": required}} if required else {}
