"""What of Starlette's requests, headers, URLs and states FastAPI's users reach for."""

from typing import Any

from fasterapi import APIRouter, App, Depends, Header, JSONResponse, Request, WebSocket
from fasterapi.datastructures import URL, Headers, MutableHeaders, QueryParams, State
from fasterapi.security import HTTPAuthorizationCredentials, HTTPBasic, HTTPBearer


class Marking:
    def __init__(self, app: Any, mark: str, times: int = 1) -> None:
        self.app = app
        self.mark = mark * times

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            scope["headers"] = [*scope["headers"], (b"x-mark", self.mark.encode())]
        await self.app(scope, receive, send)


plain = App()
basic_scheme, bearer_scheme = HTTPBasic(), HTTPBearer()
app = App()
app.add_middleware(Marking, "m", times=2)


@app.get("/mark")
def mark(x_mark: str = Header()) -> Any:
    return x_mark


def item(request: Request) -> Any:
    taken = [request["method"], request["path"], "type" in request, "none" in request]
    return [
        *taken,
        request.get("scheme"),
        "path" in request.keys(),
        len(request) == len([*request]),
    ]


def items(request: Request) -> Any:
    return [dict(request.items())["method"], request["method"] in request.values(), bool(request)]


def query(request: Request) -> Any:
    return [str(request.query_params), f"{request.query_params}"]


def headers(request: Request) -> Any:
    copy = request.headers.mutablecopy()
    copy["x-new"] = "y"
    merged = copy | {"x-more": "z"}
    merged |= {"x-last": "w"}
    raw = (b"x-twice", b"1") in request.headers.raw
    twice = [pair for pair in request.headers.items() if pair[0] == "x-twice"]
    return [
        copy["x-new"],
        merged["x-more"],
        merged["x-last"],
        raw,
        twice,
        "x-new" in request.headers,
    ]


def url(request: Request) -> Any:
    return [
        request.url.replace_query_params(z=1, y="a b").query,
        request.url.remove_query_params(["a", "b"]).query,
        str(URL("http://me:secret@h/p").replace(username="you", password="x")),
        repr(URL("http://me:secret@h/p")),
    ]


def state(request: Request) -> Any:
    request.state["x"] = 1
    request.state.y = 2
    del request.state["y"]
    return [request.state["x"], request.state.x, "y" in list(request.state), len(request.state)]


def paths(request: Request) -> Any:
    path = request.app.url_path_for("item")
    absolute = path.make_absolute_url("https://h/base/?q=1")
    return [path, str(absolute), str(request.app.url_path_for("live").make_absolute_url(absolute))]


def kinds() -> Any:
    fields = MutableHeaders({"A": "1"})
    params = QueryParams({"a": "1"}, b="2")
    return [str(params), Headers([("A", "1")]).keys(), fields.values(), bool(State())]


async def live(websocket: WebSocket) -> None:
    await websocket.accept()
    await websocket.close()


def basic(given: Any = Depends(basic_scheme)) -> Any:
    return {"dump": given.model_dump(), "given": given}


def bearer(given: HTTPAuthorizationCredentials = Depends(bearer_scheme)) -> Any:
    return [given.model_dump(), given.model_dump_json()]


router = APIRouter(prefix="/in")
inner = App()
inner.get("/here/{n}")(lambda n: ["here", n])
router.mount("/sub", inner, name="sub")
router.mount("/asgi", JSONResponse("mounted"))
outer = APIRouter()
outer.include_router(router, prefix="/mid")

for each in (app, plain):
    for call in (item, items, query, headers, url, state, paths, kinds, basic, bearer):
        each.get(f"/{call.__name__}")(call)
    each.websocket("/live")(live)
    each.include_router(outer, prefix="/out")
