"""Forms: urlencoded and multipart, their fields, files and limits."""

import asyncio
import io
import json
from typing import Annotated, Any, Dict, List, Literal, Tuple, Union

import pytest

from fasterapi import App, Field, Form, Model, Request, UploadFile
from fasterapi._forms import Limits, parse_form
from fasterapi.datastructures import FormData
from fasterapi.exceptions import HTTPException
from support.form_app import app
from support.forms import MULTIPART, URLENCODED, part


def post(target: str, body: bytes, content_type: str = URLENCODED) -> Tuple[int, Any]:
    answer = app._call("POST", target, headers=[("content-type", content_type)], body=body)
    return answer.status, json.loads(answer.body)


def multipart(target: str, *parts: bytes) -> Tuple[int, Any]:
    return post(target, b"".join(parts) + b"--XX--\r\n", MULTIPART)


def missing(name: str, given: Any = None) -> Tuple[int, Dict[str, Any]]:
    entry = {"type": "missing", "loc": ["body", name], "msg": "Field required", "input": given}
    return 422, {"detail": [entry]}


def test_fields():
    assert post("/fields", b"name=a+b%21&n=7") == (200, ["a b!", 7])
    assert post("/fields", b"name=&n=") == missing("name")
    assert post("/fields", b"{}", "application/json") == missing("name")
    assert multipart("/fields", part("name", "ü!".encode()), part("n", b"2")) == (200, ["ü!", 2])


def test_lists_aliases_and_models():
    assert post("/lists", b"ids=1&ids=2&an-alias=x") == (200, [[1, 2], None, "x"])
    person = {"name": "a", "age": 3, "tags": ["x", "y"]}
    assert post("/model", b"name=a&tags=x&tags=y&more=1") == (200, person)
    assert post("/strict", b"name=a&more=1")[1]["detail"][0]["type"] == "extra_forbidden"


def test_the_password_form():
    sent = b"username=u&password=p&scope=a+b"
    assert post("/token", sent) == (200, ["u", "p", ["a", "b"], None, None])
    assert post("/token-strict", sent) == missing("grant_type")
    assert post("/token-strict", sent + b"&grant_type=password") == (200, ["u", ["a", "b"]])


def test_a_field_that_two_take():
    assert post("/shared", b"a=1") == (200, ["1", "1", "b"])


def test_files():
    sent = part("file", b"a\r\nb\xff", "f.txt", "text/plain")
    assert multipart("/upload", sent, part("note", b"n")) == (
        200,
        ["f.txt", "text/plain", 5, "a\r\nbÿ", "n"],
    )
    assert multipart("/upload-sync", sent) == (200, ["f.txt", "a\r\nbÿ"])
    assert multipart("/file-bytes", part("data", b"\0\xff", "x")) == (200, ["\0ÿ", ""])
    assert multipart("/upload") == missing("file")
    assert multipart("/optional") == (200, None)


def test_a_multipart_body_of_nothing_has_no_fields():
    assert post("/upload", b"", MULTIPART) == missing("file")
    assert post("/fields", b"", MULTIPART) == missing("name")
    assert post("/optional", b"", MULTIPART) == (200, None)
    assert post("/request", b"", MULTIPART) == (200, [])


def test_several_files():
    files = [part("files", b"1", "a"), part("files", b"2", "b")]
    assert multipart("/several", *files) == (200, [["a", "1"], ["b", "2"]])
    assert multipart("/several-bytes", *files) == (200, ["1", "2"])
    assert multipart("/several-bytes", *files, files[0])[1]["detail"][0]["type"] == "too_long"


def test_text_where_a_file_is_wanted():
    status, answer = multipart("/upload", part("file", b"text"))
    assert status == 422
    assert answer["detail"][0] == {
        "type": "value_error",
        "loc": ["body", "file"],
        "msg": "Value error, Expected UploadFile, received: <class 'str'>",
        "input": "text",
        "ctx": {"error": {}},
    }
    status, answer = multipart("/several", part("files", b"1", "a"), part("files", b"x"))
    assert answer["detail"][0]["loc"] == ["body", "files", 1]


