"""Responses as ASGI applications, and bodies as middleware reads them."""

from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("starlette")

from starlette.testclient import WebSocketDenialResponse

from fasterapi.testclient import TestClient
from support import answering_app
from support.answering_app import app, done, plain


@pytest.fixture(autouse=True)
def _none_done() -> None:
    done.clear()


def get(target: str, *fields: str, method: str = "GET", to: Any = app) -> Any:
    headers = [("host", "h"), *(tuple(field.split(": ", 1)) for field in fields)]
    return to._call(method, target, "", headers)


def test_starlettes_middleware_may_give_one() -> None:
    answer = get("/value", "x-refused: 1")
    assert (answer.status, answer.body) == (401, b'{"refused":true}')
    assert done == [1]


def test_pure_middleware_may_call_one() -> None:
    answer = get("/value", "x-kind: json")
    assert (answer.status, answer.body) == (202, b'{"a":1}')
    assert {("x-a", "b"), ("x-raw", "c")} <= set(answer.headers)
    assert get("/value", "x-kind: stream").body == b"ab"
    assert get("/value", "x-kind: none").status == 204
    assert done == ["json", "stream", "none"]
    part = get("/value", "x-kind: file", "range: bytes=3-11")
    whole = Path(answering_app.__file__).read_bytes()
    assert (part.status, part.body) == (206, whole[3:12])
    assert get("/value", "x-kind: file", method="HEAD").body == b""


@pytest.mark.parametrize("to", [app, plain])
def test_a_class_with_a_way_of_its_own_to_send_itself(to: Any) -> None:
    answer = get("/own", to=to)
    assert (answer.status, answer.body) == (299, b"own")
    assert dict(answer.headers)["x-own"] == "/own"
    answer = get("/counted", to=to)
    assert (answer.body, dict(answer.headers)["x-counted"]) == (b"[1]", "GET")
    assert done == ["counted"]
    answer = get("/counted-class", to=to)
    assert (answer.status, answer.body) == (203, b'{"a":1}')
    assert dict(answer.headers)["x-counted"] == "GET"


def test_one_may_be_mounted() -> None:
    assert get("/mounted/any", to=plain).body == b'{"mounted":1}'


def test_a_handshake_is_denied_with_one() -> None:
    with pytest.raises(WebSocketDenialResponse) as denied:
        with TestClient(app).websocket_connect("/denied"):
            pass
    assert (denied.value.status_code, denied.value.json()) == (429, {"no": 1})
    assert denied.value.headers["x-why"] == "much"


@pytest.mark.parametrize(
    "target, body, length",
    [
        ("/value", b'{"a":"value"}', "13"),
        ("/text", b"some text", "9"),
        ("/stream", b"one|two", "none"),
        ("/stream-async", b"one|two", "none"),
        ("/nothing", b"", "none"),
    ],
)
def test_middleware_reads_a_body_part_by_part(target: str, body: bytes, length: str) -> None:
    answer = get(target, "x-logged: 1")
    assert answer.body == body
    assert dict(answer.headers)["x-length"] == length


def test_middleware_reads_a_file() -> None:
    whole = Path(answering_app.__file__).read_bytes()
    answer = get("/file", "x-logged: 1")
    assert (answer.body, dict(answer.headers)["x-length"]) == (whole, str(len(whole)))


@pytest.mark.parametrize("target", ["/value", "/stream", "/stream-async"])
def test_middleware_puts_another_body_in_its_place(target: str) -> None:
    usual = get(target).body
    assert get(target, "x-again: 1").body == usual
    parts = [usual] if target == "/value" else [usual[:3], usual[3:]]
    assert get(target, "x-turned: 1").body == b"".join(part[::-1] for part in parts)


def test_a_whole_body_has_a_length() -> None:
    assert get("/length", to=plain).body == b'["3",[]]'
