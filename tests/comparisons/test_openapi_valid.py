"""The documents of a realistic app, and of streams, webhooks and callbacks, before a validator of
OpenAPI. Skipped where openapi_spec_validator is not installed."""

import json
import warnings
from typing import Any, AsyncIterable, Iterable

import pytest

import fasterapi
import fasterapi.responses
import fasterapi.security
from fasterapi import APIRouter, App, EventSourceResponse, Model
from support.openapi_app import build, names_of

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    validator: Any = pytest.importorskip("openapi_spec_validator")


class Item(Model):
    name: str


def streaming_app() -> App:
    app, callbacks = App(title="t", version="1", root_path="/api"), APIRouter()

    @callbacks.post("{$callback_url}/paid")
    def paid(item: Item) -> None: ...

    @app.webhooks.post("new-item")
    def new_item(item: Item) -> None: ...

    @app.get("/lines", callbacks=callbacks.routes)
    def lines(callback_url: str) -> Iterable[Item]:
        yield Item(name="n")

    @app.get("/events", response_class=EventSourceResponse)
    async def events() -> AsyncIterable[Item]:
        yield Item(name="n")

    return app


def as_said(app: App) -> Any:
    """The document, as OpenAPI 3.2 where it describes a stream: ``itemSchema`` is new there, and
    FastAPI uses it in 3.1 as well."""
    document = app.openapi()
    is_streaming = "itemSchema" in json.dumps(document)
    return {**document, "openapi": "3.2.0"} if is_streaming else document


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", ["realistic", "streaming"])
def test_a_validator_takes_the_document(name: str) -> None:
    names = names_of(fasterapi, fasterapi.Model, fasterapi.Field)
    app = build(names) if name == "realistic" else streaming_app()
    validator.validate(as_said(app))


@pytest.mark.filterwarnings("ignore")
def test_the_validator_refuses_what_is_none() -> None:
    document = as_said(streaming_app())
    del document["info"]
    with pytest.raises(validator.validation.exceptions.OpenAPIValidationError, match="info"):
        validator.validate(document)
