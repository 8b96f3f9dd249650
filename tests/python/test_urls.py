"""URLs of requests and of routes."""

from typing import Any

import pytest

from fasterapi import APIRouter, App, Request
from fasterapi.datastructures import URL
from fasterapi.routing import NoMatchFound


def test_parts():
    url = URL("https://u:p@Host.example:81/a/b?q=1#f")
    assert (url.scheme, url.hostname, url.port, url.path) == ("https", "host.example", 81, "/a/b")
    assert (url.username, url.password, url.query, url.fragment) == ("u", "p", "q=1", "f")
    assert url.netloc == "u:p@Host.example:81"
    assert url.is_secure and not URL("http://h").is_secure
    assert url == str(url) and hash(url) == hash(URL(str(url)))


@pytest.mark.parametrize(
    "parts, expected",
    [
        ({"scheme": "https"}, "https://u@h:81/a?q=1"),
        ({"port": None}, "http://u@h/a?q=1"),
        ({"hostname": "::1"}, "http://u@[::1]:81/a?q=1"),
        ({"netloc": "x"}, "http://x/a?q=1"),
        ({"path": "/b", "query": ""}, "http://u@h:81/b"),
    ],
)
def test_replace(parts, expected):
    assert str(URL("http://u@h:81/a?q=1").replace(**parts)) == expected


def test_query_parameters():
    url = URL("http://h/?a=1&b=2&a=3")
    assert str(url.include_query_params(a="x y", c=4)) == "http://h/?b=2&a=x+y&c=4"
    assert str(url.remove_query_params("a")) == "http://h/?b=2"


def app() -> App:
    made = App()
    router = APIRouter(prefix="/items", tags=["t"])

    @router.get("/{item}/files/{rest:path}", name="file")
    def file(item: int, rest: str, request: Request) -> Any:
        return [
            str(request.url),
            str(request.base_url),
            str(request.url_for("file", item=7, rest="x/y z")),
            request.app.url_path_for("own"),
        ]

    @router.get("")
    def own() -> None: ...

    made.include_router(router, prefix="/v1", tags=["u"])
    return made


def test_urls_of_a_request_and_its_routes():
    answer = app()._call("GET", "/v1/items/1/files/a%20b", "q=%41", [("host", "h:8")])
    assert answer.body.decode() == (
        '["http://h:8/v1/items/1/files/a%20b?q=%41","http://h:8/",'
        '"http://h:8/v1/items/7/files/x/y%20z","/v1/items"]'
    )


def test_a_name_or_parameters_that_no_route_has():
    for name, params in (("other", {}), ("file", {"item": 1}), ("own", {"item": 1})):
        with pytest.raises(NoMatchFound, match=name):
            app().url_path_for(name, **params)


def test_what_a_router_says_holds_for_its_routes():
    (file, own) = app().all_routes()
    assert (file.path, own.path) == ("/v1/items/{item}/files/{rest:path}", "/v1/items")
    assert file.options.tags == ["u", "t"]


def test_an_empty_path_needs_a_prefix():
    made = App()
    made.get("")(lambda: 1)
    with pytest.raises(ValueError, match="empty"):
        made._compile_routes()
