"""The OpenAPI document of a realistic app, part by part."""

import json
from types import SimpleNamespace
from typing import Any, Dict, List

import pytest

import fasterapi
import fasterapi.responses
import fasterapi.security
from fasterapi import APIRouter, App, Field, Model
from fasterapi._openapi import document, get_openapi
from support.openapi_app import build, names_of


@pytest.fixture(scope="module")
def made() -> Dict[str, Any]:
    return document(build(names_of(fasterapi, Model, Field)))


def operation(made: Dict[str, Any], method: str, path: str) -> SimpleNamespace:
    return SimpleNamespace(**made["paths"][path][method])


def test_the_document_is_plain_json_about_the_app(made: Dict[str, Any]) -> None:
    assert json.loads(json.dumps(made)) == made
    assert made["openapi"] == "3.1.0"
    assert made["info"] == {
        "title": "Shop",
        "version": "1.2",
        "summary": "sells",
        "description": "A **shop**.",
        "termsOfService": "http://example.com/terms",
        "contact": {"name": "Ann", "url": "http://example.com/", "email": "ann@example.com"},
        "license": {"name": "MIT"},
    }
    assert made["servers"] == [{"url": "http://example.com", "description": "here"}]
    assert made["tags"] == [{"name": "items", "description": "things"}]


def test_paths_are_those_in_the_schema(made: Dict[str, Any]) -> None:
    assert "/files/{name}" in made["paths"]
    assert "/inside" not in made["paths"]
    assert sorted(made["paths"]["/v1/items/{item_id}"]) == ["delete", "put"]


def test_an_operation_says_what_it_is(made: Dict[str, Any]) -> None:
    listed = operation(made, "get", "/v1/items")
    assert listed.tags == ["items"]
    assert listed.summary == "List Items"
    assert listed.description == "Lists items.\n\nWith pages."
    assert listed.operationId == "list_items_v1_items_get"
    replaced = operation(made, "put", "/v1/items/{item_id}")
    assert (replaced.operationId, replaced.deprecated) == ("replace", True)


def test_parameters_come_from_the_handler_and_its_dependencies(made: Dict[str, Any]) -> None:
    listed = {p["name"]: p for p in operation(made, "get", "/v1/items").parameters}
    assert list(listed) == ["kind", "q", "id", "offset", "limit"]
    assert listed["q"] == {
        "name": "q",
        "in": "query",
        "required": False,
        "description": "words",
        "deprecated": True,
        "schema": {
            "anyOf": [{"type": "string", "minLength": 2, "maxLength": 9}, {"type": "null"}],
            "title": "Q",
            "description": "words",
            "deprecated": True,
        },
    }
    assert listed["id"]["schema"] == {
        "type": "array",
        "items": {"type": "integer"},
        "title": "Id",
        "default": [],
    }
    assert listed["limit"]["schema"]["maximum"] == 100
    read = operation(made, "get", "/files/{name}").parameters
    assert [(p["name"], p["in"], p["required"]) for p in read] == [
        ("name", "path", True),
        ("x-token", "header", True),
        ("user-agent", "header", False),
        ("tracker", "cookie", False),
    ]


def test_a_model_of_parameters_is_taken_apart(made: Dict[str, Any]) -> None:
    parameters = operation(made, "get", "/search").parameters
    assert [(p["name"], p["required"]) for p in parameters] == [
        ("limit", False),
        ("order_by", False),
        ("words", False),
    ]
    assert parameters[0]["description"] == "at most"


def body_of(made: Dict[str, Any], method: str, path: str) -> Dict[str, Any]:
    body: Dict[str, Any] = operation(made, method, path).requestBody
    return body


def test_one_body_is_itself_and_several_are_members(made: Dict[str, Any]) -> None:
    assert body_of(made, "post", "/v1/items") == {
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Item-Input"}}},
        "required": True,
    }
    reference = {"$ref": "#/components/schemas/Body_replace"}
    assert body_of(made, "put", "/v1/items/{item_id}") == {
        "content": {"application/json": {"schema": reference}},
        "required": True,
    }
    assert made["components"]["schemas"]["Body_replace"] == {
        "properties": {
            "item": {"$ref": "#/components/schemas/Item-Input"},
            "importance": {"type": "integer", "exclusiveMinimum": 0, "title": "Importance"},
            "owner": {"anyOf": [{"$ref": "#/components/schemas/Owner"}, {"type": "null"}]},
        },
        "type": "object",
        "required": ["item", "importance"],
        "title": "Body_replace",
    }


def test_forms_and_files_have_their_media_types(made: Dict[str, Any]) -> None:
    assert list(body_of(made, "post", "/login")["content"]) == ["application/x-www-form-urlencoded"]
    assert list(body_of(made, "post", "/upload")["content"]) == ["multipart/form-data"]
    upload = made["components"]["schemas"]["Body_upload_upload_post"]
    file = {"type": "string", "contentMediaType": "application/octet-stream"}
    assert upload["properties"]["file"] == {**file, "title": "File"}
    assert upload["properties"]["more"]["items"] == file
    assert upload["required"] == ["file"]


