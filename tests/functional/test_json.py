"""Answers are json.dumps' text to the byte, and bodies json.loads' values; what JSON cannot say is a
500 whose log line names the place.

FASTERAPI_DIFFERENTIAL_VALUES sets how many values are compared, FASTERAPI_TEST_SEED where they
start."""

import json
import os
import re
import sys
from pathlib import Path

import pytest

SUPPORT = Path(__file__).resolve().parents[1] / "support"
sys.path.insert(0, str(SUPPORT))

import json_values  # noqa: E402

from support.wire import request  # noqa: E402

JSON = "Content-Type: application/json"

VALUES = int(os.environ.get("FASTERAPI_DIFFERENTIAL_VALUES", "1000"))
FIRST = int(os.environ.get("FASTERAPI_TEST_SEED", "0"))


@pytest.fixture(scope="module")
def server(serve_once):
    return serve_once(SUPPORT / "json_app.py")


def expected(value):
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


@pytest.mark.timeout(60 + VALUES // 50)
def test_values_are_written_as_json_dumps_writes_them_and_read_again(server):
    with server.connect() as wire:
        for seed in range(FIRST, FIRST + VALUES // 50):
            made = json_values.Values(seed)
            values = [made.value() for _ in range(50)]
            reply = wire.get(f"/values/{seed}")
            assert reply.status == 200, (seed, reply.body)
            assert reply.body == expected(values), seed
            wire.send(request("POST", "/echo", JSON, body=reply.body))
            assert wire.read().body == expected(json.loads(reply.body)), seed


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/nan", "Out of range float values are not JSON compliant: nan at $.prices[1]"),
        ("/deep/201", "JSON is nested deeper than 200 levels"),
        ("/loop", "Circular reference detected at $.a[0]"),
        ("/digits/4301", "Exceeds the limit (4300 digits)"),
        ("/surrogate", "str with a lone surrogate has no UTF-8 form: at $.names[0]"),
    ],
)
def test_what_json_cannot_say_is_a_500_and_the_log_names_the_place(server, path, said):
    with server.connect() as wire:
        reply = wire.get(path)
        assert (reply.status, reply.body) == (500, b'{"detail":"Internal Server Error"}')
    server.wait_log(re.escape(said))


def test_what_is_just_within_the_limits_is_written(server):
    with server.connect() as wire:
        assert wire.get("/deep/200").body == expected(json_values.deep(200))
        assert wire.get("/digits/4300").body == b"1" + b"0" * 4299


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/loose", '{"prices":[1.5,NaN,Infinity,-Infinity],"é":{"1":[2],"null":"\\n"}}'),
        ("/loose-class", "[NaN]"),
    ],
)
def test_a_response_class_may_allow_nan(server, path, body):
    with server.connect() as wire:
        reply = wire.get(path)
        assert (reply.status, reply.body.decode()) == (200, body)
        assert reply.headers["content-type"] == "application/json"
