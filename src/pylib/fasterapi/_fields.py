"""One value that a request must bring: where it is, what it must be, what it is without."""

import copy
from typing import Any, Callable, Dict, List, Optional, Sequence

from fasterapi import _classify, _schema
from fasterapi._schema import INVALID, Loc
from fasterapi.params import UNDEFINED, ParamInfo

Errors = List[Dict[str, Any]]
SHARED = (str, int, float, bool, bytes, type(None))  # defaults that need no copy


class Field:
    """A parameter with its schema, made at registration. ``check`` is all that a request needs."""

    __slots__ = (
        "alias",
        "aliases",
        "annotation",
        "default_factory",
        "info",
        "is_required",
        "is_sequence",
        "loc",
        "name",
        "place",
        "schema",
        "_default",
    )

    def __init__(
        self,
        name: str,
        aliases: Sequence[str],
        annotation: Any,
        info: ParamInfo,
        schema: Any = None,
    ) -> None:
        self.name = name
        self.aliases = tuple(aliases)  # on the wire; the first that is there counts
        self.alias = aliases[0]
        self.annotation = annotation
        self.info = info
        self.is_required = info.is_required()
        self.default_factory: Optional[Callable[[], Any]] = info.default_factory
        self._default = info.default
        self.is_sequence = _classify.is_sequence(annotation)
        self.place = str(getattr(info.in_, "value", info.in_))  # path, query, header, cookie, body
        self.loc: Loc = (self.place, self.alias)
        self.schema = schema or _schema.compile(annotation, constraints_of(info))

    def under(self, alias: str) -> "Field":
        """The same under one of its aliases."""
        return Field(self.name, (alias,), self.annotation, self.info, self.schema)

    @property
    def default(self) -> Any:
        """A value of its own for each request."""
        if self.default_factory is not None:
            return self.default_factory()
        if isinstance(self._default, SHARED):
            return self._default
        return copy.deepcopy(self._default)

    def check(self, raw: Any, loc: Loc, errors: Errors) -> Any:
        """The value for what was received (UNDEFINED: nothing), or INVALID with an error added."""
        if raw is not UNDEFINED:
            if not self.info.fail_fast:
                return self.schema.validate(raw, loc, errors)
            before = len(errors)
            value = self.schema.validate(raw, loc, errors)
            del errors[before + 1 :]
            return value
        if not self.is_required:
            default = self.default
            if self.info.validate_default:
                return self.schema.validate(default, loc, errors)
            return default
        errors.append(missing(loc))
        return INVALID

    def pick(self, values: Any) -> Any:
        """What a multi-dict has for it: a text, a list of them, or UNDEFINED."""
        if self.is_sequence:
            return values.getlist(self.alias) or UNDEFINED
        return values.get(self.alias, UNDEFINED)

    def __repr__(self) -> str:
        return f"Field({self.place} {self.alias!r}: {self.annotation!r})"


def aliases_of(said: Any) -> Sequence[str]:
    """The names in an alias, which may be an AliasChoices of pydantic; its paths do not count."""
    choices = getattr(said, "choices", None)
    if choices is not None:
        return [choice for choice in choices if isinstance(choice, str)]
    return [said] if isinstance(said, str) else []


def has_paths(said: Any) -> bool:
    """Whether an alias is an AliasPath of pydantic, or a choice with one."""
    return any(hasattr(each, "path") for each in (said, *getattr(said, "choices", ())))


def constraints_of(info: ParamInfo) -> Optional[_schema.Constraints]:
    """What the parameter's declaration asks of the value."""
    said = info.constraints()
    said.pop("fail_fast", None)  # see Field.check
    if info.discriminator is not None:
        said["discriminator"] = info.discriminator
    return _schema.Constraints(**said) if said else None


def missing(loc: Loc) -> Dict[str, Any]:
    """The entry of a 422 for a value that is not there."""
    return {"type": "missing", "loc": list(loc), "msg": "Field required", "input": None}
