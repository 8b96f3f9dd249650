"""The responses of an operation."""

import copy
import http
import inspect
from typing import Any, Dict, Optional

from fasterapi import _classify, _schema, _signature
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
    if media_type and _may_have_body(options.status_code):
        own_schema: Dict[str, Any] = {"type": "string"}
        if _classify.is_subclass(response_class, JSONResponse):
            own_schema = _own_schema(route, operation_id, definitions, mode)
        own["content"] = {media_type: {"schema": own_schema}}
    for status, said in (options.responses or {}).items():
        schema = None
        if said.get("model"):
            node = _schema.compile(said["model"])
            schema = titled(node, f"Response_{status}_{operation_id}", definitions, mode)
        _add(made, status, said, media_type or "application/json", schema)
    if may_refuse and not {_REFUSED, "4XX", "default"} & made.keys():
        made[_REFUSED] = {
            "description": "Validation Error",
            "content": {
                "application/json": {
                    "schema": {"$ref": definitions.template.format(model="HTTPValidationError")}
                }
            },
        }
    return made


def _status(options: Any, response_class: Any) -> str:
    if options.status_code is not None:
        return str(options.status_code)
    parameter = inspect.signature(response_class.__init__).parameters.get("status_code")
    default = getattr(parameter, "default", None)
    return str(int(default)) if isinstance(default, int) else "200"


def _may_have_body(status: Optional[int]) -> bool:
    return status is None or not (status < 200 or status in _WITHOUT_BODY)


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
    return titled(schema, f"Response_{operation_id}", definitions, mode)


def _result_type(route: Any) -> Any:
    said = route.options.response_model
    if said is not EMPTY:
        return said
    annotation = _signature.returned_by(route.endpoint, route.name)
    if annotation is EMPTY or _classify.is_subclass(annotation, Response):
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
