"""Parameters of general routes, with literal answers: FastAPI's."""

import json
from typing import Annotated, Any, List, Optional

import pytest

from fasterapi import App, Body, Depends, Field, Header, Model, Path, Query
from fasterapi.exceptions import FastAPIDeprecationWarning
from fasterapi.params import ParamTypes
from support.parameter_app import app


def get(target: str, *headers: Any) -> Any:
    path, _, query = target.partition("?")
    answer = app._call("GET", path, query, headers)
    return answer.status, json.loads(answer.body)


def post(target: str, value: Any, content_type: str = "application/json") -> Any:
    body = value if isinstance(value, bytes) else json.dumps(value).encode()
    answer = app._call("POST", target, headers=[("content-type", content_type)], body=body)
    return answer.status, json.loads(answer.body)


def invalid(*entries: Any) -> Any:
    return 422, {"detail": list(entries)}


def missing(*loc: Any) -> Any:
    return {"type": "missing", "loc": list(loc), "msg": "Field required", "input": None}


def test_constraints_in_the_path():
    assert get("/path/3/red") == (200, {"number": 3, "colour": "red"})
    assert get("/path/0/green") == invalid(
        {
            "type": "greater_than_equal",
            "loc": ["path", "number"],
            "msg": "Input should be greater than or equal to 1",
            "input": "0",
            "ctx": {"ge": 1},
        },
        {
            "type": "enum",
            "loc": ["path", "colour"],
            "msg": "Input should be 'red' or 'blue'",
            "input": "green",
            "ctx": {"expected": "'red' or 'blue'"},
        },
    )


def test_defaults_aliases_and_enums_in_the_query():
    none = {"q": None, "n": 5, "kind": "a", "size": 1, "word": "abc", "alias": "none"}
    assert get("/query") == (200, none)
    assert get("/query?x-alias=1&alias=2&kind=b&q=abc") == (
        200,
        {**none, "alias": "1", "kind": "b", "q": "abc"},
    )


def test_a_list_takes_every_value_of_its_name():
    assert get("/lists?ids=1&ids=2&names=b&names=a") == (
        200,
        {"ids": [1, 2], "names": ["a", "b"], "maybe": None, "pair": [1, "a"]},
    )
    assert get("/lists") == invalid(missing("query", "ids"))
    assert get("/lists?ids=1&ids=x")[1]["detail"][0]["loc"] == ["query", "ids", 1]


def test_headers_have_dashes_and_any_case():
    assert get("/headers", ("X-Token", "ab"), ("x-many", "1"), ("X-Many", "2")) == (
        200,
        ["ab", 1, ["1", "2"], None, None],
    )
    assert get("/headers") == invalid(missing("header", "x-token"))


def test_cookies():
    assert get("/cookies", ("cookie", "session=s; n=2")) == (200, ["s", 2])
    assert get("/cookies") == invalid(missing("cookie", "session"))


def test_a_model_that_may_be_absent_refuses_what_it_forbids():
    assert get("/filters") == (200, None)
    assert get("/filters?q=a&ids=1&ids=2") == (200, {"q": "a", "ids": [1, 2]})
    assert get("/filters?ids=1") == invalid({**missing("query", "q"), "input": {"ids": ["1"]}})
    status, body = get("/filters?admin=1&admin=2&q=a")
    assert (status, [(e["type"], e["loc"], e["input"]) for e in body["detail"]]) == (
        422,
        [("extra_forbidden", ["query", "admin"], ["1", "2"])],
    )
    assert get("/filters?admin=1")[0] == 422
    assert get("/session") == (200, None)
    extra = {"session": "none", "other": "1"}
    assert get("/session", ("cookie", "other=1")) == (200, extra)


def test_a_model_of_headers_that_may_be_absent():
    class Tokens(Model):
        model_config = {"extra": "forbid"}
        x_token: str = "none"

    made = App()

    @made.get("/")
    def handler(tokens: Annotated[Optional[Tokens], Header()] = None) -> Any:
        return tokens and tokens.x_token

    def send(*headers: Any) -> Any:
        answer = made._call("GET", "/", headers=headers)
        return answer.status, json.loads(answer.body)

    assert send() == (200, None)
    assert send(("X-Token", "a")) == (200, "a")
    status, body = send(("X-Token", "a"), ("X-Other", "b"))
    assert (status, body["detail"][0]["loc"]) == (422, ["header", "x-other"])


def test_one_body_is_the_body_and_several_are_its_members():
    item, user = {"name": "a", "price": "2"}, {"name": "u"}
    shown = {"name": "a", "price": 2.0, "tags": None}
    assert post("/item", item) == (200, shown)
    assert post("/embedded", {"item": item}) == (200, shown)
    assert post("/two/1", {"item": item, "user": user}) == (
        200,
        {"number": 1, "item": shown, "user": {"name": "u", "age": 0}, "q": None},
    )
    assert post("/two/x", item) == invalid(
        {
            "type": "int_parsing",
            "loc": ["path", "number"],
            "msg": "Input should be a valid integer, unable to parse string as an integer",
            "input": "x",
        },
        missing("body", "item"),
        missing("body", "user"),
    )


def test_a_body_that_is_no_json_is_the_only_error():
    status, answer = post("/two/x", b"{")
    assert status == 422
    assert [(e["type"], e["loc"]) for e in answer["detail"]] == [("json_invalid", ["body", 1])]
    assert post("/item", b"\xff") == (400, {"detail": "There was an error parsing the body"})


def test_without_a_json_content_type_the_body_is_text():
    assert post("/item", {"name": "a", "price": 1}, "text/plain")[0] == 422
    assert post("/two/1", {}, "text/plain") == invalid(
        missing("body", "item"), missing("body", "user")
    )


