"""The type of FastAPI's form limits, which tests annotate with."""

from typing import Dict

_FormLimits = Dict[str, int]
