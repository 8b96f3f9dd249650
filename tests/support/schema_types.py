"""Types that schemas are tried on, besides those made at random."""

import enum
import sys
from typing import NamedTuple

if sys.version_info >= (3, 12):
    from typing import TypedDict
else:  # pydantic takes no older one of typing
    from typing_extensions import TypedDict


class Level(enum.IntEnum):
    LOW = 1
    HIGH = 2


class Word(str, enum.Enum):
    A = "a"
    B = "b"


class Movie(TypedDict, total=False):
    name: str
    year: int


class Pair(NamedTuple):
    first: int
    second: str = "b"
