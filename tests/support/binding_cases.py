"""What each handler of binding_app answers: one table for the Python executor and for the
server."""

import json
from typing import Any, Dict, List, NamedTuple, Optional, Tuple

JSON = (("content-type", "application/json"),)


class Case(NamedTuple):
    id: str
    target: str
    status: int
    expected: Any  # parsed JSON; bytes: the body as it is
    method: str = "GET"
    body: bytes = b""
    headers: Tuple[Tuple[str, str], ...] = ()
    answer_headers: Dict[str, str] = {}


def entry(type: str, loc: List[Any], input: Any) -> Dict[str, Any]:
    return {"type": type, "loc": loc, "msg": MESSAGES[type], "input": input}


def invalid(*entries: Dict[str, Any]) -> Dict[str, Any]:
    return {"detail": list(entries)}


def json_invalid(position: int, error: str) -> Dict[str, Any]:
    made = entry("json_invalid", ["body", position], {})
    return invalid({**made, "ctx": {"error": error}})


# As pydantic 2.14 and FastAPI 0.165 say them.
MESSAGES = {
    "missing": "Field required",
    "int_parsing": "Input should be a valid integer, unable to parse string as an integer",
    "int_parsing_size": "Unable to parse input string as an integer, exceeded maximum size",
    "float_parsing": "Input should be a valid number, unable to parse string as a number",
    "bool_parsing": "Input should be a valid boolean, unable to interpret input",
    "dict_type": "Input should be a valid dictionary",
    "list_type": "Input should be a valid list",
    "json_invalid": "JSON decode error",
}

_INTEGERS = {
    "1": 1,
    "-1": -1,
    "%2B1": 1,
    "%201%20": 1,
    "1%0A": 1,
    "%C2%A01": 1,
    "%E2%80%831": 1,
    "1.0": 1,
    "1.000": 1,
    "1_000": 1000,
    "1_000.0": 1000,
    "007": 7,
    "-0": 0,
    "00_1": 1,
    "9223372036854775807": 2**63 - 1,
    "9223372036854775808": 2**63,
    "-9223372036854775809": -(2**63) - 1,
    "999999999999999999999999.0": 10**24 - 1,
}
_NO_INTEGERS = {
    "": "",
    "abc": "abc",
    "1.5": "1.5",
    "1e3": "1e3",
    "0x10": "0x10",
    "_1": "_1",
    "1_": "1_",
    "1__0": "1__0",
    "1.": "1.",
    ".0": ".0",
    "%2B-1": "+-1",
    "--1": "--1",
    "1%202": "1 2",
    "1,000": "1,000",
    "%D9%A3": "\u0663",
    "%00": "\0",
    "1%00": "1\0",
    "1%1F": "1\x1f",
    "%FF": "\ufffd",
    "true": "true",
    "null": "null",
}
_FLOATS = {
    "1": "1.0",
    "1.5": "1.5",
    "%2B1.5": "1.5",
    ".5": "0.5",
    "5.": "5.0",
    "1e3": "1000.0",
    "1E-2": "0.01",
    "inf": "inf",
    "-Infinity": "-inf",
    "NaN": "nan",
    "1_0.5": "10.5",
    "%201.5%20": "1.5",
    "1e400": "inf",
    "0.1": "0.1",
    "1.7976931348623157e308": "1.7976931348623157e+308",
    "5e-324": "5e-324",
    "123456789012345678901234567890": "1.2345678901234568e+29",
}
_NO_FLOATS = {
    "": "",
    "abc": "abc",
    "1e": "1e",
    "-": "-",
    "_1": "_1",
    "1__0": "1__0",
    "0x1p3": "0x1p3",
    "1,5": "1,5",
    "nan1": "nan1",
    "1%00": "1\0",
    "%201_0": " 1_0",
    "infinit": "infinit",
    "%D9%A3": "\u0663",
}
_TRUE = "1 true True TRUE tRue t T y Y yes YES on ON".split()
_FALSE = "0 false False FALSE f F n N no NO off OFF".split()
_NO_BOOLEANS = {"": "", "2": "2", "%20true": " true", "1.0": "1.0", "tr": "tr", "00": "00"}
_TEXTS = {
    "": "",
    "a%2Bb+c": "a+b c",
    "%FF": "\ufffd",
    "%E2%82": "\ufffd",
    "%C3%BC%F0%9F%98%80": "ü😀",
    "a=b": "a=b",
    "a;y=b": "a;y=b",
    "%2520": "%20",
    "%00": "\0",
}


