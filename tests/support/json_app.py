"""Values that are written as JSON."""

import math
from typing import Any

import json_values

from fasterapi import App, JSONResponse, Request

app = App()


class Loose(JSONResponse):
    allow_nan = True


@app.get("/values/{seed}")
def values(seed: int):
    made = json_values.Values(seed)
    return [made.value() for _ in range(50)]


@app.post("/echo")
def echo(body: Any):
    return body


@app.get("/nan")
def nan():
    return {"prices": [1.5, math.nan]}


@app.get("/loose")
def loose():
    return Loose({"prices": [1.5, math.nan, math.inf, -math.inf], "é": {1: (2,), None: "\n"}})


@app.get("/loose-class", response_class=Loose)
def loose_by_class(request: Request):
    return [math.nan]


@app.get("/deep/{levels}")
def deep(levels: int):
    return json_values.deep(levels)


@app.get("/loop")
def loop():
    return json_values.loop()


@app.get("/digits/{count}")
def digits(count: int):
    return 10 ** (count - 1)


@app.get("/surrogate")
def surrogate():
    return {"names": ["\ud800"]}
