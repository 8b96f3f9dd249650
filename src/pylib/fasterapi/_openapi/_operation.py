"""One route as Operation Objects."""

import inspect
import re
import warnings
from types import SimpleNamespace
from typing import Any, Dict, List, Set

from fasterapi._openapi import _form_body
from fasterapi._openapi._body import request_body
from fasterapi._openapi._parameters import has_parameters, parameters_of
from fasterapi._openapi._responses import merge, refusal, responses_of
from fasterapi._openapi._security import security_of, walk
from fasterapi._pattern import path_format
from fasterapi._schema import Definitions
from fasterapi.params import Body

_WITH_BODY = frozenset(("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH"))


class Operations:
    """Makes the operations of a document, and gathers its security schemes."""

    def __init__(self, definitions: Definitions, *, separate_input_output_schemas: bool) -> None:
        self.definitions = definitions
        self.output_mode = "serialization" if separate_input_output_schemas else "validation"
        self.security_schemes: Dict[str, Any] = {}
        self.can_refuse = False  # whether any operation answers 422
        self._ids: Set[str] = set()

    def path_item(self, route: Any) -> Dict[str, Any]:
        """An operation per method of the route."""
        return {method.lower(): self._operation(route, method) for method in route.ordered_methods}

    def _operation(self, route: Any, method: str) -> Dict[str, Any]:
        made = _metadata(route)
        self._check_id(made["operationId"], route)
        schemes, security = security_of(route.dependant)
        if security:
            made["security"] = security
            self.security_schemes.update(schemes)
        fields = [field for each, _ in walk(route.dependant) for field in each.fields]
        parameters = parameters_of(fields, self.definitions)
        if parameters:
            made["parameters"] = parameters
        body_fields = _distinct([field for field in fields if isinstance(field.info, Body)])
        unique_id = operation_id_of(route)
        if method in _WITH_BODY:
            body = request_body(body_fields, unique_id, self.definitions)
            if body is not None:
                made["requestBody"] = body
        if route.options.callbacks:
            made["callbacks"] = self._callbacks(route.options.callbacks)
        may_refuse = has_parameters(fields) or bool(body_fields)
        made["responses"] = responses_of(
            route, unique_id, may_refuse, self.definitions, self.output_mode
        )
        is_refusal = made["responses"].get("422") == refusal(self.definitions)
        self.can_refuse = self.can_refuse or is_refusal
        if route.options.openapi_extra:
            merge(made, route.options.openapi_extra)
        return made

    def _callbacks(self, routes: List[Any]) -> Dict[str, Any]:
        return {route.name: {route.path: self.path_item(route)} for route in routes}

    def _check_id(self, operation_id: str, route: Any) -> None:
        if operation_id in self._ids:
            warnings.warn(
                f"Duplicate Operation ID {operation_id} for {route.name} ({route.origin})",
                stacklevel=2,
            )
        self._ids.add(operation_id)


def operation_id_of(route: Any) -> str:
    """The route's own, also where it was set later, or its name, path and first method."""
    own = route.options.operation_id
    if own:
        return str(own)
    generate = route.options.generate_unique_id_function
    if generate is not None:
        return str(generate(_view(route)))
    return default_id(route)


def default_id(route: Any) -> str:
    """Of name, path and first method."""
    method = (getattr(route, "ordered_methods", None) or sorted(route.methods))[0]
    return re.sub(r"\W", "_", route.name + path_format(route.path)) + f"_{method.lower()}"


def _view(route: Any) -> SimpleNamespace:
    """A route as functions written for FastAPI see it."""
    known = {"name": route.name, "path": route.path, "methods": route.methods}
    options = vars(route.options)
    return SimpleNamespace(
        **{**options, **known, "path_format": path_format(route.path), "endpoint": route.endpoint}
    )


def _metadata(route: Any) -> Dict[str, Any]:
    options = route.options
    made: Dict[str, Any] = {}
    if options.tags:
        made["tags"] = [getattr(tag, "value", tag) for tag in options.tags]
    made["summary"] = options.summary or route.name.replace("_", " ").title()
    doc = options.description or inspect.cleandoc(route.endpoint.__doc__ or "")
    description = doc.split("\f")[0].strip()
    if description:
        made["description"] = description
    made["operationId"] = operation_id_of(route)
    if options.deprecated:
        made["deprecated"] = True
    return made


def _distinct(fields: List[Any]) -> List[Any]:
    """The first of each name."""
    if any(_form_body.is_model(field) for field in fields):
        return fields  # each of them says what it takes of the form
    return list({field.name: field for field in reversed(fields)}.values())[::-1]
