"""Bodies through the schemas of 256 types, in C++ and in Python."""

from functools import lru_cache
from typing import Any

from support import schema_texts
from support.schema_compare import Comparison


def check(text: bytes, _: Any) -> None:
    if text:
        comparison = comparison_of(text[0])
        comparison.add(text[1:])
        assert not comparison.wrong, comparison.wrong[0]


@lru_cache(None)
def comparison_of(number: int) -> Comparison:
    return Comparison(schema_texts.Types(number).make().annotation)
