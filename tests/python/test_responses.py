"""Responses, headers and cookies as objects."""

import datetime

import pytest

from fasterapi import (
    HTTPException,
    JSONResponse,
    PlainTextResponse,
    RedirectResponse,
    Response,
    StreamingResponse,
    status,
)
from fasterapi._builder import ResponseBuilder
from fasterapi.datastructures import Headers, QueryParams


def test_body_headers_and_media_type():
    response = Response("ü", 201, {"X-A": "1", "Content-Length": "99"}, "text/csv")
    assert response.body == b"\xc3\xbc"
    assert response.raw_headers == [("X-A", "1"), ("content-type", "text/csv; charset=utf-8")]
    assert Response(b"").raw_headers == []
    assert PlainTextResponse("a", headers={"Content-Type": "x/y"}).headers["content-type"] == "x/y"


def test_what_a_response_does_not_take():
    with pytest.raises(TypeError, match="JSONResponse"):
        Response({"a": 1})
    with pytest.raises(TypeError, match="not JSON serializable"):
        JSONResponse(object())
    with pytest.raises(TypeError, match="iterable"):
        StreamingResponse("text")
    with pytest.raises(ValueError):
        JSONResponse(float("inf"))
    with pytest.raises(ValueError):
        JSONResponse("\ud800")


@pytest.mark.parametrize("value", ["a\r\nb: c", "a\nb", "a\0"])
def test_no_response_splitting(value):
    for response in (Response(), ResponseBuilder()):
        with pytest.raises(ValueError, match="control"):
            response.headers["x"] = value
    with pytest.raises(ValueError, match="control"):
        Response(headers={"x": value})
    with pytest.raises(ValueError):
        Response().headers["a b"] = "1"


def test_headers_ignore_case():
    response = Response(headers={"X-One": "1"})
    response.headers["x-one"] = "2"
    response.headers.append("X-ONE", "3")
    assert response.raw_headers[1:] == [("x-one", "2"), ("X-ONE", "3")]
    assert response.raw_headers[0] == ("content-length", "0")  # somebody has looked at them
    assert response.headers.getlist("X-One") == ["2", "3"]
    del response.headers["X-oNe"]
    assert response.raw_headers == [("content-length", "0")]
    assert dict(Headers([("A", "1"), ("a", "2")])) == {"a": "1"}


def test_cookies():
    response = Response()
    response.set_cookie(
        "a",
        "b c",
        max_age=5,
        expires=datetime.datetime(2026, 1, 2, tzinfo=datetime.timezone.utc),
        domain="x.y",
        secure=True,
        httponly=True,
        samesite="strict",
        partitioned=True,
    )
    response.delete_cookie("gone")
    first, second = response.headers.getlist("set-cookie")
    assert first.startswith('a="b c"; ')
    assert set(first.split("; ")[1:]) == {
        "expires=Fri, 02 Jan 2026 00:00:00 GMT",
        "Max-Age=5",
        "Domain=x.y",
        "Path=/",
        "Secure",
        "HttpOnly",
        "SameSite=strict",
        "Partitioned",
    }
    assert "Max-Age=0" in second
    with pytest.raises(ValueError, match="samesite"):
        response.set_cookie("a", samesite="some")


def test_redirects_are_quoted_once():
    assert RedirectResponse("/a b/%20?q=ü#f").headers["location"] == "/a%20b/%20?q=%C3%BC#f"
    assert RedirectResponse("/", 303).status_code == 303


def test_http_exceptions_have_the_phrase_as_their_default():
    assert HTTPException(404).detail == "Not Found"
    assert HTTPException(799).detail == "Unknown"
    assert str(HTTPException(400, "x")) == "400: x"
    assert HTTPException(401, headers={"a": "b"}).headers == {"a": "b"}


def test_the_builder_chains_and_checks():
    builder = ResponseBuilder().status(201).content_type("a/b").body("x")
    assert builder._finish() == (201, b"x", [("content-type", "a/b")])
    with pytest.raises(ValueError, match="200 to 599"):
        builder.status(101)
    assert ResponseBuilder().set_json([1])._finish()[1] == b"[1]"
    assert ResponseBuilder()._finish() == (200, b"", [])


def test_query_params():
    params = QueryParams("a=1&b=&a=%20&c")
    assert (params["a"], params.getlist("a"), params.get("x")) == (" ", ["1", " "], None)
    assert params.multi_items() == [("a", "1"), ("b", ""), ("a", " "), ("c", "")]


def test_status_names():
    assert status.HTTP_418_IM_A_TEAPOT == 418