def test_a_form_by_hand():
    sent = [part("a", b"1"), part("f", b"2", "name")]
    assert multipart("/request", *sent) == (200, [["a", "1"], ["f", "name"]])
    many = multipart("/request", *[part("a", b"1")] * 4)
    assert many == (400, {"detail": "Too many fields. Maximum number of fields is 3."})
    assert multipart("/request", part("a", b"x" * 11))[0] == 400

    made = App()

    @made.post("/")
    def handler(request: Request) -> Any:
        form = request.form()
        return [form is request.form(), form["a"], "b" in form, len(form)]

    answer = made._call("POST", "/", headers=[("content-type", URLENCODED)], body=b"a=1&a=2")
    assert answer.body == b'[true,"2",false,1]'


def test_urlencoded_fields_are_limited():
    assert len(parse_form(b"&".join([b"a=1"] * 1000), URLENCODED).getlist("a")) == 1000
    with pytest.raises(HTTPException, match="Too many fields"):
        parse_form(b"&".join([b"a=1"] * 1001), URLENCODED)
    assert len(parse_form(b"&&" + b"&&&".join([b"a=1"] * 1000) + b"&", URLENCODED).getlist("a")) == 1000


def test_the_form_of_the_arguments_is_the_requests():
    made = App(form_limits={"max_fields": 1})

    @made.post("/")
    async def handler(request: Request, a: Annotated[str, Form()]) -> Any:
        return (await request.form(max_fields=0))["a"] == a

    answer = made._call("POST", "/", headers=[("content-type", URLENCODED)], body=b"a=1")
    assert answer.body == b"true"


def test_limits_are_copied():
    limits = {"max_fields": 1}
    made = App(form_limits=limits)
    limits["max_fields"] = 0
    made.post("/")(lambda a=Form(): a)
    headers = [("content-type", URLENCODED)]
    assert made._call("POST", "/", headers=headers, body=b"a=1").body == b'"1"'


def test_the_size_of_urlencoded_fields_is_limited():
    limits = Limits(max_part_size=4)
    parsed = parse_form(b"a=123&b=%21&&", URLENCODED, limits)
    assert parsed.multi_items() == [("a", "123"), ("b", "!")]
    for body in (b"a=1234", b"a=1&b=%21%21", b"abcde"):
        with pytest.raises(HTTPException, match="Field exceeded maximum size"):
            parse_form(body, URLENCODED, limits)
    assert parse_form(b"", URLENCODED, Limits(max_fields=0)).multi_items() == []


def test_files_are_closed_after_the_response():
    made = App()
    kept = []

    @made.post("/")
    def handler(file: UploadFile) -> Any:
        kept.append(file)
        return file.file.closed

    body = part("file", b"x", "f") + b"--XX--"
    answer = made._call("POST", "/", headers=[("content-type", MULTIPART)], body=body)
    assert answer.body == b"false"
    assert kept[0].file.closed


def test_upload_file():
    async def use() -> Any:
        file = UploadFile(io.BytesIO(b"abc"), size=3, filename="f")
        first = await file.read(1)
        assert file.peek() == b"bc"
        rest = await file.read()
        await file.write(b"d")
        await file.seek(2)
        shown = first, rest, await file.read(), file.size, file.content_type
        await file.close()
        return shown

    assert asyncio.run(use()) == (b"a", b"bc", b"cd", 4, None)


def test_form_data_is_a_mapping_of_the_last():
    form = FormData([("a", "1"), ("b", "2"), ("a", "3")])
    assert dict(form) == {"a": "3", "b": "2"}
    assert form.getlist("a") == ["1", "3"]


def urlencoded(app: App, body: bytes) -> Any:
    """What a form gets for an answer."""
    answer = app._call("POST", "/", headers=[("content-type", URLENCODED)], body=body)
    return json.loads(answer.body)


