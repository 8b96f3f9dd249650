"""How a model's class is made of its body."""

import sys
from typing import Any, Dict, Iterator, Mapping, Optional, Tuple

from fasterapi._schema._compile import compile
from fasterapi._schema._decorators import Marked, Validator
from fasterapi._schema._field import UNDEFINED, FieldInfo, field_of
from fasterapi._schema._node import Node
from fasterapi._schema._resolve import is_class_var, own_annotations, scope_of
from fasterapi._schema._scope import Unresolved


class ModelClass(type):
    """The class of models. Collects fields, validators and config from the bases and the body."""

    model_config: Dict[str, Any]
    __fasterapi_fields__: Dict[str, FieldInfo]
    __fasterapi_validators__: Dict[str, Validator]
    __fasterapi_private__: Dict[str, Any]
    __fasterapi_variables__: Dict[Any, Any]
    __fasterapi_custom_init__: bool
    __fasterapi_is_plain__: bool
    __fasterapi_slots__: Tuple[Any, Any]
    __fasterapi_native__: Any  # see _native; False where it is not to be used
    __fasterapi_node__: Optional[Node]

    def __new__(
        mcs, name: str, bases: Tuple[type, ...], body: Dict[str, Any], **config: Any
    ) -> "ModelClass":
        _refuse_old_config(name, body.get("Config"))
        marked = {key: value for key, value in body.items() if isinstance(value, Marked)}
        body = {**body, **{key: value.function for key, value in marked.items()}}
        cls = super().__new__(mcs, name, bases, body)
        cls.model_config = {
            **_inherited(cls, "model_config"),
            **body.get("model_config", {}),
            **config,
        }
        cls.__fasterapi_validators__ = _inherited(cls, "__fasterapi_validators__")
        for key in body:
            cls.__fasterapi_validators__.pop(key, None)
        for key, value in marked.items():
            cls.__fasterapi_validators__[key] = Validator(key, value.mode, value.fields)
        variables = body.get("__fasterapi_variables__", {})
        cls.__fasterapi_variables__ = {**_inherited(cls, "__fasterapi_variables__"), **variables}
        cls.__fasterapi_private__ = _inherited(cls, "__fasterapi_private__")
        cls.__fasterapi_fields__ = _inherited(cls, "__fasterapi_fields__")
        cls._collect(body, _local_names(sys._getframe(1)))
        cls.__fasterapi_custom_init__ = cls._inits_itself()
        has_end = any("model_post_init" in vars(base) for base in cls.__mro__ if _is_of_user(base))
        cls.__fasterapi_is_plain__ = not has_end and not cls.__fasterapi_private__
        cls.__fasterapi_node__ = None
        cls.__fasterapi_native__ = None
        _check_validators(cls)
        try:
            cls.__fasterapi_schema__()
        except Unresolved:
            pass  # tried again when it is used, and all of it is defined
        return cls

    def _collect(cls, body: Mapping[str, Any], local: Optional[Mapping[str, Any]]) -> None:
        annotations = own_annotations(cls)
        for key, annotation in annotations.items():
            if is_class_var(annotation) or key.startswith("__") or key == "model_config":
                continue
            assigned = body.get(key, UNDEFINED)
            if key in body:
                type.__delattr__(cls, key)
            if key.startswith("_"):
                cls.__fasterapi_private__[key] = _as_info(assigned)
                continue
            info = field_of(annotation, assigned)
            info.scope = scope_of(cls, local)
            cls.__fasterapi_fields__[key] = info
        for key, value in body.items():
            if key not in annotations:
                cls._take_plain(key, value)

    def _take_plain(cls, key: str, value: Any) -> None:
        """An attribute without annotation: private, or none of a model's."""
        if isinstance(value, FieldInfo):
            if not key.startswith("_"):
                raise TypeError(f"{cls.__name__}.{key} has a Field() but no annotation")
            type.__delattr__(cls, key)
            cls.__fasterapi_private__[key] = value
        elif key in cls.__fasterapi_fields__:
            raise TypeError(f"{cls.__name__}.{key} overrides a field, so it needs an annotation")

    def _inits_itself(cls) -> bool:
        return any("__init__" in vars(base) for base in cls.__mro__ if _is_of_user(base))

    def __fasterapi_schema__(cls) -> Node:
        """The compiled model. TypeError where an annotation is not supported, or not yet
        defined."""
        if cls.__fasterapi_node__ is None:
            cls.__fasterapi_node__ = compile(cls)
        return cls.__fasterapi_node__

    @property
    def model_fields(cls) -> Dict[str, FieldInfo]:
        """What is said of each field, by name."""
        return cls.__fasterapi_fields__

    def __getattr__(cls, name: str) -> Any:
        raise AttributeError(f"type object {cls.__name__!r} has no attribute {name!r}")


def _refuse_old_config(name: str, config: Any) -> None:
    if isinstance(config, type):
        said = {key: value for key, value in vars(config).items() if not key.startswith("__")}
        shown = ", ".join(f"{_NEW_NAMES.get(key, key)}={value!r}" for key, value in said.items())
        raise TypeError(
            f"{name}: in place of class Config, write model_config = ConfigDict({shown})"
        )


_NEW_NAMES = {
    "allow_population_by_field_name": "populate_by_name",
    "anystr_lower": "str_to_lower",
    "anystr_strip_whitespace": "str_strip_whitespace",
    "anystr_upper": "str_to_upper",
    "orm_mode": "from_attributes",
    "schema_extra": "json_schema_extra",
    "validate_all": "validate_default",
}


def _is_of_user(base: type) -> bool:
    return isinstance(base, ModelClass) and bool(base.__mro__[1:2]) and _has_model_base(base)


def _has_model_base(base: type) -> bool:
    return any(isinstance(other, ModelClass) for other in base.__mro__[1:])


def _inherited(cls: type, name: str) -> Dict[str, Any]:
    """The dicts of this name of all bases in one, the nearest winning."""
    made: Dict[str, Any] = {}
    for base in reversed(cls.__mro__[1:]):
        made.update(vars(base).get(name, {}))
    return made


def _as_info(assigned: Any) -> FieldInfo:
    return assigned if isinstance(assigned, FieldInfo) else FieldInfo(assigned)


def _local_names(frame: Any) -> Optional[Mapping[str, Any]]:
    """The names of the function or class that the model is defined in; None in a module."""
    while frame is not None and frame.f_globals.get("__name__") == __name__:
        frame = frame.f_back
    if frame is None or frame.f_locals is frame.f_globals:
        return None
    return dict(frame.f_locals)


def _check_validators(cls: ModelClass) -> None:
    for validator in cls.__fasterapi_validators__.values():
        for field in _unknown(cls, validator):
            raise TypeError(
                f"{cls.__name__}.{validator.name} validates {field!r}, which is no field"
            )


def _unknown(cls: ModelClass, validator: Validator) -> Iterator[str]:
    for field in validator.fields:
        if field != "*" and field not in cls.__fasterapi_fields__:
            yield field
