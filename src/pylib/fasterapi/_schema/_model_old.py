"""The verbs that models had in pydantic 1, which pydantic 2 has still."""

import warnings
from typing import Any, Dict, Mapping, Optional


class OldVerbs:
    """A part of Model; each says with a DeprecationWarning what it is called now."""

    __slots__ = ()

    def dict(self: Any, **options: Any) -> "Dict[str, Any]":
        """As model_dump."""
        _warn("dict", "model_dump")
        made: Dict[str, Any] = self.model_dump(**options)
        return made

    def json(self: Any, **options: Any) -> str:
        """As model_dump_json."""
        _warn("json", "model_dump_json")
        return str(self.model_dump_json(**options))

    def copy(self: Any, *, update: Optional[Mapping[str, Any]] = None, deep: bool = False) -> Any:
        """As model_copy."""
        _warn("copy", "model_copy")
        return self.model_copy(update=update, deep=deep)

    @classmethod
    def parse_obj(cls: Any, obj: Any) -> Any:
        """As model_validate."""
        _warn("parse_obj", "model_validate")
        return cls.model_validate(obj)

    @classmethod
    def parse_raw(cls: Any, b: Any) -> Any:
        """As model_validate_json."""
        _warn("parse_raw", "model_validate_json")
        return cls.model_validate_json(b)

    @classmethod
    def from_orm(cls: Any, obj: Any) -> Any:
        """As model_validate with from_attributes."""
        _warn("from_orm", "model_validate")
        return cls.model_validate(obj, from_attributes=True)

    @classmethod
    def schema(cls: Any, **options: Any) -> "Dict[str, Any]":
        """As model_json_schema."""
        _warn("schema", "model_json_schema")
        made: Dict[str, Any] = cls.model_json_schema(**options)
        return made


def _warn(old: str, new: str) -> None:
    warnings.warn(f"`{old}` is now `{new}`", DeprecationWarning, stacklevel=3)
