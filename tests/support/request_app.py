"""Requests that an app makes itself, of a scope: both suites ask it the same."""

import gzip
import json
from typing import Any, Callable, List

from fasterapi import APIRouter, App, Body, Depends, Form, Request
from fasterapi.routing import APIRoute


class GzipRequest(Request):
    """As FastAPI's documentation has it."""

    async def body(self) -> bytes:
        if not hasattr(self, "_body"):
            body = await super().body()
            if "gzip" in self.headers.getlist("Content-Encoding"):
                body = gzip.decompress(body)
            self._body = body
        return self._body


class GzipRoute(APIRoute):
    def get_route_handler(self) -> Callable[[Any], Any]:
        answer = super().get_route_handler()

        async def handle(request: Request) -> Any:
            request = GzipRequest(request.scope, request.receive)
            return await answer(request)

        return handle


app = App()
router = APIRouter(prefix="/gzip", route_class=GzipRoute)
inner = App()


@router.post("/sum")
async def sum_numbers(numbers: List[int] = Body()) -> Any:
    return {"sum": sum(numbers)}


@router.post("/form")
def form(a: List[str] = Form()) -> Any:
    return a


@router.post("/read/{name}")
async def read(request: Request, name: str, q: int = 0) -> Any:
    return {
        "class": type(request).__name__,
        "request": isinstance(request, Request) and isinstance(request, GzipRequest),
        "said": [name, q, request.method, request.url.path, request.path_params["name"]],
        "json": await request.json(),
        "parts": [part.decode() async for part in request.stream()],
        "app": request.app is app,
    }


@router.post("/read-sync")
def read_sync(request: Request) -> Any:
    return [request.json(), request.body().decode(), request.state.of_dependency]


def note(request: Request) -> None:
    request.state.of_dependency = request.method


app.include_router(router, dependencies=[Depends(note)])


@app.get("/native")
def native(request: Request) -> Any:
    return kinds_of(request)


@app.get("/general")
async def general(request: Request, noted: Any = Depends(note)) -> Any:
    return kinds_of(request)


@inner.get("/mounted")
def mounted(request: Request, noted: Any = Depends(note)) -> Any:
    return kinds_of(request)


app.mount("/inner", inner)


def kinds_of(request: Any) -> List[bool]:
    """Of a request of the server's, and of one made of it."""
    made = Request(request.scope, request.receive)
    return [
        isinstance(request, Request),
        isinstance(request, GzipRequest),
        isinstance(made, Request),
        isinstance(made, GzipRequest),
        made.url == request.url,
    ]


KINDS = [True, False, True, False, True]
JSON = (("content-type", "application/json"),)
ZIPPED = (("content-encoding", "gzip"),)
FORM = (("content-type", "application/x-www-form-urlencoded"),)
READ = {
    "class": "GzipRequest",
    "request": True,
    "said": ["n", 2, "POST", "/gzip/read/n", "n"],
    "json": {"a": 1},
    "parts": ['{"a": 1}'],
    "app": True,
}
# Method, target, fields, body; status, JSON.
CASES = [
    ("POST", "/gzip/sum", JSON, b"[1, 2]", 200, {"sum": 3}),
    ("POST", "/gzip/sum", JSON + ZIPPED, gzip.compress(b"[1, 2]"), 200, {"sum": 3}),
    ("POST", "/gzip/form", FORM + ZIPPED, gzip.compress(b"a=b&a=c"), 200, ["b", "c"]),
    ("POST", "/gzip/read/n?q=2", JSON + ZIPPED, gzip.compress(b'{"a": 1}'), 200, READ),
    ("POST", "/gzip/read-sync", ZIPPED, gzip.compress(b"[1]"), 200, [[1], "[1]", "POST"]),
    ("GET", "/native", (), b"", 200, KINDS),
    ("GET", "/general", (), b"", 200, KINDS),
    ("GET", "/inner/mounted", (), b"", 200, KINDS),
]


def check(case: Any, status: int, body: bytes) -> None:
    assert (status, json.loads(body)) == case[4:]
