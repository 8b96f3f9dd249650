"""Steps of what models do."""

import json
from typing import Any, Dict

from fasterapi._schema._compiler import text
from fasterapi._schema._failure import ValidationError
from fasterapi._schema._model_class import ModelClass
from fasterapi._schema._state import INVALID, State


def validated(cls: Any, data: Any, state: State, target: Any = None) -> Any:
    """A model's instance from data, made into ``target`` if given. ValidationError."""
    state.target = target
    made = cls.__fasterapi_schema__().run(data, state)
    if made is INVALID:
        raise ValidationError(cls.__name__, state.problems)
    return made


def parsed(title: str, text: Any, state: State) -> Any:
    """What JSON text says. ValidationError where it is none."""
    if not isinstance(text, (str, bytes, bytearray)):
        state.fail("json_type", text)
        raise ValidationError(title, state.problems)
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        state.fail("json_invalid", text, {"error": str(error)})
        raise ValidationError(title, state.problems) from None


def specialised(cls: Any, parameters: Any) -> Any:
    """A generic model with its type variables given. TypeError where it has not as many."""
    given = parameters if isinstance(parameters, tuple) else (parameters,)
    variables = getattr(cls, "__parameters__", ())
    if len(given) != len(variables):
        raise TypeError(f"{cls.__name__} takes {len(variables)} type parameters, not {len(given)}")
    kept = cls.__dict__.get("__fasterapi_made__", {})
    key = given, repr(given)
    if key not in kept:
        body = {
            "__module__": cls.__module__,
            "__doc__": cls.__doc__,
            "__fasterapi_variables__": dict(zip(variables, given)),
        }
        kept[key] = ModelClass(f"{cls.__name__}[{', '.join(map(text, given))}]", (cls,), body)
        type.__setattr__(cls, "__fasterapi_made__", kept)
    return kept[key]


def refuse(cls: ModelClass, name: str, value: Any, type_: str) -> None:
    """Raises the ValidationError of one field."""
    state = State()
    state.fail(type_, value)
    state.locate(0, name)
    raise ValidationError(cls.__name__, state.problems)


def by_key(cls: ModelClass, data: Dict[str, Any]) -> Dict[str, Any]:
    """Data by name as data by alias."""
    fields = cls.model_fields
    keys = {name: info.validation_alias or info.alias or name for name, info in fields.items()}
    return {keys.get(name, name): value for name, value in data.items()}


def refers(document: Any, reference: str) -> bool:
    """Whether a JSON Schema refers to a definition."""
    if isinstance(document, dict):
        return document.get("$ref") == reference or any(
            refers(value, reference) for value in document.values()
        )
    return isinstance(document, list) and any(refers(value, reference) for value in document)