def test_a_tagged_union_has_a_discriminator(made: Dict[str, Any]) -> None:
    content = body_of(made, "post", "/pets")["content"]["application/json"]
    assert content["schema"]["discriminator"] == {
        "propertyName": "pet",
        "mapping": {"cat": "#/components/schemas/Cat", "dog": "#/components/schemas/Dog"},
    }
    assert content["examples"] == {"cat": {"summary": "x", "value": {"pet": "cat"}}}


def test_responses_are_the_handlers_and_those_that_are_said(made: Dict[str, Any]) -> None:
    created = operation(made, "post", "/v1/items").responses
    assert sorted(created) == ["201", "404", "422"]
    assert created["201"] == {
        "description": "The item as stored",
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Stored"}}},
    }
    assert created["404"]["description"] == "Not Found"
    assert operation(made, "delete", "/v1/items/{item_id}").responses["204"] == {
        "description": "Successful Response"
    }
    assert list(operation(made, "get", "/go").responses) == ["307"]
    found = operation(made, "get", "/search").responses
    assert sorted(found) == ["200", "4XX"]
    assert found["200"]["content"]["application/json"]["schema"]["title"] == (
        "Response Search Search Get"
    )


def test_security_schemes_are_named_with_their_scopes(made: Dict[str, Any]) -> None:
    assert operation(made, "post", "/v1/items").security == [
        {"APIKeyHeader": ["write"]},
        {"OAuth2PasswordBearer": ["write", "read"]},
    ]
    schemes = made["components"]["securitySchemes"]
    assert schemes["APIKeyHeader"] == {"type": "apiKey", "in": "header", "name": "X-Key"}
    flows = schemes["OAuth2PasswordBearer"]["flows"]
    assert flows["password"]["scopes"] == {"read": "Read", "write": "Write"}


def test_models_are_named_once_or_by_their_direction(made: Dict[str, Any]) -> None:
    schemas = made["components"]["schemas"]
    assert {"Item-Input", "Item-Output", "Owner"} <= set(schemas)
    assert not {"Item", "Owner-Input"} & set(schemas)
    assert schemas["Tree-Input"]["properties"]["children"]["items"] == {
        "$ref": "#/components/schemas/Tree-Input"
    }
    assert schemas["Kind"] == {
        "title": "Kind",
        "description": "What it is.",
        "enum": ["tool", "part"],
        "type": "string",
    }
    assert schemas["HTTPValidationError"]["properties"]["detail"]["items"] == {
        "$ref": "#/components/schemas/ValidationError"
    }


def test_input_and_output_are_apart_only_where_they_differ() -> None:
    from decimal import Decimal

    class Price(Model):
        amount: Decimal

    app = App()

    @app.post("/prices")
    def post(price: Price) -> Price:
        return price

    schemas = document(app)["components"]["schemas"]
    assert schemas["Price-Input"]["properties"]["amount"]["anyOf"][0] == {"type": "number"}
    assert schemas["Price-Output"]["properties"]["amount"] == {"type": "string", "title": "Amount"}
    one = get_openapi(
        title="x", version="1", routes=app.routes, separate_input_output_schemas=False
    )
    assert "Price" in one["components"]["schemas"]


def test_models_of_the_same_name_are_told_apart_by_their_place() -> None:
    def first() -> Any:
        class Thing(Model):
            a: int

        return Thing

    def second() -> Any:
        class Thing(Model):
            b: int

        return Thing

    app = App()
    app.get("/a", response_model=first())(lambda: None)
    app.get("/b", response_model=List[second()])(lambda: None)  # type: ignore[misc]
    names = [name for name in document(app)["components"]["schemas"] if "Thing" in name]
    assert len(names) == 2
    assert all(name.endswith("Thing") and "__" in name for name in names)


def test_an_operation_id_that_occurs_twice_is_warned_of() -> None:
    app = App()
    app.get("/a", operation_id="same")(lambda: None)
    app.get("/b", operation_id="same")(lambda: None)
    with pytest.warns(UserWarning, match="Duplicate Operation ID same"):
        document(app)


def test_an_app_without_routes_has_a_document() -> None:
    assert document(App(title="t", version="v")) == {
        "openapi": "3.1.0",
        "info": {"title": "t", "version": "v"},
        "paths": {},
    }


def test_operation_ids_may_be_made_by_a_function() -> None:
    router = APIRouter(
        tags=["things"], generate_unique_id_function=lambda route: f"{route.tags[0]}-{route.name}"
    )

    @router.get("/a")
    def first() -> None:
        raise NotImplementedError

    app = App()
    app.include_router(router)
    assert document(app)["paths"]["/a"]["get"]["operationId"] == "things-first"
    router.routes[0].operation_id = "later"
    assert document(app)["paths"]["/a"]["get"]["operationId"] == "later"


def test_a_handler_that_returns_none_is_described_as_one_that_says_nothing() -> None:
    app = App()

    @app.get("/none")
    def none() -> None: ...

    said = document(app)["paths"]["/none"]["get"]["responses"]["200"]
    assert said["content"] == {"application/json": {"schema": {}}}