def _values() -> List[Case]:
    made = []
    for kind, good, bad in (
        ("int", _INTEGERS, _NO_INTEGERS),
        ("float", _FLOATS, _NO_FLOATS),
        ("bool", {**dict.fromkeys(_TRUE, True), **dict.fromkeys(_FALSE, False)}, _NO_BOOLEANS),
        ("str", _TEXTS, {}),
    ):
        for text, value in good.items():
            made.append(Case(f"{kind}-{text}", f"/{kind}?x={text}", 200, value))
        for text, value in bad.items():
            error = invalid(entry(f"{kind}_parsing", ["query", "x"], value))
            made.append(Case(f"{kind}-not-{text}", f"/{kind}?x={text}", 422, error))
        missing = invalid(entry("missing", ["query", "x"], None))
        made.append(Case(f"{kind}-missing", f"/{kind}", 422, missing))
    return made


_LONG = "9" * 4300
_QUERIES = [
    Case("int-4300-digits", f"/int?x={_LONG}", 200, _LONG.encode()),
    Case(
        "int-4301-digits",
        f"/int?x={_LONG}9",
        422,
        invalid(entry("int_parsing_size", ["query", "x"], _LONG + "9")),
    ),
    Case("the-last-of-several", "/int?x=a&x=2", 200, 2),
    Case("no-equals-sign", "/str?x", 200, ""),
    Case("encoded-name", "/str?%78=1", 200, "1"),
    Case("empty-pairs", "/str?&&x=1&", 200, "1"),
    Case("name-with-case", "/str?X=1", 422, invalid(entry("missing", ["query", "x"], None))),
    Case("optional-absent", "/optional", 200, None),
    Case("optional-given", "/optional?x=4", 200, 4),
    Case("optional-empty", "/optional?x=", 422, invalid(entry("int_parsing", ["query", "x"], ""))),
    Case("quoted", "/quoted?x=1&y=on", 200, [1, True, "z"]),
    Case("defaults", "/defaults", 200, [5, True, "q", 0.5]),
    Case("defaults-beaten", "/defaults?f=2&z=&y=0&x=1", 200, [1, False, "", 2.0]),
    Case("untyped", "/untyped?x=4", 200, ["4", 3]),
    Case("untyped-is-str", "/untyped?x=4&y=5", 200, ["4", "5"]),
    Case("keyword-only", "/keywords/p?c=3", 200, ["p", 1, 3]),
    Case(
        "two-errors",
        "/defaults?x=a&y=b",
        422,
        invalid(
            entry("int_parsing", ["query", "x"], "a"), entry("bool_parsing", ["query", "y"], "b")
        ),
    ),
]
_PATHS = [
    Case("path-int", "/path/12", 200, 12),
    Case("path-int-spaces", "/path/%201", 200, 1),
    Case("path-int-bad", "/path/a%20b", 422, invalid(entry("int_parsing", ["path", "x"], "a b"))),
    Case("path-two", "/path/a%2Cb/float/1.5", 200, ["a,b", 1.5]),
    Case("path-bool", "/flag/yes", 200, True),
    Case("path-typed", "/typed/0012", 200, [12, "int"]),
    Case("path-typed-bad", "/typed/x1", 404, {"detail": "Not Found"}),
    Case("path-rest", "/rest/a/b%20c/d", 200, "a/b c/d"),
    Case("path-utf8", "/rest/%C3%BC", 200, "ü"),
    Case("async", "/async/4?y=3", 200, 12),
    Case("async-bad", "/async/q", 422, invalid(entry("int_parsing", ["path", "x"], "q"))),
    Case("router-parameter", "/router/abc", 200, "abc"),
    Case("router-literal", "/router/fixed", 200, "fixed kind"),
    Case("router-nested", "/router/7/deep", 200, 7),
]


def _post(id: str, target: str, body: Any, status: int, expected: Any, headers: Any = JSON) -> Case:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Case(id, target, status, expected, "POST", raw, headers)


def _not_dict(value: Any) -> Dict[str, Any]:
    return invalid(entry("dict_type", ["body"], value))


