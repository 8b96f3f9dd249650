"""The responses of an operation."""

import copy
import http
import inspect
from typing import Any, Dict, Optional

from fasterapi import _classify, _schema, _signature
from fasterapi._json_lines import Events
from fasterapi._openapi._described import titled
from fasterapi._schema import Definitions
from fasterapi._signature import EMPTY
from fasterapi.responses import JSONResponse, Response

_RANGES = {
    "1XX": "Information",
    "2XX": "Success",
    "3XX": "Redirection",
    "4XX": "Client Error",
    "5XX": "Server Error",
    "DEFAULT": "Default Response",
}
_WITHOUT_BODY = (204, 205, 304)
_REFUSED = "422"
_EVENT: Dict[str, Any] = {
    "type": "object",
    "properties": {
        "data": {"type": "string"},
        "event": {"type": "string"},
        "id": {"type": "string"},
        "retry": {"type": "integer", "minimum": 0},
    },
}


def responses_of(
    route: Any, operation_id: str, may_refuse: bool, definitions: Definitions, mode: str
) -> Dict[str, Any]:
    """Response Objects by status: the handler's own, those that the route says, and a 422."""
    options = route.options
    made: Dict[str, Any] = {}
    response_class = options.response_class or JSONResponse
    media_type = response_class.media_type
    own = made.setdefault(_status(options, response_class), {})
    own["description"] = options.response_description
    if route.lines is not None and _may_have_body(options.status_code):
        item = _item_schema(route, operation_id, definitions, mode)
        own["content"] = {route.lines.media_type: {"itemSchema": item}}
    elif media_type and _may_have_body(options.status_code):
        own_schema: Dict[str, Any] = {"type": "string"}
        if is_json(response_class):
            own_schema = _own_schema(route, operation_id, definitions, mode)
        own["content"] = {media_type: {"schema": own_schema}}
    for status, said in (options.responses or {}).items():
        schema = None
        if said.get("model"):
            node = _schema.compile(said["model"])
            name = f"Response_{status}_{operation_id}"
            schema = titled(node, name, definitions, _mode_of(said["model"], mode))
        _add(made, status, said, media_type or "application/json", schema)
    if may_refuse and not {_REFUSED, "4XX", "default"} & made.keys():
        made[_REFUSED] = refusal(definitions)
    return made


def refusal(definitions: Definitions) -> Dict[str, Any]:
    """The 422 of a route that says no other."""
    schema = {"$ref": definitions.template.format(model="HTTPValidationError")}
    return {
        "description": "Validation Error",
        "content": {"application/json": {"schema": schema}},
    }


def is_json(response_class: Any) -> bool:
    """Whether it is a JSONResponse, ours or Starlette's."""
    return any(cls.__name__ == "JSONResponse" for cls in getattr(response_class, "__mro__", ()))


def _status(options: Any, response_class: Any) -> str:
    if options.status_code is not None:
        return str(options.status_code)
    parameter = inspect.signature(response_class.__init__).parameters.get("status_code")
    default = getattr(parameter, "default", None)
    return str(int(default)) if isinstance(default, int) else "200"


def _may_have_body(status: Optional[int]) -> bool:
    return status is None or not (status < 200 or status in _WITHOUT_BODY)


def _item_schema(
    route: Any, operation_id: str, definitions: Definitions, mode: str
) -> Dict[str, Any]:
    """What one line, or one event, of a stream is."""
    model = route.lines.model
    item = {}
    if model is not None:
        name = f"StreamItem_{operation_id}"
        item = titled(model.schema, name, definitions, _mode_of(model.annotation, mode))
    if not isinstance(route.lines, Events):
        return item
    made = copy.deepcopy(_EVENT)
    if model is not None:
        made["properties"]["data"] = {
            "type": "string",
            "contentMediaType": "application/json",
            "contentSchema": item,
        }
        made["required"] = ["data"]
    return made


def _mode_of(annotation: Any, mode: str) -> str:
    """Models with computed fields are described as they are sent, whatever the app says."""
    return "serialization" if getattr(annotation, "model_computed_fields", None) else mode


def _own_schema(
    route: Any, operation_id: str, definitions: Definitions, mode: str
) -> Dict[str, Any]:
    annotation = _result_type(route)
    if annotation is None:
        return {}
    known = route.model
    try:
        schema = known.schema if known is not None else _schema.compile(annotation)
    except TypeError:
        return {}  # a stream, or another result that is not described
    name = f"Response_{operation_id}"
    return titled(schema, name, definitions, _mode_of(annotation, mode))


def _result_type(route: Any) -> Any:
    said = route.options.response_model
    if said is not EMPTY:
        return said
    annotation = _signature.returned_by(route.endpoint, route.name)
    if annotation is EMPTY or annotation is type(None) or _classify.is_subclass(annotation, Response):
        return None
    return annotation


def _add(
    made: Dict[str, Any],
    status: Any,
    said: Dict[str, Any],
    media_type: str,
    schema: Optional[Dict[str, Any]],
) -> None:
    """A response that the route says, over what is known of that status."""
    key = str(status).upper()
    if key not in _RANGES and not key.isdigit():
        raise ValueError(f"responses has {status!r}, which is no status: 404, '4XX', 'default'")
    response = made.setdefault("default" if key == "DEFAULT" else key, {})
    said = copy.deepcopy({name: value for name, value in said.items() if name != "model"})
    if schema is not None:
        content = said.setdefault("content", {}).setdefault(media_type, {})
        merge(content.setdefault("schema", {}), schema)
    description = said.get("description") or response.get("description") or _phrase(key)
    merge(response, said)
    response["description"] = description


def merge(into: Dict[Any, Any], other: Dict[Any, Any]) -> None:
    """Adds a dict to another: dicts within become one, lists are joined, the rest is replaced."""
    for key, value in other.items():
        known = into.get(key)
        if isinstance(known, dict) and isinstance(value, dict):
            merge(known, value)
        elif isinstance(known, list) and isinstance(value, list):
            into[key] = known + value
        else:
            into[key] = value


def _phrase(status: str) -> str:
    if status in _RANGES:
        return _RANGES[status]
    return http.HTTPStatus(int(status)).phrase if status.isdigit() else "Additional Response"
