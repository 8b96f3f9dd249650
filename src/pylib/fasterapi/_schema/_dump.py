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


#: What of a value is meant: names, or indices of a sequence, to what of the value there, ... for all
#: of it. ``__all__`` stands for those that are not named.
Choice = Dict[Any, Any]


class DumpOptions:
    """How to dump. ``include`` and ``exclude`` are sets of names, or dicts of names to what is
    below them, as in pydantic."""

    include: Optional[Choice]
    exclude: Optional[Choice]

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
        self.include = _choice_of(include)
        self.exclude = _choice_of(exclude)
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
        keys = (key, "__all__") if size is None else (key, key - size, "__all__")
        wanted, included = _select(self.include, keys)
        if self.include is not None and not wanted:
            return None
        unwanted, excluded = _select(self.exclude, keys)
        if unwanted and excluded is None:
            return None
        return self.chosen(included, excluded)

    def chosen(self, include: Optional[Choice], exclude: Optional[Choice]) -> "DumpOptions":
        """The same for another part of the value."""
        made = DumpOptions.__new__(DumpOptions)
        for name in self.__slots__:
            setattr(made, name, getattr(self, name))
        made.include, made.exclude = include, exclude
        return made


def _select(choice: Optional[Choice], keys: Tuple[Any, ...]) -> Tuple[bool, Optional[Choice]]:
    """Whether a choice names one of the keys, and what of it (None: all)."""
    named = choice or {}
    for name in keys:
        if name in named:
            below = named[name]
            return True, None if below is ... else below
    return False, None


def _choice_of(said: Any) -> Optional[Choice]:
    """As pydantic reads include and exclude. What is said of all holds beside what is said of one."""
    if said is None:
        return None
    if not isinstance(said, Mapping):
        return dict.fromkeys(said, ...)
    made = {
        name: ... if below is True or below is ... or below is None else _choice_of(below)
        for name, below in said.items()
        if below is not False
    }
    of_all = made.get("__all__", ...)
    return {name: _merged(below, of_all) for name, below in made.items()}


def _merged(one: Any, of_all: Any) -> Any:
    if one is ... or of_all is ... or one is of_all:
        return one
    both = {name: _merged(one[name], of_all[name]) for name in one if name in of_all}
    return {**one, **of_all, **both}


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
    return serializer.to_python(value, mode=options.mode, **said_to_foreign(options))


def said_to_foreign(options: DumpOptions) -> Dict[str, Any]:
    """The options as pydantic's keywords, but the mode. Those that say nothing are left out."""
    made = {name: getattr(options, name) for name in DumpOptions.__slots__ if name != "mode"}
    said = {name: value for name, value in made.items() if value is not None and value is not False}
    return {**said, "by_alias": options.by_alias, "warnings": False}


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
