"""What the tests take of FastAPI's private module: which pydantic there is, and what stands for
no value."""

from pydantic.version import VERSION

from fasterapi.params import UNDEFINED as Undefined  # noqa: F401

PYDANTIC_VERSION_MINOR_TUPLE = tuple(int(part) for part in VERSION.split(".")[:2])
