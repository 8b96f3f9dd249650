"""Models: classes whose annotations say what data they take.

::

    class Item(Model):
        name: str = Field(min_length=1)
        price: float = Field(gt=0)
        tags: List[str] = []

    Item(name="nut", price="0.5")                 # Item(name='nut', price=0.5, tags=[])
    Item.model_validate({"name": "", "price": 1})  # ValidationError

As pydantic 2's BaseModel, whose names these are; docs/validation.md says where they differ.
"""

from typing import Any, Callable, Dict, Optional

from fasterapi._schema._chosen import Discriminator, Tag
from fasterapi._schema._decorators import (
    AfterValidator,
    BeforeValidator,
    PlainValidator,
    WrapValidator,
    field_validator,
    model_validator,
)
from fasterapi._schema._failure import ValidationError
from fasterapi._schema._field import UNDEFINED, Field, FieldInfo
from fasterapi._schema._functions import Info as ValidationInfo
from fasterapi._schema._model import Model

BaseModel = Model  #: as pydantic calls it

__all__ = [
    "AfterValidator",
    "BaseModel",
    "BeforeValidator",
    "ConfigDict",
    "Discriminator",
    "Field",
    "FieldInfo",
    "Model",
    "PlainValidator",
    "PrivateAttr",
    "Tag",
    "ValidationError",
    "ValidationInfo",
    "WrapValidator",
    "field_validator",
    "model_validator",
]


def ConfigDict(**config: Any) -> Dict[str, Any]:
    """A model's ``model_config``: extra (``ignore``, ``forbid``, ``allow``), populate_by_name,
    strict, frozen, validate_assignment, validate_default, from_attributes, use_enum_values,
    arbitrary_types_allowed, str_strip_whitespace, str_to_lower, str_to_upper, allow_inf_nan,
    coerce_numbers_to_str, title, json_schema_extra."""
    return config


def PrivateAttr(
    default: Any = UNDEFINED, *, default_factory: Optional[Callable[[], Any]] = None
) -> Any:
    """The start of an attribute, named with an underscore, that is no field."""
    return FieldInfo(default, default_factory=default_factory)
