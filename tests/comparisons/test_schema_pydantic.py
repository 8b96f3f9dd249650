"""pydantic's models where ours would stand. Skipped where pydantic is not installed, as only there
can its types be."""

import dataclasses
import subprocess
import sys
from pathlib import Path
from typing import Annotated, Any, Dict, List, Literal, Optional, Union

import pytest

pydantic = pytest.importorskip("pydantic", minversion="2.0")

from fasterapi._schema import INVALID, Constraints, Definitions, DumpOptions, compile  # noqa: E402
from fasterapi.models import Model  # noqa: E402


class Part(pydantic.BaseModel):  # type: ignore[name-defined,misc]
    part_id: int = pydantic.Field(alias="partId")
    note: Optional[str] = None

    @pydantic.field_validator("note")
    @classmethod
    def polite(cls, value: Optional[str]) -> Optional[str]:
        if value == "damn":
            raise ValueError("be polite")
        return value


@pydantic.dataclasses.dataclass
class Size:
    width: int


@dataclasses.dataclass
class Box:
    parts: List[Part]


class Shelf(Model):
    boxes: List[Box] = []
    size: Optional[Size] = None


def test_pydantic_models_validate_inside_ours() -> None:
    data = {"boxes": [{"parts": [{"partId": "5"}]}], "size": {"width": "3"}}
    shelf = Shelf.model_validate(data)
    assert shelf.boxes[0].parts[0] == Part(partId=5)
    assert shelf.size.width == 3
    assert compile(Shelf).dump(shelf, DumpOptions(exclude_none=True)) == {
        "boxes": [{"parts": [{"partId": 5}]}],
        "size": {"width": 3},
    }


def test_their_errors_are_told_in_place() -> None:
    errors: List[Dict[str, Any]] = []
    value = [{"partId": "x", "note": "damn"}, 5]
    assert compile(List[Part]).validate(value, ("body",), errors) is INVALID
    assert [(error["type"], error["loc"]) for error in errors] == [
        ("int_parsing", ["body", 0, "partId"]),
        ("value_error", ["body", 0, "note"]),
        ("model_attributes_type", ["body", 1]),
    ]
    assert errors[1]["msg"] == "Value error, be polite"
    assert isinstance(errors[1]["ctx"]["error"], ValueError)


def test_their_schemas_become_definitions() -> None:
    definitions = Definitions()
    schema = compile(Shelf).json_schema(definitions, "validation")
    assert definitions.resolve(schema) == {"$ref": "#/components/schemas/Shelf"}
    made = definitions.schemas()
    assert sorted(made) == ["Box", "Part", "Shelf", "Size"]
    assert made["Part"]["required"] == ["partId"]
    assert made["Box"]["properties"]["parts"]["items"] == {"$ref": "#/components/schemas/Part"}


def test_types_with_a_core_schema_and_constraints_of_ours() -> None:
    secret = compile(pydantic.SecretStr, Constraints(min_length=2))
    errors: List[Dict[str, Any]] = []
    assert secret.validate("abc", (), errors).get_secret_value() == "abc"
    assert secret.validate("a", (), errors) is INVALID
    assert errors[0]["type"] == "too_short"


def test_functions_and_fields_of_pydantic_in_annotated() -> None:
    from typing import Annotated

    even = Annotated[int, pydantic.Field(ge=2), pydantic.AfterValidator(lambda value: value // 2)]
    schema = compile(even)
    errors: List[Dict[str, Any]] = []
    assert schema.validate("4", (), errors) == 2
    assert schema.validate(1, (), errors) is INVALID
    assert errors[0]["ctx"] == {"ge": 2}


def test_the_package_does_not_import_pydantic() -> None:
    package = Path(sys.modules["fasterapi"].__path__[0]).parent
    code = (
        f"import sys; sys.path.insert(0, {str(package)!r}); import fasterapi;"
        "fasterapi.Model.model_validate({}); sys.exit('pydantic' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


class Cat(pydantic.BaseModel):  # type: ignore[name-defined,misc]
    kind: Literal["cat"]
    lives: int = 9


class Dog(pydantic.BaseModel):  # type: ignore[name-defined,misc]
    kind: Literal["dog"]


class Fish(Model):
    fins: int


def test_unions_of_their_models_are_theirs_and_others_ours() -> None:
    tagged = compile(Union[Cat, Dog], Constraints(discriminator="kind"))
    errors: List[Dict[str, Any]] = []
    assert tagged.validate({"kind": "dog"}, (), errors) == Dog(kind="dog")
    assert tagged.validate({"kind": "cow"}, ("body",), errors) is INVALID
    assert (errors[0]["type"], errors[0]["loc"]) == ("union_tag_invalid", ["body"])
    mixed = compile(Optional[Union[Cat, Fish]])
    assert mixed.validate({"fins": "2"}, (), errors) == Fish(fins=2)
    assert mixed.validate({"kind": "cat"}, (), errors) == Cat(kind="cat")
    assert mixed.dump(Cat(kind="cat"), DumpOptions()) == {"kind": "cat", "lives": 9}
    assert mixed.validate(None, (), errors) is None


def test_a_model_may_have_files() -> None:
    from fasterapi import App, Form, UploadFile

    class Upload(pydantic.BaseModel):  # type: ignore[name-defined,misc]
        name: str
        file: UploadFile

    app = App()

    @app.post("/")
    def upload(form: Upload = Form()) -> List[Any]:
        return [form.name, form.file.filename, form.file.file.read().decode()]

    head = b'--XX\r\nContent-Disposition: form-data; name="file"'
    fields = [("content-type", "multipart/form-data; boundary=XX")]
    name = b'--XX\r\nContent-Disposition: form-data; name="name"\r\n\r\nn\r\n'

    def send(part: bytes) -> Any:
        return app._call("POST", "/", headers=fields, body=name + head + part + b"\r\n--XX--")

    assert send(b'; filename="f"\r\n\r\nabc').body == b'["n","f","abc"]'
    assert b"Expected UploadFile" in send(b"\r\n\r\nabc").body
    schema = app.openapi()["components"]["schemas"]["Upload"]["properties"]["file"]
    assert schema["contentMediaType"] == "application/octet-stream"


def _kind_of(value: Any) -> Any:
    return value.get("kind") if isinstance(value, dict) else type(value).__name__.lower()


@pytest.mark.parametrize(
    "value", [{"kind": "part", "partId": 1}, {"kind": "x"}, {}, {"kind": "part"}]
)
def test_a_callable_discriminator_does_as_theirs(value: Any) -> None:
    import fasterapi.models as ours

    def home(base: Any, mark: Any, choose: Any) -> Any:
        one = type("Part", (base,), {"__annotations__": {"partId": int}})
        two = type("Text", (base,), {"__annotations__": {"text": str}})
        tagged = Union[Annotated[one, mark("part")], Annotated[two, mark("text")]]
        pet = Annotated[tagged, choose(_kind_of)]
        return type("Home", (base,), {"__annotations__": {"pet": pet}})

    results = []
    for made, invalid in (
        (home(ours.Model, ours.Tag, ours.Discriminator), ours.ValidationError),
        (
            home(pydantic.BaseModel, pydantic.Tag, pydantic.Discriminator),
            pydantic.ValidationError,
        ),
    ):
        try:
            results.append(made.model_validate({"pet": value}).model_dump())
        except invalid as error:
            shown = ("type", "loc", "msg", "ctx")
            results.append([{k: e.get(k) for k in shown} for e in error.errors()])
        results.append(made.model_json_schema())
    assert results[:2] == results[2:]
