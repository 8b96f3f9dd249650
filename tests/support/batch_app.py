"""Batch handlers, and what crowds of requests get from them: in the server, behind middleware in
it, and in pure Python."""

import asyncio
from typing import Any, Dict, List, NamedTuple, Tuple

from fasterapi import App, HTTPException, JSONResponse, Model, Request

app = App()


class Item(Model):
    name: str
    price: float


def number(request):
    return int(request.query_params["n"])


@app.get("/full")
@app.batch_handler(max_batch_size=3, max_delay_ms=30_000)
def full(requests):
    return [{"n": number(request), "of": len(requests)} for request in requests]


@app.batch_handler(max_batch_size=2, max_delay_ms=30_000)
@app.get("/outside")
def outside(requests: list):
    return [number(request) for request in requests]


@app.get("/delayed")
@app.batch_handler(max_batch_size=100, max_delay_ms=5)
def delayed(requests: List[Request]):
    return [len(requests)] * len(requests)


@app.get("/queued")
@app.batch_handler(max_batch_size=100, max_delay_ms=0)
def queued(requests):
    return tuple(number(request) for request in requests)


@app.get("/single")
@app.batch_handler(max_batch_size=1, max_delay_ms=30_000)
def single(requests):
    return [len(requests)]


@app.post("/items", status_code=201)
@app.batch_handler(max_batch_size=3, max_delay_ms=30_000)
def items(items: List[Item]):
    return [{"name": item.name, "of": len(items)} for item in items]


OUTCOMES: List[Any] = [
    "value",
    JSONResponse("made", 202),
    HTTPException(409, "taken", {"x-why": "taken"}),
    ValueError("secret"),
    None,
    {1, 2}.__class__,
]


@app.get("/outcomes")
@app.batch_handler(max_batch_size=6, max_delay_ms=30_000)
def outcomes(requests):
    return [OUTCOMES[number(request)] for request in requests]


@app.get("/async")
@app.batch_handler(max_batch_size=3, max_delay_ms=30_000)
async def in_async(requests):
    await asyncio.sleep(0)
    results = [len(requests), HTTPException(418, "tea"), ValueError("secret")]
    return [results[number(request)] for request in requests]


@app.get("/raise")
@app.batch_handler(max_batch_size=2, max_delay_ms=30_000)
def fail(requests):
    raise RuntimeError("all of them")


@app.get("/refuse")
@app.batch_handler(max_batch_size=2, max_delay_ms=30_000)
def refuse(requests):
    raise HTTPException(503, "later")


@app.get("/split")
@app.batch_handler(max_batch_size=3, max_delay_ms=30_000, on_error="split")
def split(requests):
    numbers = [number(request) for request in requests]
    if 1 in numbers:
        raise RuntimeError("only that one")
    return numbers


@app.get("/async-split")
@app.batch_handler(max_batch_size=3, max_delay_ms=30_000, on_error="split")
async def async_split(requests):
    numbers = [number(request) for request in requests]
    if 1 in numbers:
        raise HTTPException(400, "only that one")
    return numbers


@app.get("/short")
@app.batch_handler(max_batch_size=3, max_delay_ms=30_000)
def short(requests):
    return ["one"]


@app.get("/mapping")
@app.batch_handler(max_batch_size=1, max_delay_ms=30_000)
def mapping(requests):
    return {"no": "list"}


FAILED = (500, {"detail": "Internal Server Error"})


class Case(NamedTuple):
    """Requests that are sent at once; the answers in their order."""

    requests: List[Tuple[str, str, bytes]]
    answers: List[Tuple[int, Any]]


def gets(path, *answers):
    targets = [("GET", f"{path}?n={n}", b"") for n in range(len(answers))]
    return Case(targets, list(answers))


def posts(path, *bodies):
    return [("POST", path, body) for body in bodies]


GOOD = [b'{"name":"a","price":1}', b'{"name":"b","price":2}']
MISSING = {
    "type": "missing",
    "loc": ["body", "price"],
    "msg": "Field required",
    "input": {"name": "c"},
}
CASES: Dict[str, Case] = {
    "full": gets("/full", *[(200, {"n": n, "of": 3}) for n in range(3)]),
    "decorators the other way round": gets("/outside", (200, 0), (200, 1)),
    "delayed": gets("/delayed", (200, 1)),
    "without delay": gets("/queued", *[(200, n) for n in range(5)]),
    "of one": gets("/single", (200, 1), (200, 1)),
    "bodies": Case(
        posts("/items", GOOD[0], b'{"name":"c"}', GOOD[1]),
        [
            (201, {"name": "a", "of": 2}),
            (422, {"detail": [MISSING]}),
            (201, {"name": "b", "of": 2}),
        ],
    ),
    "no body is read": Case(
        posts("/items", b'{"name":"c"}', b'{"name":"c"}', b'{"name":"c"}'),
        [(422, {"detail": [MISSING]})] * 3,
    ),
    "outcomes": gets(
        "/outcomes",
        *[(200, "value"), (202, "made"), (409, {"detail": "taken"}), FAILED, (200, None), FAILED],
    ),
    "async": gets("/async", (200, 3), (418, {"detail": "tea"}), FAILED),
    "raises": gets("/raise", FAILED, FAILED),
    "refuses": gets("/refuse", *[(503, {"detail": "later"})] * 2),
    "split": gets("/split", (200, 0), FAILED, (200, 2)),
    "async split": gets("/async-split", (200, 0), (400, {"detail": "only that one"}), (200, 2)),
    "too few results": gets("/short", FAILED, FAILED, FAILED),
    "no list of results": gets("/mapping", FAILED),
}
