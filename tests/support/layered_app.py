"""Exception handlers and middleware."""

import asyncio
from typing import Annotated, Any, List

from fasterapi import BackgroundTasks, Depends, FastAPI, HTTPException, Query, Request
from fasterapi.exception_handlers import (
    http_exception_handler,
    request_validation_exception_handler,
)
from fasterapi.exceptions import RequestValidationError
from fasterapi.middleware.cors import CORSMiddleware
from fasterapi.middleware.gzip import GZipMiddleware
from fasterapi.middleware.trustedhost import TrustedHostMiddleware
from fasterapi.responses import JSONResponse, PlainTextResponse, StreamingResponse

log: List[Any] = []
app = FastAPI()


class Unicorn(Exception):
    pass


class Foal(Unicorn):
    pass


@app.exception_handler(Unicorn)
async def unicorn(request: Request, exc: Unicorn):
    return JSONResponse({"unicorn": type(exc).__name__, "path": request.url.path}, 418)


@app.exception_handler(RequestValidationError)
async def invalid(request: Request, exc: RequestValidationError):
    if "plain" in request.query_params:
        return await request_validation_exception_handler(request, exc)
    return JSONResponse({"errors": [e["loc"] for e in exc.errors()], "body": exc.body}, 400)


@app.exception_handler(404)
def not_found(request: Request, exc: HTTPException):
    return JSONResponse({"nothing": request.url.path, "detail": exc.detail}, 404)


@app.exception_handler(HTTPException)
async def http(request: Request, exc: HTTPException):
    response = await http_exception_handler(request, exc)
    response.headers["x-http"] = "yes"
    return response


@app.exception_handler(Exception)
def server_error(request: Request, exc: Exception):
    return PlainTextResponse(f"sorry: {exc}", status_code=500)


@app.middleware("http")
async def inner(request: Request, call_next):
    log.append("inner in")
    response = await call_next(request)
    log.append(f"inner out {response.status_code}")
    response.headers["x-inner"] = "1"
    return response


@app.middleware("http")
async def outer(request: Request, call_next):
    log.append("outer in")
    if "stop" in request.query_params:
        return PlainTextResponse("stopped", status_code=403)
    request.state.word = "from outer"
    try:
        response = await call_next(request)
    finally:
        log.append("outer out")
    response.headers["x-outer"] = "2"
    return response


app.add_middleware(GZipMiddleware, minimum_size=100)
app.add_middleware(
    CORSMiddleware,
    allow_origins=["http://a.example", "http://b.example"],
    allow_credentials=True,
    allow_methods=["GET", "POST"],
    allow_headers=["X-Token"],
    expose_headers=["x-inner"],
)
app.add_middleware(
    TrustedHostMiddleware, allowed_hosts=["testserver", "*.good.example", "www.w.example"]
)


@app.get("/raise/{kind}")
def raising(kind: str):
    raise {"unicorn": Unicorn, "foal": Foal, "value": ValueError("v"), "key": KeyError("k")}.get(
        kind, HTTPException(int(kind) if kind.isdigit() else 409, "why", {"x-why": "h"})
    )


def failing():
    raise Foal


@app.get("/dependency", dependencies=[Depends(failing)])
async def with_dependency(): ...


@app.get("/native/{n}")
def native(n: int, request: Request):
    return {"n": n, "word": request.state.word}


@app.get("/native-async/{n}")
async def native_async(n: int):
    await asyncio.sleep(0)
    return {"n": n}


@app.post("/body")
def body(value: dict):
    return value


@app.get("/general")
async def general(n: Annotated[int, Query(ge=0)]):
    return n


@app.get("/large")
def large():
    return {"text": "x" * 300}


@app.get("/streamed")
def streamed():
    return StreamingResponse(iter(["a" * 200, "b" * 200]), media_type="text/plain")


@app.get("/tasks")
def with_tasks(tasks: BackgroundTasks):
    tasks.add_task(log.append, "task")
    return "ok"


@app.get("/slash/")
def slash():
    return "slash"
