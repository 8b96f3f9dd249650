"""Functions in a model's body that validate."""

import inspect
from typing import Any, Callable, NamedTuple, Tuple, TypeVar

Function = TypeVar("Function")

_MODES = ("before", "after", "wrap", "plain")


class Validator(NamedTuple):
    """What a decorator says: the function's name, when it runs, and on which fields (none: on the
    model)."""

    name: str
    mode: str
    fields: Tuple[str, ...]


class Marked:
    """A decorated function, until the model's class is made of its body."""

    def __init__(self, function: Any, mode: str, fields: Tuple[str, ...]) -> None:
        self.function = function
        self.mode = mode
        self.fields = fields


def field_validator(
    field: str, *fields: str, mode: str = "after"
) -> Callable[[Function], Function]:
    """Decorates a class method ``(cls, value)`` or ``(cls, value, info)`` that gives the value, or
    raises ValueError.

    mode: ``before`` or ``after`` the field's own validation, ``wrap`` around it (with a handler
    before ``info``), ``plain`` instead. ``"*"`` is every field. ``info.data`` has the fields before
    this one.
    """
    _check_mode(mode, _MODES)

    def mark(function: Any) -> Any:
        return Marked(_class_method(function), mode, (field, *fields))

    return mark


def model_validator(*, mode: str) -> Callable[[Function], Function]:
    """Decorates a function on the whole model: ``after`` as a method that gives ``self``;
    ``before`` and ``wrap`` as class methods on the data."""
    _check_mode(mode, _MODES[:3])

    def mark(function: Any) -> Any:
        return Marked(function if mode == "after" else _class_method(function), mode, ())

    return mark


def _check_mode(mode: str, modes: Tuple[str, ...]) -> None:
    if mode not in modes:
        raise TypeError(f"mode is one of {', '.join(modes)}, not {mode!r}")


def _class_method(function: Any) -> Any:
    if isinstance(function, (classmethod, staticmethod)):
        return function
    first = next(iter(inspect.signature(function).parameters), "")
    if first == "self":
        raise TypeError(f"{function.__qualname__}: a validator of this mode is a class method")
    return classmethod(function)


class FunctionValidator(NamedTuple):
    """A function for ``Annotated``; see the makers below."""

    func: Callable[..., Any]


class AfterValidator(FunctionValidator):
    """``Annotated[int, AfterValidator(check)]``: ``check(value)`` after the type's validation."""


class BeforeValidator(FunctionValidator):
    """The same, before the type's validation."""


class PlainValidator(FunctionValidator):
    """The same, in place of the type's validation."""


class WrapValidator(FunctionValidator):
    """``check(value, handler)`` around the type's validation."""
