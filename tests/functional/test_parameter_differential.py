"""Random requests to general routes, of the server and of the package in Python: the same answers.

FASTERAPI_TEST_ROUNDS makes it longer, FASTERAPI_TEST_SEED repeats one."""

import json
import os
import random
from pathlib import Path
from urllib.parse import quote

from support.parameter_app import app
from support.wire import request

APP = Path(__file__).resolve().parents[1] / "support" / "parameter_app.py"
ROUNDS = int(os.environ.get("FASTERAPI_TEST_ROUNDS", "600"))
SEED = int(os.environ.get("FASTERAPI_TEST_SEED", "1"))

WORDS = [
    *("", "1", "7", "-1", "100", "1.5", "inf", "2024-01-02"),
    *("x", "abc", "red", "a", "b", "yes", "ü"),
]
NAMES = [
    *("q", "n", "kind", "size", "word", "x-alias", "ids", "names"),
    *("maybe", "pair", "value", "price"),
]
FIELDS = ["x-token", "x-count", "x-many", "x_raw", "cookie"]
MEMBERS = ["name", "price", "tags", "age", "item", "user", "importance", "rest", "1"]
READ = ["/query", "/lists", "/union", "/strict", "/headers", "/cookies", "/filters", "/session"]
WRITTEN = [
    *("/item", "/optional-item", "/embedded", "/two/1", "/two/x", "/importance"),
    *("/number", "/list", "/ints", "/free", "/union-body"),
]


def word(choose: random.Random) -> str:
    return choose.choice(WORDS)


def target(choose: random.Random) -> str:
    number, name = quote(word(choose) or "-"), quote(word(choose) or "-")
    paths = [f"/path/{number}/{name}", f"/uuid/{name}", f"/date/{name}", f"/short/{name}", *READ]
    pairs = [f"{choose.choice([*NAMES, 'flag', 'number'])}={quote(word(choose))}" for _ in range(5)]
    return choose.choice(paths) + "?" + "&".join(pairs[: choose.randrange(6)])


def fields(choose: random.Random):
    for _ in range(choose.randrange(4)):
        name = choose.choice(FIELDS)
        value = choose.choice(["1", "ab", "x", "-3"])
        yield name, f"session={value}; n={value}" if name == "cookie" else value


def value(choose: random.Random, depth: int = 0):
    kind = choose.randrange(8 if depth < 3 else 5)
    if kind < 5:
        return choose.choice([None, True, 1, 0.5, -7, word(choose), word(choose), 10**30])
    if kind == 5:
        return [value(choose, depth + 1) for _ in range(choose.randrange(3))]
    return {choose.choice(MEMBERS): value(choose, depth + 1) for _ in range(choose.randrange(1, 5))}


def cases(choose: random.Random):
    for _ in range(ROUNDS):
        if choose.random() < 0.5:
            yield "GET", target(choose), tuple(fields(choose)), b""
            continue
        made = json.dumps(value(choose)).encode()
        if choose.random() < 0.1:
            made = made[: choose.randrange(len(made))]
        type_ = choose.choice(["application/json", "application/json", "text/plain"])
        yield "POST", choose.choice(WRITTEN), (("content-type", type_),), made


def test_the_same_answers(serve):
    server = serve(APP, flags=["--log-level=off"])
    with server.connect() as wire:
        for method, where, sent, data in cases(random.Random(SEED)):
            path, _, search = where.partition("?")
            expected = app._call(method, path, search, sent, data)
            lines = [f"{name}: {content}" for name, content in sent]
            wire.send(request(method, where, *lines, body=data))
            reply = wire.read(method)
            same = (reply.status, reply.body) == (expected.status, expected.body)
            is_syntax = reply.status == expected.status and b"json_invalid" in reply.body
            assert same or is_syntax, f"{method} {where} {sent} {data!r}\n{reply}\n{expected}"
