"""Handlers of every supported shape. Served by the functional tests, called in Python by the
others."""

import datetime
import decimal
import enum
import uuid
from dataclasses import dataclass
from typing import Any, Dict, List, Optional

from fasterapi import (
    APIRouter,
    App,
    HTMLResponse,
    HTTPException,
    JSONResponse,
    PlainTextResponse,
    RedirectResponse,
    Request,
    Response,
    StreamingResponse,
)

app = App()


@app.get("/int")
def read_int(x: int):
    return x


@app.get("/float")
def read_float(x: float):
    return repr(x)


@app.get("/bool")
def read_bool(x: bool):
    return x


@app.get("/str")
def read_str(x: str):
    return x


@app.get("/optional")
def read_optional(x: Optional[int] = None):
    return x


@app.get("/quoted")
def read_quoted(x: "int", y: "Optional[bool]" = None, z: "str | None" = "z"):
    return [x, y, z]


@app.get("/defaults")
def read_defaults(x: int = 5, y: bool = True, z: str = "q", f: float = 0.5):
    return [x, y, z, f]


@app.get("/untyped")
def read_untyped(x, y=3):
    return [x, y]


@app.get("/keywords/{a}")
def read_keywords(b: int = 1, *, a: str, c: int):
    return [a, b, c]


@app.get("/path/{x}")
def path_int(x: int):
    return x


@app.get("/path/{a}/float/{b}")
def path_two(b: float, a: str):
    return [a, b]


@app.get("/flag/{x}")
def path_bool(x: bool):
    return x


@app.get("/typed/{x:int}")
def path_typed(x):
    return [x, type(x).__name__]


@app.get("/rest/{x:path}")
def path_rest(x):
    return x


@app.get("/async/{x}")
async def async_int(x: int, y: int = 2):
    return x * y


@app.post("/dict")
def body_dict(body: dict):
    return body


@app.post("/async-dict")
async def async_body_dict(body: Dict[str, Any]):
    return body


@app.post("/list")
def body_list(items: List[Any]):
    return items


@app.post("/any")
def body_any(value: Any):
    return value


@app.post("/optional-dict")
def body_optional(body: Optional[dict] = None):
    return body


@app.post("/bytes")
def body_bytes(data: bytes):
    return Response(data[::-1], media_type="application/x-reversed")


@app.post("/all/{x}")
def everything(body: dict, q: int, x: int, request: Request):
    return [x, q, body, request.method, request.headers["x-test"]]


@app.post("/errors/{x}")
def all_errors(body: dict, q: int, x: int):
    return [x, q, body]


@app.route("/request/{name}/{n:int}", methods=["GET", "POST"])
def request_fields(request):
    return {
        "method": request.method,
        "path": request.path,
        "query_string": request.query_string,
        "query": dict(request.query_params),
        "several": request.query_params.getlist("a"),
        "path_params": request.path_params,
        "header": request.headers.get("X-Test"),
        "cookies": request.cookies,
        "body": request.body().decode(),
    }


@app.post("/sync-json")
def sync_json(req, res):
    res.set_json({"got": req.json()})


@app.post("/async-json")
async def async_json(request: Request):
    return {"got": await request.json(), "size": len(await request.body())}


@app.get("/res/{name}")
def fill_response(req, res):
    res.status(201).header("x-name", req.path_params["name"]).set_json('{"raw":true}')


@app.get("/res-returned")
async def return_response(req, res):
    return res.status(202).body("text")


@app.get("/res-merged")
def merge_response(response: Response):
    response.status_code = 203
    response.headers["x-merged"] = "yes"
    response.set_cookie("a", "b")
    return {"merged": True}


@app.get("/created", status_code=201)
def created():
    return {"created": True}


@app.get("/created-async", status_code=201)
async def created_async():
    return {"created": True}


@app.get("/no-content", status_code=204)
def no_content():
    return None


@app.get("/plain", response_class=PlainTextResponse)
def plain():
    return "plain text"


@app.get("/html", response_class=HTMLResponse)
async def html():
    return "<p>html</p>"


@app.get("/string")
def string():
    return 'say "ü"'


@app.get("/none")
def none():
    return None


@app.get("/octets")
def octets():
    return b"\x00\xff"


@app.get("/json-response")
def json_response():
    return JSONResponse({"a": [1]}, status_code=418, headers={"x-tea": "pot"})


@app.get("/redirect")
def redirect():
    return RedirectResponse("/else where?a=b")


@app.get("/stream")
def stream():
    return StreamingResponse((f"{n};" for n in range(5)), media_type="text/csv")


@app.get("/stream-async")
async def stream_async():
    async def parts():
        yield b"one,"
        yield "two"

    return StreamingResponse(parts(), status_code=203)


@app.get("/generator", response_class=StreamingResponse)
def generator():
    yield b"a"
    yield b"b"


@app.get("/lines")
def lines():
    yield b"a"
    yield {"b": 1.5}


class Colour(enum.Enum):
    red = "r"


@dataclass
class Point:
    x: int
    y: Optional[float] = None


@app.get("/forms")
def forms():
    return {
        "date": datetime.date(2026, 1, 2),
        "at": datetime.datetime(2026, 1, 2, 3, 4, 5, tzinfo=datetime.timezone.utc),
        "time": datetime.time(3, 4),
        "uuid": uuid.UUID(int=5),
        "enum": Colour.red,
        "points": [Point(1), Point(2, 0.5)],
        "decimals": [decimal.Decimal("1.50"), decimal.Decimal("7")],
        1: {None: True, 1.5: ()},
    }


@app.get("/refuse")
def refuse():
    raise HTTPException(403, {"why": ["not", "today"]}, headers={"x-why": "rain"})


@app.get("/refuse-plain")
async def refuse_plain():
    raise HTTPException(status_code=404)


@app.get("/raise")
def fail():
    raise RuntimeError("secret")


@app.get("/unserialisable")
def unserialisable():
    return {"a": object()}


@app.get("/nan")
def nan():
    return float("nan")


router = APIRouter(prefix="/router")


@router.get("/{kind}")
def routed(kind: str):
    return kind


@router.get("/fixed")
def fixed():
    return "fixed kind"


nested = APIRouter()


@nested.get("/deep")
def deep(tenant: int):
    return tenant


router.include_router(nested, prefix="/{tenant}")
app.include_router(router)
