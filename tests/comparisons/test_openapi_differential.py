"""The document of one app made of fasterapi and of FastAPI: the same. Skipped where FastAPI is not
installed."""

import importlib

import pytest

fastapi = pytest.importorskip("fastapi", minversion="0.160")
pydantic = pytest.importorskip("pydantic", minversion="2.14")
pytest.importorskip("multipart")

importlib.import_module("fastapi.responses")
importlib.import_module("fastapi.security")

import fasterapi  # noqa: E402
import fasterapi.responses  # noqa: E402
import fasterapi.security  # noqa: E402
from fasterapi._openapi import document  # noqa: E402
from support.openapi_app import build, names_of  # noqa: E402


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("models", ["ours", "pydantic's"])
def test_the_documents_are_equal(models: str) -> None:
    theirs = build(names_of(fastapi, pydantic.BaseModel, pydantic.Field)).openapi()
    ours = names_of(fasterapi, fasterapi.Model, fasterapi.Field)
    if models != "ours":
        ours.Model, ours.Field = pydantic.BaseModel, pydantic.Field
    assert document(build(ours)) == theirs
