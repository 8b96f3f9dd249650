"""Values as plain data: what JSON can hold, or Python's own types."""

import dataclasses
import datetime
import decimal
import enum
import math
import pathlib
import uuid
from typing import Any, Callable, Dict, Mapping, Optional, Tuple

from fasterapi._schema import _durations

_PLAIN = (str, int, bool, type(None))


class DumpOptions:
    """How to dump. ``include`` and ``exclude`` are sets of names, or dicts of names to what is
    below them, as in pydantic."""

    __slots__ = (
        "by_alias",
        "exclude",
        "exclude_defaults",
        "exclude_none",
        "exclude_unset",
        "include",
        "mode",
    )

    def __init__(
        self,
        *,
        mode: str = "json",
        by_alias: bool = True,
        include: Any = None,
        exclude: Any = None,
        exclude_unset: bool = False,
        exclude_defaults: bool = False,
        exclude_none: bool = False,
    ) -> None:
        self.mode = mode
        self.by_alias = by_alias
        self.include = include
        self.exclude = exclude
        self.exclude_unset = exclude_unset
        self.exclude_defaults = exclude_defaults
        self.exclude_none = exclude_none

    @property
    def is_selective(self) -> bool:
        """Whether only a part of the value is wanted."""
        return self.include is not None or self.exclude is not None

    @property
    def is_usual(self) -> bool:
        """Whether nothing is said but what holds without saying it."""
        usual = DumpOptions()
        return all(getattr(self, name) == getattr(usual, name) for name in self.__slots__)

    def below(self, key: Any, size: Optional[int] = None) -> Optional["DumpOptions"]:
        """The options for the value at a key or index, or None if it is left out. ``size`` is the
        length of the sequence that an index is in."""
        if not self.is_selective:
            return self
        wanted, included = _select(self.include, key, size)
        if self.include is not None and not wanted:
            return None
        unwanted, excluded = _select(self.exclude, key, size)
        if unwanted and excluded is None:
            return None
        return self._with(included, excluded)

    def _with(self, include: Any, exclude: Any) -> "DumpOptions":
        return DumpOptions(
            mode=self.mode,
            by_alias=self.by_alias,
            include=include,
            exclude=exclude,
            exclude_unset=self.exclude_unset,
            exclude_defaults=self.exclude_defaults,
            exclude_none=self.exclude_none,
        )


def _select(selection: Any, key: Any, size: Optional[int]) -> Tuple[bool, Any]:
    """Whether a selection names the key, and what of it (None: all)."""
    if selection is None:
        return False, None
    keys = [key]
    if size is not None:
        keys += [key - size, "__all__"]
    elif isinstance(selection, Mapping):
        keys.append("__all__")
    for name in keys:
        if name in selection:
            below = selection[name] if isinstance(selection, Mapping) else None
            if below is False:
                continue
            return True, None if below is True or below is ... else below
    return False, None


def dump_any(value: Any, options: DumpOptions) -> Any:
    """By the value's own type. TypeError for what JSON cannot hold, in JSON mode."""
    kind = type(value)
    if kind in _PLAIN:
        return value
    if kind is float:
        return value if options.mode == "python" or math.isfinite(value) else None
    own = getattr(kind, "__fasterapi_schema__", None)
    if own is not None:
        return own().dump(value, options)
    if isinstance(value, dict):
        return _dump_mapping(value, options)
    if isinstance(value, (list, tuple, set, frozenset)):
        return _dump_items(value, options)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        names = [field.name for field in dataclasses.fields(value)]
        return _dump_mapping({name: getattr(value, name) for name in names}, options)
    if hasattr(kind, "__pydantic_serializer__"):
        return dump_foreign(value, kind.__pydantic_serializer__, options)
    if options.mode == "python":
        return value
    return _dump_leaf(value)


def dump_foreign(value: Any, serializer: Any, options: DumpOptions) -> Any:
    """By a serializer that pydantic compiled."""
    return serializer.to_python(
        value,
        mode=options.mode,
        by_alias=options.by_alias,
        include=options.include,
        exclude=options.exclude,
        exclude_unset=options.exclude_unset,
        exclude_defaults=options.exclude_defaults,
        exclude_none=options.exclude_none,
        warnings=False,
    )


def dump_key(key: Any, options: DumpOptions) -> Any:
    """A key of an object: a str in JSON."""
    if options.mode == "python" or type(key) is str:
        return key
    if key is None:
        return "None"
    plain = dump_any(key, options)
    if isinstance(plain, list):
        return ",".join(str(part) for part in plain)
    if isinstance(plain, bool):
        return "true" if plain else "false"
    return plain if isinstance(plain, str) else str(plain)


def iso_time(value: Any) -> str:
    """``isoformat()`` with Z for UTC."""
    text: str = value.isoformat()
    return text[:-6] + "Z" if text.endswith("+00:00") else text


def _dump_mapping(value: Mapping[Any, Any], options: DumpOptions) -> Dict[Any, Any]:
    made = {}
    for key, item in value.items():
        below = options.below(key)
        if below is not None:
            made[dump_key(key, options)] = dump_any(item, below)
    return made


def _dump_items(value: Any, options: DumpOptions) -> Any:
    size = len(value)
    pairs = ((item, options.below(index, size)) for index, item in enumerate(value))
    made = [dump_any(item, below) for item, below in pairs if below is not None]
    if options.mode == "json" or isinstance(value, list):
        return made
    return tuple(made) if isinstance(value, tuple) else type(value)(made)


_LEAVES: Tuple[Tuple[Any, Callable[[Any], Any]], ...] = (
    (enum.Enum, lambda value: dump_any(value.value, DumpOptions())),
    ((datetime.datetime, datetime.time), iso_time),
    (datetime.date, lambda value: value.isoformat()),
    (datetime.timedelta, _durations.iso),
    ((uuid.UUID, decimal.Decimal, pathlib.PurePath), str),
    ((bytes, bytearray), lambda value: bytes(value).decode()),
    (str, str),
    (int, int),
    (float, float),
)


def _dump_leaf(value: Any) -> Any:
    for kind, dump in _LEAVES:
        if isinstance(value, kind):
            return dump(value)
    if hasattr(value, "__iter__"):
        return [dump_any(item, DumpOptions()) for item in value]
    raise TypeError(f"{type(value).__name__} cannot be dumped as JSON: {value!r}")
