"""Random requests to the server and to the package in Python: the same answers.

FASTERAPI_TEST_ROUNDS makes it longer, FASTERAPI_TEST_SEED repeats one."""

import json
import os
import random
from pathlib import Path
from urllib.parse import quote_from_bytes

from support.binding_app import app
from support.wire import request

APP = Path(__file__).resolve().parents[1] / "support" / "binding_app.py"
ROUNDS = int(os.environ.get("FASTERAPI_TEST_ROUNDS", "1000"))
SEED = int(os.environ.get("FASTERAPI_TEST_SEED", "1"))

TEXTS = [
    b"0123456789-+_. ",
    b"0123.eE+-_",
    b"tTrRuUeEfFalsyYnNoO01",
    b"infINFtyanNA+-",
    b"ab%&=;+#/?",
]
ODD = [
    b"\xc3\xbc",
    b"\xff",
    b"\0",
    b"\x1f",
    b"\xc2\xa0",
    b"\xe2\x80\x83",
    b"\xf0\x9f\x98\x80",
    b"\xed\xa0\x80",
]
TARGETS = ["/int", "/float", "/bool", "/str", "/optional", "/defaults", "/untyped", "/quoted"]
BODIES = [
    "/dict",
    "/list",
    "/any",
    "/optional-dict",
    "/async-dict",
    "/errors/1",
    "/bytes",
    "/sync-json",
]
TYPES = [
    "application/json",
    "application/json;charset=utf-8",
    "text/json",
    "application/x+json",
    "",
]


def text(choose: random.Random) -> bytes:
    made = bytes(choose.choice(choose.choice(TEXTS)) for _ in range(choose.randrange(8)))
    return made + choose.choice(ODD) if choose.random() < 0.1 else made


def query(choose: random.Random) -> str:
    pairs = []
    for _ in range(choose.randrange(1, 4)):
        value = quote_from_bytes(text(choose), safe="+;=:" if choose.random() < 0.3 else "")
        pairs.append(choose.choice("xxxyzfqb") + ("=" if choose.random() < 0.95 else "") + value)
    return "&".join(pairs)


def value(choose: random.Random, depth: int = 0):
    kind = choose.randrange(9 if depth < 4 else 7)
    if kind < 7:
        number = choose.choice(
            [choose.randrange(-9, 10 ** choose.randrange(1, 30)), choose.random()]
        )
        word = text(choose).decode("utf-8", "replace") + choose.choice(["", '"', "\\", "\n", "ü😀"])
        return choose.choice([None, True, False, number, number * 1e10, word, ""])
    items = [value(choose, depth + 1) for _ in range(choose.randrange(4))]
    if kind == 7:
        return items
    return {text(choose).decode("utf-8", "replace"): item for item in items}


def body(choose: random.Random) -> bytes:
    made = json.dumps(value(choose), ensure_ascii=choose.random() < 0.5).encode()
    if choose.random() < 0.4 and made:  # broken somewhere
        at = choose.randrange(len(made))
        made = (
            made[:at] + choose.choice([b"", b"x", b",", b'"', b"}", b"\xff", b" "]) + made[at + 1 :]
        )
    return made


def cases(choose: random.Random):
    for _ in range(ROUNDS):
        if choose.random() < 0.5:
            yield "GET", choose.choice(TARGETS), query(choose), (), b""
        else:
            fields = (("content-type", choose.choice(TYPES)),)
            yield "POST", choose.choice(BODIES), query(choose), fields, body(choose)


def test_the_same_answers(serve):
    server = serve(APP, flags=["--log-level=off"])
    with server.connect() as wire:
        for method, path, search, fields, data in cases(random.Random(SEED)):
            expected = app._call(method, path, search, fields, data)
            lines = [f"{name}: {content}" for name, content in fields]
            wire.send(request(method, f"{path}?{search}", *lines, body=data))
            reply = wire.read(method)
            same = (reply.status, reply.body) == (expected.status, expected.body)
            assert same or is_reworded(reply, expected), (
                f"{method} {path}?{search} {fields} {data!r}\n{reply}\n{expected}"
            )


def is_reworded(reply, expected) -> bool:
    """The json module of Python 3.13 has other words for a comma before an end."""
    if reply.status != expected.status or b"json_invalid" not in reply.body:
        return False
    return b"trailing comma" in reply.body or b"property name" in expected.body
