"""The rules of the route table, in their Python form."""

import pytest

from fasterapi import App
from fasterapi._matching import RouteTable


def table(*paths, redirect_slashes=True):
    routes = [
        ((method,), path, f"app.py:{line}") for line, (method, path) in enumerate(paths, start=1)
    ]
    return RouteTable(routes, redirect_slashes)


def test_literal_beats_int_beats_segment_beats_rest():
    found = table(
        ("GET", "/{rest:path}"), ("GET", "/a/{x}"), ("GET", "/a/{x:int}"), ("GET", "/a/b")
    )
    assert [found.find("GET", path).route for path in ("/a/b", "/a/1", "/a/c", "/c/d")] == [
        3,
        2,
        1,
        0,
    ]


def test_a_branch_that_fails_is_backed_out_of():
    found = table(("GET", "/a/b/c"), ("GET", "/{x}/b/d"))
    assert found.find("GET", "/a/b/d").texts == ("a",)


def test_another_pattern_may_have_the_method():
    found = table(("GET", "/items/me"), ("DELETE", "/items/{name}"))
    assert found.find("DELETE", "/items/me").route == 1
    assert found.find("PUT", "/items/me").allow == ("DELETE", "GET", "HEAD", "OPTIONS")


def test_a_parameter_is_not_empty_and_not_two_segments():
    found = table(("GET", "/a/{x}"), redirect_slashes=False)
    assert found.find("GET", "/a/").route == -1
    assert found.find("GET", "/a/b/c").route == -1


def test_a_star_serves_the_methods_that_no_other_route_of_its_place_does():
    found = table(("GET", "/a/{x}"), ("*", "/a/{y}"), ("LOCK", "/a/{z}"), ("PUT", "/a/b"))
    methods = ("GET", "HEAD", "LOCK", "POST", "PROPFIND")
    assert [found.find(method, "/a/1").route for method in methods] == [0, 0, 2, 1, 1]
    assert found.find("POST", "/a/b").route == 1


def test_the_rest_may_be_empty():
    assert table(("GET", "/f/{rest:path}")).find("GET", "/f/").texts == ("",)


def test_slashes_redirect_both_ways_or_not_at_all():
    found = table(("GET", "/a"), ("GET", "/b/"))
    assert found.find("GET", "/a/").location == "/a"
    assert found.find("GET", "/b").location == "/b/"
    assert table(("GET", "/a"), redirect_slashes=False).find("GET", "/a/").location is None


@pytest.mark.parametrize("other", ["/a/{x}", "/a/{y}", "/a/{y:str}"])
def test_a_place_is_taken_once(other):
    with pytest.raises(ValueError, match=r"GET /a/.* at app.py:2 is already taken at app.py:1"):
        table(("GET", "/a/{x}"), ("GET", other))


def test_an_app_has_its_redirects_switched_off():
    app = App(redirect_slashes=False)
    app.get("/a")(lambda: 1)
    assert app._call("GET", "/a/").status == 404