_UNREADABLE = {"detail": "There was an error parsing the body"}
_NESTED = {"a": [1, -2.5, "ü\\\n", None, True, {"b": {}}], "": 10**30}
_BODIES = [
    _post("dict", "/dict", _NESTED, 200, _NESTED),
    _post("dict-async", "/async-dict", _NESTED, 200, _NESTED),
    _post("dict-spaces", "/dict", b' {"a" : 1}\r\n', 200, {"a": 1}),
    _post("dict-bom", "/dict", b'\xef\xbb\xbf{"a":1}', 200, {"a": 1}),
    _post("dict-last-key-wins", "/dict", b'{"a":1,"a":2}', 200, {"a": 2}),
    _post("dict-surrogate-pair", "/dict", b'{"a":"\\ud83d\\ude00"}', 200, {"a": "😀"}),
    *(
        _post(f"dict-not-{value!r}", "/dict", value, 422, _not_dict(value))
        for value in ([1], "s", 5, 1.5, True, None)
    ),
    _post("dict-missing", "/dict", b"", 422, invalid(entry("missing", ["body"], None))),
    _post("json-key", "/dict", b"{bad", 422,
          json_invalid(1, "Expecting property name enclosed in double quotes")),
    _post("json-delimiter", "/dict", b'{"a":1', 422, json_invalid(6, "Expecting ',' delimiter")),
    _post("json-colon", "/dict", b'{"a"', 422, json_invalid(4, "Expecting ':' delimiter")),
    _post("json-value", "/dict", b'{"a":}', 422, json_invalid(5, "Expecting value")),
    _post("json-blank", "/dict", b" ", 422, json_invalid(1, "Expecting value")),
    _post("json-word", "/dict", b"tru", 422, json_invalid(0, "Expecting value")),
    _post("json-extra", "/dict", b'{"a":1}x', 422, json_invalid(7, "Extra data")),
    _post("json-nan", "/dict", b'{"NaN":NaN}', 422, json_invalid(7, "Expecting value")),
    _post("json-infinity", "/dict", b'[1,-Infinity]', 422, json_invalid(3, "Expecting value")),
    _post("json-string", "/dict", b'"ab', 422, json_invalid(0, "Unterminated string starting at")),
    _post("json-control", "/dict", b'"\n"', 422, json_invalid(1, "Invalid control character at")),
    # The position counts characters, not bytes.
    _post("json-position", "/dict", '{"üü":x}'.encode(), 422, json_invalid(6, "Expecting value")),
    _post("dict-lone-surrogate", "/dict", b'"\\ud800"', 422, _not_dict(None)),
    _post("any-lone-surrogate", "/any", b'"\\ud800"', 500, {"detail": "Internal Server Error"}),
    _post("json-no-utf8", "/dict", b'{"a":"\xff"}', 400, _UNREADABLE),
    _post("json-too-deep", "/dict", b"[" * 200_000, 400, _UNREADABLE),
    _post("no-content-type", "/dict", b'{"a":1}', 422, _not_dict('{"a":1}'), ()),
    _post("form", "/dict", b"a=1", 422, _not_dict("a=1"),
          (("content-type", "application/x-www-form-urlencoded"),)),
    _post("json-with-charset", "/dict", b"{}", 200, {},
          (("content-type", "Application/JSON; charset=utf-8"),)),
    _post("json-suffix", "/dict", b"{}", 200, {}, (("content-type", "application/ld+json"),)),
    _post("list", "/list", [1, {"a": 2}], 200, [1, {"a": 2}]),
    _post("list-not-dict", "/list", {}, 422, invalid(entry("list_type", ["body"], {}))),
    *(_post(f"any-{v!r}", "/any", v, 200, v) for v in ({"a": 1}, [1], "s", 5, 1.5, False, None)),
    _post("optional-dict", "/optional-dict", {"a": 1}, 200, {"a": 1}),
    _post("optional-dict-null", "/optional-dict", b"null", 200, None),
    _post("optional-dict-absent", "/optional-dict", b"", 200, None),
    _post("bytes", "/bytes", b"\x00\xff1", 200, b"1\xff\x00", ()),
    _post("all-sources", "/all/1?q=2", {"b": 3}, 200, [1, 2, {"b": 3}, "POST", "t"],
          (*JSON, ("X-Test", "t"))),
    _post("all-errors", "/errors/p?q=q", [0], 422, invalid(
        entry("int_parsing", ["path", "x"], "p"),
        entry("int_parsing", ["query", "q"], "q"),
        entry("dict_type", ["body"], [0]))),
    _post("bad-json-alone", "/errors/p?q=q", b"[", 422, json_invalid(1, "Expecting value")),
]
_EMPTY_REQUEST = {
    "method": "GET", "path": "/request/x/1", "query_string": "", "query": {}, "several": [],
    "path_params": {"name": "x", "n": 1}, "header": None, "body": "",
}
_REQUESTS = [
    Case(
        "request-fields",
        "/request/a%20b/07?a=1&a=%20&c=",
        200,
        {
            "method": "POST",
            "path": "/request/a b/07",
            "query_string": "a=1&a=%20&c=",
            "query": {"a": " ", "c": ""},
            "several": ["1", " "],
            "path_params": {"name": "a b", "n": 7},
            "header": "seven",
            "cookies": {"one": "1", "two": "2 3"},
            "body": "text",
        },
        "POST",
        b"text",
        (("x-tEST", "seven"), ("cookie", 'one=1; two="2 3"')),
    ),
    *(
        Case(f"cookies-{number}", "/request/x/1", 200, {**_EMPTY_REQUEST, "cookies": cookies},
             headers=(("cookie", text),))
        for number, (text, cookies) in enumerate((
            ('prefs={"a": [1, 2]}; session=abc', {"prefs": '{"a": [1, 2]}', "session": "abc"}),
            ("a/b=1; c@d=2; e=f=g;h= i ", {"a/b": "1", "c@d": "2", "e": "f=g", "h": "i"}),
            ("one=1; one=2; bare; =no name; ;", {"one": "2", "": "no name"}),
            ("name=f\xfcr; path=/; secure=x", {"name": "f\xfcr", "path": "/", "secure": "x"}),
            ('q="a\\"b\\073c"; r="', {"q": 'a"b;c', "r": '"'}),
        ))
    ),
    _post("sync-json", "/sync-json", [1], 200, {"got": [1]}),
    _post("async-json", "/async-json", [1], 200, {"got": [1], "size": 3}),
]
_TEXT = {"content-type": "text/plain; charset=utf-8"}
_RESULTS = [
    Case("res-filled", "/res/n", 201, {"raw": True},
         answer_headers={"x-name": "n", "content-type": "application/json"}),
    Case("res-returned", "/res-returned", 202, b"text", answer_headers=_TEXT),
    Case("res-merged", "/res-merged", 203, {"merged": True}, answer_headers={
        "x-merged": "yes", "set-cookie": "a=b; Path=/; SameSite=lax",
        "content-type": "application/json"}),
    Case("status-code", "/created", 201, {"created": True}),
    Case("status-code-async", "/created-async", 201, {"created": True}),
    Case("no-content", "/no-content", 204, b""),
    Case("plain", "/plain", 200, b"plain text", answer_headers=_TEXT),
    Case("html", "/html", 200, b"<p>html</p>",
         answer_headers={"content-type": "text/html; charset=utf-8"}),
    Case("string", "/string", 200, '"say \\"ü\\""'.encode(),
         answer_headers={"content-type": "application/json"}),
    Case("none", "/none", 200, b"null"),
    Case("octets", "/octets", 200, b"\x00\xff",
         answer_headers={"content-type": "application/octet-stream"}),
    Case("json-response", "/json-response", 418, b'{"a":[1]}', answer_headers={"x-tea": "pot"}),
    Case("redirect", "/redirect", 307, b"", answer_headers={"location": "/else%20where?a=b"}),
    Case("stream", "/stream", 200, b"0;1;2;3;4;",
         answer_headers={"content-type": "text/csv; charset=utf-8"}),
    Case("stream-async", "/stream-async", 203, b"one,two"),
    Case("generator", "/generator", 200, b"ab"),
    Case("lines", "/lines", 200, b'"a"\n{"b":1.5}\n',
         answer_headers={"content-type": "application/jsonl"}),
    Case("forms", "/forms", 200,
         b'{"date":"2026-01-02","at":"2026-01-02T03:04:05+00:00","time":"03:04:00",'
         b'"uuid":"00000000-0000-0000-0000-000000000005","enum":"r",'
         b'"points":[{"x":1,"y":null},{"x":2,"y":0.5}],"decimals":[1.5,7],'
         b'"1":{"null":true,"1.5":[]}}'),
    Case("http-exception", "/refuse", 403, {"detail": {"why": ["not", "today"]}},
         answer_headers={"x-why": "rain"}),
    Case("http-exception-default", "/refuse-plain", 404, {"detail": "Not Found"}),
    Case("exception", "/raise", 500, {"detail": "Internal Server Error"}),
    Case("unserialisable", "/unserialisable", 500, {"detail": "Internal Server Error"}),
    Case("nan", "/nan", 500, {"detail": "Internal Server Error"}),
]
_ROUTES = [
    Case("unknown-path", "/unknown", 404, {"detail": "Not Found"}),
    Case("wrong-method", "/int", 405, {"detail": "Method Not Allowed"}, "DELETE",
         answer_headers={"allow": "GET, HEAD, OPTIONS"}),
    Case("options", "/dict", 204, b"", "OPTIONS", answer_headers={"allow": "OPTIONS, POST"}),
    Case("slash-too-much", "/none/?a=b", 307, b"", answer_headers={"location": "/none?a=b"}),
    Case("head", "/none", 200, b"", "HEAD"),
]

CASES = [*_values(), *_QUERIES, *_PATHS, *_BODIES, *_REQUESTS, *_RESULTS, *_ROUTES]


def check(case: Case, status: int, headers: Dict[str, str], body: bytes) -> Optional[str]:
    """None where the answer is the expected one; otherwise both."""
    answer = body if isinstance(case.expected, bytes) else _parse(body)
    fields = {name: headers.get(name) for name in case.answer_headers}
    got = (status, answer, fields)
    wanted = (case.status, case.expected, case.answer_headers)
    same = got == wanted and type(answer) is type(case.expected)
    return None if same else f"got {got!r}\nexpected {wanted!r}"


def _parse(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return body
