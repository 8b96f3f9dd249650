"""Models that tests of several sides of them use."""

import datetime as dt
from typing import Any, ClassVar, List, Optional

import pytest

from fasterapi.models import Field, Model, ValidationError


class Tag(Model):
    name: str


class Item(Model):
    """A thing to sell."""

    name: str = Field(min_length=1, description="what it is called")
    price: float = Field(gt=0)
    tags: List[Tag] = []
    made: Optional[dt.date] = None
    count: int = Field(default_factory=lambda: 3)
    kind: ClassVar[str] = "thing"


class Node(Model):
    value: int
    children: List["Node"] = []


class Open(Model):
    model_config = {"extra": "allow"}
    x: int = 1


def problems(cls: Any, data: Any) -> List[Any]:
    with pytest.raises(ValidationError) as caught:
        cls.model_validate(data)
    return [(error["type"], error["loc"]) for error in caught.value.errors()]
