"""The whole document."""

from typing import Any, Dict, Iterable, List, Optional

from fasterapi._openapi._operation import Operations
from fasterapi._pattern import path_format
from fasterapi._registering import flat
from fasterapi._schema import Definitions
from fasterapi._schema._dump import DumpOptions, dump_any

_REFERENCE = "#/components/schemas/{model}"

_VALIDATION_ERROR = {
    "title": "ValidationError",
    "type": "object",
    "properties": {
        "loc": {
            "title": "Location",
            "type": "array",
            "items": {"anyOf": [{"type": "string"}, {"type": "integer"}]},
        },
        "msg": {"title": "Message", "type": "string"},
        "type": {"title": "Error Type", "type": "string"},
        "input": {"title": "Input"},
        "ctx": {"title": "Context", "type": "object"},
    },
    "required": ["loc", "msg", "type"],
}

_HTTP_VALIDATION_ERROR = {
    "title": "HTTPValidationError",
    "type": "object",
    "properties": {
        "detail": {
            "title": "Detail",
            "type": "array",
            "items": {"$ref": _REFERENCE.format(model="ValidationError")},
        }
    },
}

_SAID_BY_APP = {
    "openapi_version": "openapi_version",
    "summary": "summary",
    "description": "description",
    "terms_of_service": "terms_of_service",
    "contact": "contact",
    "license_info": "license_info",
    "openapi_tags": "tags",
    "servers": "servers",
    "separate_input_output_schemas": "separate_input_output_schemas",
    "openapi_external_docs": "external_docs",
}


def document(app: Any) -> Dict[str, Any]:
    """The document of an app, from its routes and the keywords that it was made with."""
    said = vars(app)
    options = {
        name: said[keyword]
        for keyword, name in _SAID_BY_APP.items()
        if said.get(keyword) not in (None, "", [])
    }
    return get_openapi(
        title=app.title,
        version=app.version,
        routes=app.all_routes(),
        webhooks=app.webhooks.all_routes(),
        **options,
    )


def get_openapi(
    *,
    title: str,
    version: str,
    routes: Iterable[Any],
    openapi_version: str = "3.1.0",
    summary: Optional[str] = None,
    description: Optional[str] = None,
    webhooks: Iterable[Any] = (),
    tags: Optional[List[Dict[str, Any]]] = None,
    servers: Optional[List[Dict[str, Any]]] = None,
    terms_of_service: Optional[str] = None,
    contact: Optional[Dict[str, Any]] = None,
    license_info: Optional[Dict[str, Any]] = None,
    separate_input_output_schemas: bool = True,
    external_docs: Optional[Dict[str, Any]] = None,
) -> Dict[str, Any]:
    """An OpenAPI document as plain JSON data. Warns of an operation ID that occurs twice."""
    definitions = Definitions(_REFERENCE)
    operations = Operations(
        definitions, separate_input_output_schemas=separate_input_output_schemas
    )
    info = {
        "title": title,
        "summary": summary,
        "description": description,
        "termsOfService": terms_of_service,
        "contact": contact,
        "license": license_info,
        "version": version,
    }
    made: Dict[str, Any] = {
        "openapi": openapi_version,
        "info": {key: value for key, value in info.items() if value},
        "servers": servers,
        "paths": _paths(routes, operations),
    }
    hooks = _paths(webhooks, operations)
    made["webhooks"] = hooks or None
    made["components"] = _components(operations) or None
    made["tags"], made["externalDocs"] = tags, external_docs
    plain: Dict[str, Any] = _without_none(dump_any(definitions.resolve(made), DumpOptions()))
    return plain


def _paths(routes: Iterable[Any], operations: Operations) -> Dict[str, Any]:
    paths: Dict[str, Any] = {}
    for route in flat(routes):
        if hasattr(route, "options") and route.options.include_in_schema:
            paths.setdefault(path_format(route.path), {}).update(operations.path_item(route))
    return paths


def _components(operations: Operations) -> Dict[str, Any]:
    schemas = operations.definitions.schemas()
    if operations.can_refuse and "ValidationError" not in schemas:
        schemas["ValidationError"] = _VALIDATION_ERROR
        schemas["HTTPValidationError"] = _HTTP_VALIDATION_ERROR
    made: Dict[str, Any] = {}
    if schemas:
        made["schemas"] = {name: _cut(schemas[name]) for name in sorted(schemas)}
    if operations.security_schemes:
        made["securitySchemes"] = operations.security_schemes
    return made


def _cut(schema: Dict[str, Any]) -> Dict[str, Any]:
    """A docstring counts up to its first form feed."""
    if "description" not in schema:
        return schema
    return {**schema, "description": schema["description"].split("\f")[0]}


def _without_none(value: Any) -> Any:
    """Without the members that are None, as FastAPI leaves them out."""
    if isinstance(value, dict):
        return {key: _without_none(item) for key, item in value.items() if item is not None}
    return [_without_none(item) for item in value] if isinstance(value, list) else value
