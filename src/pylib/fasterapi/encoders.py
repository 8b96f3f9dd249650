"""Python values as plain JSON data: dicts, lists, str, numbers, bool, None."""

from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any, Callable, Dict, Mapping, Optional

from fasterapi import _json
from fasterapi.params import UNDEFINED

CustomEncoder = Mapping[Any, Callable[[Any], Any]]
_PLAIN = (str, int, float, type(None))


def jsonable_encoder(
    obj: Any,
    include: Any = None,
    exclude: Any = None,
    by_alias: bool = True,
    exclude_unset: bool = False,
    exclude_defaults: bool = False,
    exclude_none: bool = False,
    custom_encoder: Optional[CustomEncoder] = None,
    sqlalchemy_safe: bool = True,
) -> Any:
    """As FastAPI's. ``include`` and ``exclude`` name the members of the outermost object; the
    other options hold all the way down; ``custom_encoder`` maps types to functions. ValueError for
    what has no JSON form."""
    options: Dict[str, Any] = {
        "by_alias": by_alias,
        "exclude_unset": exclude_unset,
        "exclude_defaults": exclude_defaults,
        "exclude_none": exclude_none,
    }
    encoder = _Encoder(options, custom_encoder or {}, sqlalchemy_safe)
    return encoder.encode(obj, include, exclude)


class _Encoder:
    def __init__(
        self, options: Dict[str, Any], custom: CustomEncoder, sqlalchemy_safe: bool
    ) -> None:
        self._options = options
        self._exclude_none = options["exclude_none"]
        self._custom = custom
        self._sqlalchemy_safe = sqlalchemy_safe

    def encode(self, value: Any, include: Any = None, exclude: Any = None) -> Any:
        for type_, function in self._custom.items():
            if type(value) is type_ or isinstance(value, type_):
                return function(value)
        if hasattr(type(value), "model_dump"):
            shown = value.model_dump(mode="json", include=include, exclude=exclude, **self._options)
            return self.encode(shown)
        if is_dataclass(value) and not isinstance(value, type):
            members = {field.name: getattr(value, field.name) for field in fields(value)}
            return self.encode(members, include, exclude)
        if isinstance(value, Enum):
            return value.value
        if isinstance(value, _PLAIN):
            return value
        if isinstance(value, Mapping):
            return self._mapping(value, include, exclude)
        if isinstance(value, (list, tuple)):
            return [self.encode(item, include, exclude) for item in value]
        return self._other(value, include, exclude)

    def _mapping(self, value: Mapping[Any, Any], include: Any, exclude: Any) -> Dict[Any, Any]:
        return {
            self.encode(key): self.encode(item)
            for key, item in value.items()
            if (include is None or key in include)
            and (exclude is None or key not in exclude)
            and not (self._sqlalchemy_safe and str(key).startswith("_sa"))
            and not (self._exclude_none and item is None)
        }

    def _other(self, value: Any, include: Any, exclude: Any) -> Any:
        if type(value).__name__ == "PydanticUndefinedType" or value is UNDEFINED:
            return None
        try:
            made = _json.form_of(value)
        except TypeError:
            made = str(value) if _is_text(value) else _attributes(value)
        return made if isinstance(made, _PLAIN) else self.encode(made, include, exclude)


def _is_text(value: Any) -> bool:
    """Whether it is one of pydantic's types that stand for their text."""
    return type(value).__name__ == "Color" and type(value).__module__.startswith("pydantic")


def _attributes(value: Any) -> Any:
    """What an object of no known kind holds."""
    refused = []
    for read in (dict, vars):
        try:
            return read(value)
        except Exception as error:
            refused.append(error)
    raise ValueError(refused)
