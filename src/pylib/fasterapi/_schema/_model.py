"""fasterapi.Model."""

import copy
import json
from typing import TYPE_CHECKING, Any, Callable, Dict, Iterator, Mapping, Optional, Set, Tuple

from fasterapi._json import finite
from fasterapi._schema._definitions import Definitions
from fasterapi._schema._dump import DumpOptions
from fasterapi._schema._field import Field
from fasterapi._schema._fields import Values
from fasterapi._schema._model_class import ModelClass
from fasterapi._schema._model_old import OldVerbs
from fasterapi._schema._model_steps import (
    by_key,
    parsed,
    refers,
    refuse,
    specialised,
    validated,
)
from fasterapi._schema._state import State

if TYPE_CHECKING:
    from typing_extensions import Self, dataclass_transform
else:

    def dataclass_transform(**_: Any) -> Callable[[Any], Any]:
        return lambda cls: cls


_set = object.__setattr__


@dataclass_transform(kw_only_default=True, field_specifiers=(Field,))
class Model(OldVerbs, metaclass=ModelClass):
    """The base of models. Keyword arguments are the data, by alias where there is one;
    ValidationError where they do not fit."""

    __slots__ = ("__dict__", "__fasterapi_extra__", "__fasterapi_given__", "__weakref__")

    __fasterapi_extra__: Optional[Dict[str, Any]]
    __fasterapi_given__: Set[str]

    model_config: "Dict[str, Any]" = {}

    def __init__(self, /, **data: Any) -> None:
        validated(type(self), data, State(), self)

    @classmethod
    def __fasterapi_make__(cls, instance: Any, values: Values) -> None:
        """Fills an instance."""
        _set(instance, "__dict__", values.fields)
        _set(instance, "__fasterapi_extra__", values.extra)
        _set(instance, "__fasterapi_given__", values.given)
        if cls.__fasterapi_is_plain__:
            return
        for name, info in cls.__fasterapi_private__.items():
            if not info.is_required():
                instance.__dict__[name] = info.get_default()
        instance.model_post_init(None)

    def model_post_init(self, context: Any, /) -> None:
        """Called when an instance is complete; for subclasses."""

    def __class_getitem__(cls, parameters: Any) -> Any:
        """``Page[int]``: the generic model with its type variables given; made once."""
        return specialised(cls, parameters)

    @property
    def model_fields_set(self) -> Set[str]:
        """The names of the fields that were given."""
        return self.__fasterapi_given__

    @property
    def model_extra(self) -> Optional[Dict[str, Any]]:
        """What was given beyond the fields; None unless the config allows extra."""
        return self.__fasterapi_extra__

    @classmethod
    def model_validate(
        cls,
        obj: Any,
        *,
        strict: Optional[bool] = None,
        from_attributes: Optional[bool] = None,
        context: Any = None,
    ) -> "Self":
        """An instance from a dict, an instance, or another object where from_attributes is set.
        ValidationError where it does not fit."""
        state = State(strict=bool(strict), from_attributes=bool(from_attributes))
        state.context = context
        made: "Self" = validated(cls, obj, state)
        return made

    @classmethod
    def model_validate_json(
        cls, json_data: Any, *, strict: Optional[bool] = None, context: Any = None
    ) -> "Self":
        """An instance from JSON, str or bytes. ValidationError where it is no JSON, or does not
        fit."""
        state = State(strict=bool(strict), mode="json")
        state.context = context
        made: "Self" = validated(cls, parsed(cls.__name__, json_data, state), state)
        return made

    @classmethod
    def model_construct(cls, _fields_set: Optional[Set[str]] = None, **values: Any) -> "Self":
        """An instance without validation."""
        fields = {
            name: values[name] if name in values else info.get_default()
            for name, info in cls.model_fields.items()
            if name in values or not info.is_required()
        }
        made = cls.__new__(cls)
        given = set(values) & set(fields) if _fields_set is None else _fields_set
        extra = {key: value for key, value in values.items() if key not in fields}
        allows = cls.model_config.get("extra") == "allow"
        cls.__fasterapi_make__(made, Values(fields, given, extra if allows else None))
        return made

    def model_dump(
        self,
        *,
        mode: str = "python",
        round_trip: bool = False,
        warnings: Any = True,
        **options: Any,
    ) -> Dict[str, Any]:
        """The fields as a dict. mode: ``python``, or ``json`` for what JSON can hold. Options:
        include, exclude, by_alias, exclude_unset, exclude_defaults, exclude_none. A dump can be
        validated again with ``round_trip`` and without, and gives no ``warnings``."""
        said = {"by_alias": False, **options}
        schema = type(self).__fasterapi_schema__()
        made: Dict[str, Any] = schema.dump(self, DumpOptions(mode=mode, **said))
        return made

    def model_dump_json(self, *, indent: Optional[int] = None, **options: Any) -> str:
        """The same as JSON text; NaN and infinity as null."""
        plain = self.model_dump(mode="json", **options)
        separators = (",", ":") if indent is None else None
        return json.dumps(finite(plain), indent=indent, separators=separators, ensure_ascii=False)

    def model_copy(
        self, *, update: Optional[Mapping[str, Any]] = None, deep: bool = False
    ) -> "Self":
        """A copy with some fields changed, which are not validated."""
        made = copy.deepcopy(self) if deep else copy.copy(self)
        for name, value in (update or {}).items():
            if name in type(self).model_fields or made.__fasterapi_extra__ is None:
                made.__dict__[name] = value
            else:
                made.__fasterapi_extra__[name] = value
            made.__fasterapi_given__.add(name)
        return made

    @classmethod
    def model_json_schema(
        cls,
        by_alias: bool = True,
        ref_template: str = "#/$defs/{model}",
        *,
        mode: str = "validation",
    ) -> Dict[str, Any]:
        """JSON Schema 2020-12 of the data (``validation``) or of what is dumped
        (``serialization``)."""
        definitions = Definitions(ref_template, by_alias=by_alias)
        schema = definitions.resolve(cls.__fasterapi_schema__().json_schema(definitions, mode))
        others = definitions.schemas()
        name = schema["$ref"].rpartition("/")[2]
        if name in others and not refers(others, schema["$ref"]):
            schema = others.pop(name)
        return {"$defs": others, **schema} if others else schema

    @classmethod
    def model_rebuild(cls, *, _types_namespace: Optional[Mapping[str, Any]] = None) -> bool:
        """Compiles the model again, now that the names in its annotations are defined. TypeError
        where they are not."""
        for info in cls.__fasterapi_fields__.values():
            if info.scope is not None:
                info.scope.local.update(_types_namespace or {})
        cls.__fasterapi_node__ = None
        cls.__fasterapi_native__ = None
        cls.__fasterapi_schema__()
        return True

    def __setattr__(self, name: str, value: Any) -> None:
        cls = type(self)
        if name in cls.__fasterapi_private__ or isinstance(getattr(cls, name, None), property):
            object.__setattr__(self, name, value)
            return
        if name not in cls.model_fields:
            self._set_extra(name, value)
            return
        info = cls.model_fields[name]
        if cls.model_config.get("frozen") or info.frozen:
            refuse(cls, name, value, "frozen_field" if info.frozen else "frozen_instance")
        if cls.model_config.get("validate_assignment"):
            data = {**self.__dict__, **(self.__fasterapi_extra__ or {}), name: value}
            value = validated(cls, by_key(cls, data), State()).__dict__[name]
        self.__dict__[name] = value
        self.__fasterapi_given__.add(name)

    def _set_extra(self, name: str, value: Any) -> None:
        if type(self).model_config.get("frozen"):
            refuse(type(self), name, value, "frozen_instance")
        if self.__fasterapi_extra__ is None:
            raise ValueError(f'"{type(self).__name__}" object has no field "{name}"')
        self.__fasterapi_extra__[name] = value

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            extra = None if name.startswith("__") else self.__fasterapi_extra__
            if extra is not None and name in extra:
                return extra[name]
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Model):
            return NotImplemented
        return (
            type(self) is type(other)
            and self.__dict__ == other.__dict__
            and (self.__fasterapi_extra__ or {}) == (other.__fasterapi_extra__ or {})
        )

    def __hash__(self) -> int:
        if not type(self).model_config.get("frozen"):
            raise TypeError(f"unhashable type: {type(self).__name__!r}")
        return hash((type(self), *(self.__dict__[name] for name in type(self).model_fields)))

    def __iter__(self) -> Iterator[Tuple[str, Any]]:
        """Pairs of names and values, as ``dict(model)`` takes them."""
        yield from self._shown()

    def _shown(self) -> Iterator[Tuple[str, Any]]:
        for name in type(self).model_fields:
            if name in self.__dict__:
                yield name, self.__dict__[name]
        yield from (self.__fasterapi_extra__ or {}).items()

    def __str__(self) -> str:
        fields = type(self).model_fields
        shown = (
            (name, value)
            for name, value in self._shown()
            if name not in fields or fields[name].repr is not False
        )
        return " ".join(f"{name}={value!r}" for name, value in shown)

    def __repr__(self) -> str:
        fields = type(self).model_fields
        shown = (
            f"{name}={value!r}"
            for name, value in self._shown()
            if name not in fields or fields[name].repr is not False
        )
        return f"{type(self).__name__}({', '.join(shown)})"

    def __copy__(self) -> "Self":
        made = type(self).__new__(type(self))
        extra = self.__fasterapi_extra__
        made.__setstate__((dict(self.__dict__), extra and dict(extra), set(self.model_fields_set)))
        return made

    def __deepcopy__(self, memo: Any) -> "Self":
        made = type(self).__new__(type(self))
        made.__setstate__(copy.deepcopy(self.__getstate__(), memo))
        return made

    def __getstate__(self) -> Any:
        return self.__dict__, self.__fasterapi_extra__, self.__fasterapi_given__

    def __setstate__(self, state: Any) -> None:
        _set(self, "__dict__", state[0])
        _set(self, "__fasterapi_extra__", state[1])
        _set(self, "__fasterapi_given__", state[2])


Model.__module__ = "fasterapi.models"
# Where an instance keeps what is over and what was given, for who fills it from C++.
Model.__fasterapi_slots__ = (
    vars(Model)["__fasterapi_extra__"],
    vars(Model)["__fasterapi_given__"],
)
