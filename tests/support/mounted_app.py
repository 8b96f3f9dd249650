"""An app with others mounted in it: tests/python and tests/functional ask it the same."""

from typing import List

from fasterapi import APIRouter, App, HTTPException, Request, StreamingResponse

app = App()
sub = App()
inner = App()
seen: List[str] = []


class Odd(Exception):
    """What an app answers in its own way."""


@app.get("/sub/own")
def own():
    return "of the outer app"


@app.exception_handler(Odd)
def odd(request, error):
    return {"outer": str(error)}


@sub.get("/items/{item}")
def item(item: int, request: Request, q: str = ""):
    return {
        "item": item,
        "q": q,
        "path": request.path,
        "root": request.root_path,
        "url": request.url.path,
        "base": str(request.base_url),
        "for": str(request.url_for("item", item=3)),
        "is_sub": request.app is sub,
    }


@sub.post("/echo")
def echo(body: dict, res):
    res.status(201).header("x-sub", "1")
    return body


@sub.get("/slow/")
async def slow():
    async def parts():
        yield "a"
        yield "b"

    return StreamingResponse(parts())


@sub.get("/raises/{kind}")
def raises(kind: str):
    raise HTTPException(418, "tea") if kind == "http" else Odd(kind)


@inner.middleware("http")
async def mark(request, call_next):
    response = await call_next(request)
    response.headers["x-inner"] = request.root_path
    return response


@inner.get("/where")
def where(request: Request):
    return request.root_path


async def asgi(scope, receive, send):
    """An application that answers with what it gets, in two parts."""
    if scope["path"].endswith("/raises"):
        raise Odd("asgi")
    if scope["path"].endswith("/silent"):
        return
    body = (await receive())["body"]
    fields = [(b"content-type", b"text/plain"), (b"x-root", scope["root_path"].encode())]
    await send({"type": "http.response.start", "status": 202, "headers": fields})
    text = f"{scope['method']} {scope['path']} ".encode()
    await send({"type": "http.response.body", "body": text, "more_body": True})
    await send({"type": "http.response.body", "body": body})
    seen.append((await receive())["type"])


@app.get("/seen")
def show():
    return seen


sub.mount("/in", inner, name="in")
app.mount("/sub", sub, name="sub")
app.mount("/of/{tenant}", sub)
app.mount("/asgi", asgi)

router = APIRouter(prefix="/v1", max_body_size=9)
router.get("/raises/{kind}")(raises)
router.post("/echo")(echo)
app.mount("/router", router)

small = APIRouter(max_body_size=4)
large = App()
large.post("/more", max_body_size=100)(echo)
large.mount("/in", sub)
small.mount("/app", sub)
small.mount("/large", large)
small.mount("/asgi", asgi)
app.include_router(small, prefix="/small")
TOO_LONG = {"detail": "Content Too Large"}

CASES = [
    ("GET", "/sub/own", 200, "of the outer app"),
    (
        "GET",
        "/sub/items/7?q=x",
        200,
        {
            "item": 7,
            "q": "x",
            "path": "/items/7",
            "root": "/sub",
            "url": "/sub/items/7",
            "base": "http://testserver/",
            "for": "http://testserver/sub/items/3",
            "is_sub": True,
        },
    ),
    ("POST", "/sub/echo", 201, {"a": 1}),
    ("POST", "/small/app/echo", 413, TOO_LONG),
    ("POST", "/small/large/more", 201, {"a": 1}),
    ("POST", "/small/large/in/echo", 413, TOO_LONG),
    ("POST", "/small/asgi/x", 413, TOO_LONG),
    ("GET", "/sub/nothing", 404, {"detail": "Not Found"}),
    ("GET", "/sub/echo", 405, {"detail": "Method Not Allowed"}),
    ("GET", "/sub/raises/http", 418, {"detail": "tea"}),
    ("GET", "/sub/raises/odd", 200, {"outer": "odd"}),
    ("GET", "/sub/in/where", 200, "/sub/in"),
    ("GET", "/of/me/in/where", 200, "/of/me/in"),
    ("GET", "/asgi/raises", 200, {"outer": "asgi"}),
    ("POST", "/router/v1/echo", 201, {"a": 1}),
    ("GET", "/router/v1/raises/http", 418, {"detail": "tea"}),
    ("GET", "/router/v1/raises/odd", 200, {"outer": "odd"}),
    ("GET", "/router/docs", 404, {"detail": "Not Found"}),
    ("GET", "/nothing", 404, {"detail": "Not Found"}),
]

NAMES = [f"{case[0]} {case[1]}" for case in CASES]