def test_defaults_are_each_requests_own():
    made = App()

    @made.get("/")
    def handler(x: Annotated[List[int], Query()] = []) -> Any:  # noqa: B006
        x.append(len(x))
        return x

    assert [made._call("GET", "/").body for _ in range(2)] == [b"[0]", b"[0]"]


def test_a_default_factory():
    made = App()
    numbers = iter(range(9))

    @made.get("/")
    def handler(x: int = Query(default_factory=lambda: next(numbers))) -> Any:
        return x

    assert [made._call("GET", "/").body for _ in range(2)] == [b"0", b"1"]


def refuses(handler: Any, *words: str) -> None:
    with pytest.raises(TypeError) as caught:
        App().get("/{a}")(handler)
    for word in (*words, handler.__name__, "test_parameters.py"):
        assert word in str(caught.value)


def test_what_is_said_twice_or_in_the_wrong_place():
    def twice(a: str, x: Annotated[int, Query()] = Header()): ...

    def in_annotated(a: str, x: Annotated[int, Query(default=1)]): ...

    def not_path(a: Annotated[str, Query()]): ...

    def model(a: str, x: Annotated[dict, Query()]): ...

    def no_dependency(a: str, x=Depends()): ...  # type: ignore[no-untyped-def]

    refuses(twice, "'x'", "Annotated", "default value together")
    refuses(in_annotated, "'x'", "with `=`")
    refuses(not_path, "'a'", "Query")
    refuses(model, "'x'", "dict")
    refuses(no_dependency, "'x'", "Depends")
    with pytest.raises(TypeError, match="default"):
        Path(default=1)


def test_what_is_said_of_one_route_is_not_changed_for_another():
    said = Query(min_length=2)
    made = App()
    made.get("/a")(lambda x=said: x)
    made.get("/b")(lambda y=said: y)
    assert made._call("GET", "/b", "y=ab").body == b'"ab"'
    assert made._call("GET", "/a", "x=ab").body == b'"ab"'


def test_a_body_of_bytes_and_of_anything_stay_what_they_are_in_native_routes():
    made = App()

    @made.post("/raw")
    def raw(body: bytes, q: Annotated[Optional[str], Query(max_length=1)] = None) -> Any:
        return body

    @made.post("/any")
    def any_body(body: Any, q: Annotated[Optional[str], Query(max_length=1)] = None) -> Any:
        return body

    headers = [("content-type", "application/json")]
    assert made._call("POST", "/raw", headers=headers, body=b"{ }").body == b"{ }"
    assert made._call("POST", "/any", headers=headers, body=b"[1, 2]").body == b"[1,2]"


def test_old_names_still_work_with_a_warning():
    with pytest.warns(FastAPIDeprecationWarning, match="pattern"):
        assert Query(regex="a").pattern == "a"
    with pytest.warns(FastAPIDeprecationWarning, match="examples"):
        Body(example=1)


class Choices:
    """As pydantic's AliasChoices: known by its attribute."""

    def __init__(self, *choices: str) -> None:
        self.choices = choices


def test_the_first_alias_that_is_there_counts():
    made = App()
    said: Any = Choices("new", "old")

    @made.get("/")
    def handler(x: Annotated[int, Query(validation_alias=said)]) -> Any:
        return x

    @made.post("/")
    def written(x: Annotated[int, Body(embed=True, validation_alias=said)] = 0) -> Any:
        return x

    assert made._call("GET", "/", "old=2&new=1").body == b"1"
    assert made._call("GET", "/", "old=2").body == b"2"
    assert b'"loc":["query","old"]' in made._call("GET", "/", "old=x").body
    assert b'"loc":["query","new"]' in made._call("GET", "/").body
    headers = [("content-type", "application/json")]
    assert made._call("POST", "/", headers=headers, body=b'{"old":3}').body == b"3"
    assert made._call("POST", "/", headers=headers, body=b"{}").body == b"0"


def test_a_field_beside_query_or_in_its_place_says_the_rest():
    made = App()

    @made.get("/")
    def handler(
        a: Annotated[int, Field(alias="x", validate_default=True, gt=0)] = 0,
        b: Annotated[int, Field(default_factory=lambda: 5), Query()] = 7,
        c: Annotated[int, Field(alias="y"), Query(alias=None)] = 1,
    ) -> Any:
        return [a, b, c]

    assert made._call("GET", "/", "x=2&y=3").body == b"[2,5,1]"  # a factory goes before a default
    assert made._call("GET", "/", "x=2&b=3&c=4").body == b"[2,3,4]"
    assert b'"greater_than"' in made._call("GET", "/").body


def test_the_place_of_a_parameter_is_a_member_of_an_enum_and_text():
    assert Query().in_ is ParamTypes.query
    assert [p().in_ for p in (Query, Header, Path)] == ["query", "header", "path"]


def test_defaults_are_checked_where_that_is_asked_for():
    made = App()
    made.get("/")(lambda x=Query("z", max_length=0, validate_default=True): x)
    made.get("/not")(lambda x=Query("z", max_length=0): x)
    assert made._call("GET", "/").status == 422
    assert made._call("GET", "/not").body == b'"z"'


def test_a_body_without_a_content_type():
    for strict, status in ((True, 422), (False, 200)):
        made = App(strict_content_type=strict)
        made.post("/")(_takes_dict)
        assert made._call("POST", "/", body=b"{}").status == status
        assert made._call("POST", "/", headers=[("content-type", "a/b")], body=b"{}").status == 422


def _takes_dict(body: dict) -> Any:
    return body
