"""The body of an operation: one field's, or an object of several."""

from typing import Any, Dict, List, Optional, Tuple

from fasterapi._openapi import _form_body
from fasterapi._openapi._described import described, has_example
from fasterapi._reading import Reader
from fasterapi._schema import Definitions
from fasterapi._schema._dump import DumpOptions, dump_any
from fasterapi.params import File, Form

_FORM = "application/x-www-form-urlencoded"
_MULTIPART = "multipart/form-data"


def request_body(
    fields: List[Any], operation_id: str, definitions: Definitions
) -> Optional[Dict[str, Any]]:
    """The Request Body Object for the fields of the body, None without any."""
    if not fields:
        return None
    if Reader(fields).is_embedded or any(_form_body.may_be_absent(field) for field in fields):
        schema, media_type = _object(fields, operation_id, definitions)
        content: Dict[str, Any] = {"schema": schema}
        required = any(field.is_required for field in fields)
    else:
        (field, *_) = fields
        content = {"schema": described(field.schema, field.info, field.alias, definitions)}
        content.update(_examples(field.info))
        media_type, required = field.info.media_type, field.is_required
    made: Dict[str, Any] = {"content": {media_type: content}}
    return {**made, "required": True} if required else made


def _examples(info: Any) -> Dict[str, Any]:
    if info.openapi_examples:
        return {"examples": dump_any(info.openapi_examples, DumpOptions())}
    return {"example": dump_any(info.example, DumpOptions())} if has_example(info) else {}


def _object(
    fields: List[Any], operation_id: str, definitions: Definitions
) -> Tuple[Dict[str, Any], str]:
    """An object with a member per field, as a definition, and its media type."""
    name = f"Body_{operation_id}"
    models = [field for field in fields if _form_body.is_model(field)]
    members = [field for field in fields if field not in models]
    properties: Dict[str, Any] = {}
    conditions = _form_body.conditions_of(models, definitions)
    for field in members:
        made = _member(field, definitions)
        if models and field.alias in properties:  # of a dependency, which takes it otherwise
            conditions.append({"properties": {field.alias: made}})
        else:
            properties[field.alias] = made
    body: Dict[str, Any] = {"type": "object", "title": name}
    if properties:
        body["properties"] = properties
    if models:
        body["allOf"] = conditions
    required = [field.alias for field in members if field.is_required]
    if required:
        body["required"] = list(dict.fromkeys(required))
    return definitions.add(name, body), _media_type(fields)


def _member(field: Any, definitions: Definitions) -> Dict[str, Any]:
    made = described(field.schema, field.info, field.alias, definitions)
    if getattr(field.schema, "is_named", False) and field.info.title is None:
        made.pop("title", None)  # None or a type that has its own
    return made


def _media_type(fields: List[Any]) -> str:
    if any(isinstance(field.info, File) for field in fields):
        return _MULTIPART
    forms = {field.info.media_type for field in fields if isinstance(field.info, Form)}
    if _MULTIPART in forms:
        return _MULTIPART
    said = forms or {field.info.media_type for field in fields}
    if len(said) == 1:
        return str(said.pop())
    return _FORM if forms else "application/json"
