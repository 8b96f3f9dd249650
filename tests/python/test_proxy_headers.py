"""ProxyHeadersMiddleware, without the server."""

import asyncio
import json
from typing import Any

import pytest

from fasterapi import App, _call
from fasterapi.datastructures import Address
from fasterapi.middleware import ProxyHeadersMiddleware
from support.proxied_app import app, seen, strict


def see(*fields: str, to: App = app, client: Any = "127.0.0.1", path: str = "/seen") -> Any:
    headers = [("host", "h"), *(tuple(field.split(": ", 1)) for field in fields)]
    peer = None if client is None else Address(client, 9)
    answer = asyncio.run(_call.answer(to, "GET", path, "", headers, b"", peer))
    return json.loads(answer.body)


@pytest.mark.parametrize(
    "fields, client, scheme",
    [
        ([], ["127.0.0.1", 9], "http"),
        (["x-forwarded-for: 1.2.3.4"], ["1.2.3.4", 0], "http"),
        (["x-forwarded-for: 1.2.3.4:56", "x-forwarded-proto: https"], ["1.2.3.4", 56], "https"),
        (["x-forwarded-for: [2001:db8::1]:7"], ["2001:db8::1", 7], "http"),
        (["x-forwarded-for: 2001:db8::1"], ["2001:db8::1", 0], "http"),
        (["x-forwarded-for: 6.6.6.6, 1.2.3.4, 10.1.1.1"], ["1.2.3.4", 0], "http"),
        (["x-forwarded-for: 6.6.6.6", "x-forwarded-for: 1.2.3.4"], ["1.2.3.4", 0], "http"),
        (["x-forwarded-for: 10.9.9.9, 10.1.1.1"], ["10.9.9.9", 0], "http"),
        (["x-forwarded-for: unknown"], ["unknown", 0], "http"),
        (["x-forwarded-for: "], ["127.0.0.1", 9], "http"),
        (["x-forwarded-proto: wss"], ["127.0.0.1", 9], "https"),
        (["x-forwarded-proto: gopher"], ["127.0.0.1", 9], "http"),
    ],
)
def test_what_a_trusted_proxy_says(fields: Any, client: Any, scheme: str) -> None:
    assert see(*fields) == [client, scheme]


TOLD = ("x-forwarded-for: 1.2.3.4", "x-forwarded-proto: https")


@pytest.mark.parametrize("client", ["127.0.0.1", "192.0.2.1", "::1"])
def test_others_are_not_believed(client: str) -> None:
    assert see(*TOLD, to=strict, client=client) == [[client, 9], "http"]
    assert see(*TOLD, to=strict, client=None) == [None, "http"]


def test_an_ipv4_address_on_a_socket_of_ipv6() -> None:
    assert see(*TOLD, to=strict, client="::ffff:10.0.0.1") == [["1.2.3.4", 0], "https"]


def test_a_star_trusts_all_and_a_unix_socket() -> None:
    made = App()
    made.add_middleware(ProxyHeadersMiddleware, "*")
    made.get("/seen")(seen)
    assert see("x-forwarded-for: 1.2.3.4, 5.6.7.8", to=made, client=None) == [
        ["1.2.3.4", 0],
        "http",
    ]


def test_what_is_no_address_is_refused() -> None:
    with pytest.raises(ValueError, match=r"proxy\.example"):
        ProxyHeadersMiddleware(None, "127.0.0.1,proxy.example")


def test_other_routes_are_as_they_were() -> None:
    assert see(*TOLD, path="/native") == 1