def test_a_union_of_models():
    class Cat(Model):
        kind: Literal["cat"]
        lives: int

    class Dog(Model):
        kind: Literal["dog"]
        tricks: List[str] = []

    made = App()

    @made.post("/")
    def handler(pet: Annotated[Union[Cat, Dog, None], Form()] = None) -> Any:
        return pet and pet.model_dump()

    assert urlencoded(made, b"kind=cat&lives=9") == {"kind": "cat", "lives": 9}
    assert urlencoded(made, b"kind=dog&tricks=sit") == {"kind": "dog", "tricks": ["sit"]}
    assert urlencoded(made, b"") is None


@pytest.mark.parametrize("said", [Form(), Form(discriminator="kind")])
def test_each_model_of_a_union_takes_its_own_fields(said):
    class Text(Model):
        kind: Literal["text"]
        value: str

    class Several(Model):
        kind: Literal["several"]
        value: List[str] = []

    made = App()

    @made.post("/")
    def handler(data: Annotated[Union[Text, Several], said]) -> Any:
        return data.model_dump()

    assert urlencoded(made, b"kind=several&value=a") == {"kind": "several", "value": ["a"]}
    assert urlencoded(made, b"kind=text&value=a&value=b") == {"kind": "text", "value": "b"}
    errors = urlencoded(made, b"kind=text&value=")["detail"]
    assert "missing" in [entry["type"] for entry in errors if entry["loc"][-1] == "value"]


def test_the_next_name_of_a_field_counts_where_the_first_is_empty():
    class Either(Model):
        model_config = {"populate_by_name": True}
        name: str = Field(alias="n", default="none")

    made = App()

    @made.post("/")
    def handler(data: Annotated[Either, Form()]) -> Any:
        return data.name

    send = [("content-type", URLENCODED)]
    assert made._call("POST", "/", headers=send, body=b"n=&name=x").body == b'"x"'
    assert made._call("POST", "/", headers=send, body=b"n=y&name=x").body == b'"y"'


def test_an_empty_multipart_body_is_an_empty_form():
    assert parse_form(b"", MULTIPART).multi_items() == []
    assert post("/fields", b"", MULTIPART) == missing("name")


def test_the_media_type_of_a_form_is_the_one_that_is_said():
    made = App()
    made.post("/a")(lambda a=Form(media_type="multipart/form-data"), b=Form(""): a)
    paths = made.openapi()["paths"]
    assert list(paths["/a"]["post"]["requestBody"]["content"]) == ["multipart/form-data"]


def test_several_models_and_fields_beside_them():
    assert post("/models", b"name=a&token=t&tags=x") == (
        200,
        [{"name": "a", "age": 3, "tags": ["x"]}, "t", None],
    )
    status, made = post("/models", b"name=a&token=t&city=c")
    assert (status, made[2]) == (200, {"city": "c", "street": ""})
    assert post("/models", b"token=t") == missing("name", {"token": "t"})


def test_a_model_that_may_be_absent_is_there_with_one_of_its_fields():
    assert post("/optional-model", b"other=1") == (200, None)
    assert post("/optional-model", b"city=c") == (200, {"city": "c", "street": ""})
    assert post("/optional-model", b"street=s") == missing("city", {"street": "s"})
    assert post("/optional-model", b"city=")[0] == 422


def test_the_document_says_that_fields_of_models_stand_in_the_form_itself():
    schemas = app.openapi()["components"]["schemas"]
    place = {"anyOf": [{"$ref": "#/components/schemas/Place"}], "title": "Place"}
    absent = {"not": {"anyOf": [{"required": ["city"]}, {"required": ["street"]}]}}
    assert schemas["Body_models_models_post"] == {
        "type": "object",
        "title": "Body_models_models_post",
        "properties": {"token": {"type": "string", "title": "Token"}},
        "required": ["token"],
        "allOf": [{"$ref": "#/components/schemas/Person"}, {"anyOf": [absent, place]}],
    }
    assert schemas["Body_optional_model_optional_model_post"]["allOf"] == [
        {"anyOf": [absent, place]}
    ]
