"""What is said about one field of a model: its default, names, constraints, documentation."""

import copy
import inspect
from typing import Any, Callable, Dict, List, Optional, Tuple, get_args, get_origin

from fasterapi._schema._constraints import NAMES, NONE, Constraints


class _Undefined:
    def __repr__(self) -> str:
        return "Undefined"

    def __copy__(self) -> "_Undefined":
        return self

    def __deepcopy__(self, memo: Any) -> "_Undefined":
        return self


UNDEFINED: Any = _Undefined()

_DESCRIBING = (
    "alias",
    "validation_alias",
    "serialization_alias",
    "title",
    "description",
    "examples",
    "exclude",
    "deprecated",
    "json_schema_extra",
    "frozen",
    "validate_default",
    "repr",
    "init",
    "kw_only",
    "default_factory",
)


class FieldInfo:
    """Made by Field(). ``annotation`` and ``metadata`` are filled in by the model's class."""

    __slots__ = (
        "_factory",
        "annotation",
        "constraints",
        "default",
        "metadata",
        "scope",
        *_DESCRIBING,
    )

    alias: Optional[str]
    validation_alias: Optional[str]
    serialization_alias: Optional[str]
    title: Optional[str]
    description: Optional[str]
    examples: Optional[List[Any]]
    exclude: Optional[bool]
    deprecated: Any
    json_schema_extra: Any
    frozen: Optional[bool]
    validate_default: Optional[bool]
    repr: Optional[bool]
    init: Optional[bool]
    kw_only: Optional[bool]
    default_factory: Optional[Callable[..., Any]]

    def __init__(
        self, default: Any = UNDEFINED, constraints: Constraints = NONE, **said: Any
    ) -> None:
        self.annotation: Any = UNDEFINED
        self.metadata: Tuple[Any, ...] = ()
        self._factory: Optional[Tuple[Any, bool]] = None  # one, and whether it has a parameter
        self.scope: Any = None  # where a string annotation's names are looked up
        self.default = UNDEFINED if default is ... else default
        self.constraints = constraints
        for name in _DESCRIBING:
            setattr(self, name, said.get(name))

    def is_required(self) -> bool:
        """Whether a value must be given."""
        return self.default is UNDEFINED and self.default_factory is None

    def get_default(self, data: Optional[Dict[str, Any]] = None) -> Any:
        """A fresh default; a factory with a parameter gets the fields before this one."""
        if self.default_factory is None:
            return _fresh(self.default)
        return self.default_factory(data) if self.takes_data() else self.default_factory()

    def is_default(self, value: Any) -> bool:
        """Whether it is what a field has that was not given; never where that depends on others."""
        if self.takes_data():
            return False
        made = self.default if self.default_factory is None else self.default_factory()
        return bool(value == made)

    def takes_data(self) -> bool:
        """Whether its factory has a parameter."""
        if self.default_factory is None:
            return False
        if self._factory is None or self._factory[0] is not self.default_factory:
            self._factory = self.default_factory, _takes_data(self.default_factory)
        return self._factory[1]

    def merged(self, other: "FieldInfo") -> "FieldInfo":
        """Both; the other wins where it says something."""
        made = copy.copy(self)
        made.constraints = self.constraints.merged(other.constraints)
        for name in _DESCRIBING:
            value = getattr(other, name)
            if value is not None:
                setattr(made, name, value)
        if not other.is_required():
            made.default = other.default
            made.default_factory = other.default_factory
        return made

    def __repr__(self) -> str:
        said = {name: getattr(self, name) for name in _DESCRIBING}
        parts = [f"{name}={value!r}" for name, value in said.items() if value is not None]
        parts += [f"{name}={value!r}" for name, value in self.constraints.named().items()]
        if self.default is not UNDEFINED:
            parts.insert(0, f"default={self.default!r}")
        return f"FieldInfo(required={self.is_required()}{''.join(', ' + part for part in parts)})"


def Field(default: Any = UNDEFINED, **said: Any) -> Any:
    """Says more about a field of a model, as its default or in ``Annotated``.

    default, default_factory: without either, or with ``...``, the field is required.
    alias, validation_alias, serialization_alias: its name in the data, read, written.
    gt, ge, lt, le, multiple_of, min_length, max_length, pattern, strict, allow_inf_nan,
    max_digits, decimal_places: constraints. discriminator: the field that tells a union's models
    apart. title, description, examples, deprecated, json_schema_extra: documentation.
    exclude, repr, frozen, validate_default: as in pydantic. TypeError for other names.
    """
    constraints = {name: said.pop(name) for name in list(said) if name in NAMES}
    unknown = set(said) - set(_DESCRIBING)
    if unknown:
        raise TypeError(f"Field() does not know {', '.join(sorted(unknown))}")
    given = default is not UNDEFINED and default is not ...
    if given and said.get("default_factory") is not None:
        raise TypeError("Field() takes default or default_factory, not both")
    return FieldInfo(default, Constraints(**constraints), **said)


def field_of(annotation: Any, assigned: Any = UNDEFINED) -> FieldInfo:
    """From an annotation, perhaps Annotated, and what is assigned to it."""
    info = FieldInfo()
    metadata: List[Any] = []
    if is_annotated(annotation):
        annotation, *extras = get_args(annotation)
        for extra in extras:
            if isinstance(extra, FieldInfo):
                info = info.merged(extra)
            else:
                metadata.append(extra)
    if isinstance(assigned, FieldInfo):
        info = info.merged(assigned)
    elif assigned is not UNDEFINED:
        info = info.merged(FieldInfo(assigned))
    info.annotation = annotation
    info.metadata = tuple(metadata)
    return info


def is_annotated(annotation: Any) -> bool:
    """Whether it is ``Annotated[...]``, of typing or typing_extensions."""
    return hasattr(annotation, "__metadata__") and get_origin(annotation) is not None


def _fresh(default: Any) -> Any:
    if isinstance(default, (str, int, float, bytes, bool, type(None), tuple, frozenset)):
        return default
    if type(default) in (list, dict) and not default:
        return type(default)()
    return copy.deepcopy(default)


def _takes_data(factory: Callable[..., Any]) -> bool:
    if isinstance(factory, type):
        return False
    try:
        parameters = inspect.signature(factory).parameters.values()
    except (TypeError, ValueError):
        return False
    kinds = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    return sum(p.kind in kinds and p.default is inspect.Parameter.empty for p in parameters) == 1
