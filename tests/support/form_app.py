"""Forms and files."""

from typing import Annotated, List, Optional

from fasterapi import Depends, FastAPI, File, Form, Request, UploadFile
from fasterapi.models import Model
from fasterapi.security import OAuth2PasswordRequestForm, OAuth2PasswordRequestFormStrict

app = FastAPI()


class Person(Model):
    name: str
    age: int = 3
    tags: List[str] = []


class Strict(Model):
    model_config = {"extra": "forbid"}
    name: str


@app.post("/fields")
def fields(name: Annotated[str, Form(min_length=2)], n: Annotated[int, Form()] = 1):
    return [name, n]


@app.post("/lists")
async def lists(
    ids: Annotated[List[int], Form()],
    words: Annotated[Optional[List[str]], Form()] = None,
    aliased: Annotated[str, Form(alias="an-alias")] = "none",
):
    return [ids, words, aliased]


@app.post("/model")
def model(person: Annotated[Person, Form()]):
    return person


@app.post("/strict")
def strict(person: Annotated[Strict, Form()]):
    return person


@app.post("/file-bytes")
def file_bytes(data: Annotated[bytes, File()], note: Annotated[str, Form()] = ""):
    return [data.decode("latin-1"), note]


@app.post("/upload")
async def upload(file: UploadFile, note: Annotated[Optional[str], Form()] = None):
    content = await file.read()
    return [file.filename, file.content_type, file.size, content.decode("latin-1"), note]


@app.post("/upload-sync")
def upload_sync(file: UploadFile):
    return [file.filename, file.file.read().decode("latin-1")]


@app.post("/optional")
def optional(file: Optional[UploadFile] = None):
    return file and file.filename


@app.post("/several")
async def several(files: List[UploadFile]):
    return [[file.filename, (await file.read()).decode("latin-1")] for file in files]


@app.post("/several-bytes")
async def several_bytes(files: Annotated[List[bytes], File(max_length=2)]):
    return [content.decode("latin-1") for content in files]


@app.post("/request")
async def by_request(request: Request):
    async with request.form(max_fields=3, max_part_size=10) as form:
        return [[k, v if isinstance(v, str) else v.filename] for k, v in form.multi_items()]


@app.post("/token")
def token(form: Annotated[OAuth2PasswordRequestForm, Depends()]):
    return [form.username, form.password, form.scopes, form.grant_type, form.client_id]


@app.post("/token-strict")
async def token_strict(form: OAuth2PasswordRequestFormStrict = Depends()):
    return [form.username, form.scopes]


def one_field(a: Annotated[str, Form()]):
    return a


@app.post("/shared")
def shared(
    first: Annotated[str, Depends(one_field)], a: Annotated[str, Form()], b: str = Form("b")
):
    return [first, a, b]


class Place(Model):
    city: str
    street: str = ""


@app.post("/models")
def models(
    one: Annotated[Person, Form()],
    token: Annotated[str, Form()],
    place: Annotated[Optional[Place], Form()] = None,
):
    return [one.model_dump(), token, place and place.model_dump()]


@app.post("/optional-model")
def optional_model(place: Annotated[Optional[Place], Form()] = None):
    return place and place.model_dump()
