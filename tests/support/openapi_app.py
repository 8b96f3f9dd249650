"""One realistic application, made of fasterapi or of FastAPI: what differs is what is imported."""

import enum
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Annotated, Any, Dict, List, Literal, Optional, Union
from uuid import UUID


def build(api: SimpleNamespace) -> Any:
    """The app. ``api`` has the names of fastapi, and ``Model`` and ``Field``."""

    class Kind(str, enum.Enum):
        """What it is."""

        TOOL = "tool"
        PART = "part"

    class Owner(api.Model):
        name: str = api.Field(examples=["Ann"], title="Full name")
        born: Optional[date] = None

    class Item(api.Model):
        """A thing to sell."""

        name: str = api.Field(min_length=1, description="what it is called")
        price: float = api.Field(gt=0)
        kind: Kind = Kind.TOOL
        tags: List[str] = []
        owner: Optional[Owner] = None
        stock_count: int = api.Field(0, alias="stockCount", ge=0)
        amount: Optional[Decimal] = None

    class Stored(Item):
        item_id: UUID
        made: datetime

    class Tree(api.Model):
        value: int
        children: List["Tree"] = []

    class Cat(api.Model):
        pet: Literal["cat"]
        lives: int = 9

    class Dog(api.Model):
        pet: Literal["dog"]
        name: str

    class Filter(api.Model):
        limit: int = api.Field(10, gt=0, description="at most")
        order_by: Optional[str] = None
        words: List[str] = []

    class Login(api.Model):
        username: str
        password: str

    class Message(api.Model):
        detail: str

    @dataclass
    class Point:
        x: int
        y: float = 0.5

    oauth2 = api.OAuth2PasswordBearer(tokenUrl="token", scopes={"read": "Read", "write": "Write"})
    key = api.APIKeyHeader(name="X-Key", auto_error=False)

    def page(offset: int = 0, limit: Annotated[int, api.Query(le=100)] = 20) -> Dict[str, int]:
        return {"offset": offset, "limit": limit}

    def user(
        scopes: api.SecurityScopes, token: Annotated[str, api.Depends(oauth2)]
    ) -> Dict[str, Any]:
        return {"token": token, "scopes": scopes.scopes}

    def checked(
        who: Annotated[Dict[str, Any], api.Security(user, scopes=["read"])],
        x_key: Annotated[Optional[str], api.Depends(key)],
    ) -> Any:
        return who, x_key

    app = api.FastAPI(
        title="Shop",
        version="1.2",
        summary="sells",
        description="A **shop**.",
        terms_of_service="http://example.com/terms",
        contact={"name": "Ann", "url": "http://example.com/", "email": "ann@example.com"},
        license_info={"name": "MIT"},
        servers=[{"url": "http://example.com", "description": "here"}],
        openapi_tags=[{"name": "items", "description": "things"}],
    )
    router = api.APIRouter(prefix="/items", tags=["items"], responses={404: {"model": Message}})

    @router.get("", response_model=List[Stored])
    def list_items(
        page: Annotated[Dict[str, int], api.Depends(page)],
        kind: Optional[Kind] = None,
        q: Annotated[
            Optional[str],
            api.Query(min_length=2, max_length=9, description="words", deprecated=True),
        ] = None,
        ids: Annotated[List[int], api.Query(alias="id")] = [],  # noqa: B006
        hidden: Annotated[str, api.Query(include_in_schema=False)] = "",
    ):
        """Lists items.

        With pages.\f Not shown.
        """

    @router.post("", status_code=201, response_description="The item as stored")
    def create_item(
        item: Item, who: Annotated[Any, api.Security(checked, scopes=["write"])]
    ) -> Stored:
        raise NotImplementedError

    @router.put("/{item_id}", operation_id="replace", deprecated=True)
    def put_item(
        item_id: UUID,
        item: Annotated[Item, api.Body(embed=True)],
        importance: Annotated[int, api.Body(gt=0)],
        owner: Optional[Owner] = None,
    ) -> Item:
        raise NotImplementedError

    @router.delete("/{item_id}", status_code=204)
    def delete_item(item_id: Annotated[UUID, api.Path(title="The item", examples=["x"])]) -> None:
        raise NotImplementedError

    @app.get("/files/{name:path}", tags=[Kind.TOOL], response_class=api.PlainTextResponse)
    def read_file(
        name: str,
        x_token: Annotated[str, api.Header()],
        user_agent: Annotated[Optional[str], api.Header()] = None,
        tracker: Annotated[str, api.Cookie()] = "none",
    ):
        raise NotImplementedError

    @app.post("/login")
    def login(form: Annotated[Login, api.Form()]) -> Message:
        raise NotImplementedError

    @app.post("/upload")
    def upload(
        file: api.UploadFile,
        note: Annotated[str, api.Form()] = "",
        more: Annotated[List[api.UploadFile], api.File(description="others")] = [],  # noqa: B006
        raw: Annotated[Optional[bytes], api.File()] = None,
    ):
        raise NotImplementedError

    @app.get("/search", responses={200: {"description": "Found"}, "4XX": {"model": Message}})
    def search(filter: Annotated[Filter, api.Query()]) -> List[Union[Cat, Dog]]:
        raise NotImplementedError

    @app.post("/pets")
    def pets(
        pet: Annotated[
            Union[Cat, Dog],
            api.Body(
                discriminator="pet",
                openapi_examples={"cat": {"summary": "x", "value": {"pet": "cat"}}},
            ),
        ],
    ) -> Dict[str, Union[Cat, Dog]]:
        raise NotImplementedError

    @app.post("/tree")
    def tree(tree: Tree, depth: int = 3) -> Tree:
        raise NotImplementedError

    @app.post("/points", summary="Draw points", description="All of them.")
    def points(
        points: List[Point], scale: Annotated[float, api.Query(ge=0, multiple_of=0.5)] = 1.0
    ) -> Point:
        raise NotImplementedError

    @app.api_route(
        "/both", methods=["PATCH"], include_in_schema=True, openapi_extra={"x-more": [1]}
    )
    def both(data: Dict[str, Any]) -> Dict[str, Any]:
        raise NotImplementedError

    @app.get("/go", response_class=api.RedirectResponse)
    def go():
        raise NotImplementedError

    @app.get("/plain/{count}")
    def plain(count: int, wanted: bool = False) -> str:
        raise NotImplementedError

    @app.get("/inside", include_in_schema=False)
    def inside():
        raise NotImplementedError

    app.include_router(router, prefix="/v1", dependencies=[api.Depends(key)])
    return app


def names_of(package: Any, model: Any, field: Any) -> SimpleNamespace:
    """What build() takes, from a package with FastAPI's modules."""
    found: Dict[str, Any] = {}
    for module in (package.responses, package.security, package):
        found.update({name: getattr(module, name) for name in dir(module) if name[0] != "_"})
    return SimpleNamespace(**{**found, "Model": model, "Field": field})
