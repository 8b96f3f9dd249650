"""Serves comparisons of schemas in C++ with those in Python."""

import random

from fasterapi import App
from support import schema_texts
from support.schema_compare import Comparison

app = App()


@app.get("/compare/{seed}")
def compare(seed: int, count: int = 60):
    made = schema_texts.Types(seed).make()
    comparison = Comparison(made.annotation)
    for index in range(count):
        comparison.add(schema_texts.text_of(made, random.Random(seed * 1000 + index)))
    return {"counts": comparison.counts, "wrong": comparison.wrong}
