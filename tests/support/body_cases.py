"""Bodies for body_app: (path, body, status, what the answer is or, of a 422, its types and
places)."""

from typing import Any, List, Tuple

ITEM = b'{"name":"a","price":1.5,"tags":["x"]}'
AS_ITEM = {"name": "a", "price": 1.5, "tags": ["x"], "note": None}
MOMENT = (
    b'{"at":"2020-02-29T10:30:00Z","day":"2020-02-29","lasts":"PT1H","cost":"1.50",'
    b'"id":"12345678-1234-5678-1234-567812345678"}'
)


def nested(depth: int) -> bytes:
    return b'{"value":1,"below":[' * depth + b'{"value":1}' + b"]}" * depth


CASES: List[Tuple[str, bytes, int, Any]] = [
    ("/item", ITEM, 200, [AS_ITEM, ["name", "price", "tags"]]),
    ("/item", b' {"price" : "2", "name":"\\u00e9", "x": [1,{}]} ', 200, None),
    ("/item", b'\xef\xbb\xbf{"price":2,"name":"b"}', 200, None),
    ("/item", b'{"name":"a","name":"b","price":0,"price":3}', 200, None),
    ("/item", b'{"name":"","price":0}', 422, ["string_too_short name", "greater_than price"]),
    ("/item", b'{"name":1}', 422, ["string_type name", "missing price"]),
    ("/item", b'{"name":"a","price":true,"tags":null}', 422, ["list_type tags"]),
    ("/item", b'{"name":"a","price":1,"tags":["x",2,"y",null]}', 422, None),
    ("/item", b"[]", 422, ["model_attributes_type"]),
    ("/item", b"null", 422, ["model_attributes_type"]),
    ("/item", b"", 422, ["missing"]),
    ("/item", b'{"name":"a"', 422, ["json_invalid 11"]),
    ("/item", b'{"name":"a","price":NaN}', 422, ["json_invalid 20"]),
    ("/item", b'{"name":"\xff","price":1}', 400, None),
    ("/item", b'{"name":"\\ud800","price":0}', 422, ["greater_than price"]),
    # Infinity, which JSON cannot say.
    (
        "/item",
        b'{"name":"a","price":1e999}',
        200,
        [{"name": "a", "price": None, "tags": [], "note": None}, ["name", "price"]],
    ),
    ("/item", b'{"name":"a","price":123456789012345678901234567890}', 200, None),
    (
        "/order/7?q=2",
        b'{"name":"a","price":1,"howMany":"3","colour":"blue"}',
        200,
        {
            "order": {
                "name": "a",
                "price": 1.0,
                "tags": [],
                "note": None,
                "howMany": 3,
                "colour": "blue",
                "made": [7],
            },
            "shop": 7,
            "q": 2,
            "set": ["colour", "count", "name", "price"],
        },
    ),
    ("/order/7", b'{"name":"a","price":1,"count":3}', 200, None),
    ("/order/7", b'{"name":"a","price":1,"count":3,"howMany":1}', 422, ["extra_forbidden count"]),
    ("/order/7", b'{"name":"a","price":1,"more":3}', 422, ["extra_forbidden more"]),
    (
        "/order/x?q=y",
        b'{"name":"a","colour":"green"}',
        422,
        ["int_parsing shop", "int_parsing q", "missing price", "enum colour"],
    ),
    ("/loose", b'{"size":1,"b":[1],"a":2,"b":3}', 200, None),
    ("/loose", b"{}", 200, [{"size": 0}, {}, []]),
    ("/node", nested(3), 200, None),
    ("/node", nested(60), 200, None),
    ("/node", nested(3).replace(b"1}", b'"x"}'), 422, None),
    ("/pet", b'{"kind":"cat","lives":9}', 200, ["Cat", {"kind": "cat", "lives": 9}]),
    ("/pet", b'{"lives":9,"name":"x","kind":"dog"}', 200, ["Dog", {"kind": "dog", "name": "x"}]),
    ("/pet", b'{"kind":"cow"}', 422, ["union_tag_invalid"]),
    ("/pet", b'{"kind":[1]}', 422, ["union_tag_invalid"]),
    ("/pet", b"{}", 422, ["union_tag_not_found"]),
    ("/pet", b'{"kind":"dog","kind":"cat","lives":1}', 200, None),
    ("/either", b"[1,2]", 200, ["list", [1, 2]]),
    ("/either", b'{"a":1,"b":2.5}', 200, None),
    ("/either", b'{"kind":"dog","name":"x"}', 200, None),
    ("/either", b"true", 422, None),
    ("/range", b'{"low":1,"high":4}', 200, {"low": 1, "high": 4}),
    ("/range", b'{"low":1,"high":5}', 422, ["value_error high"]),
    ("/range", b'{"low":5,"high":4}', 422, ["assertion_error"]),
    ("/range", b'{"low":5,"high":100}', 500, None),
    ("/range", b'{"low":"x","high":100}', 500, None),
    ("/point", b'{"x":1}', 200, {"x": 1, "y": 0.5}),
    ("/point", b'{"x":1.5}', 422, ["int_from_float x"]),
    ("/movie", b'{"year":"1999","other":1}', 200, {"year": 1999}),
    ("/pair", b"[1]", 200, ["Pair", [1, "b"]]),
    ("/pair", b'{"first":2,"second":"c"}', 200, ["Pair", [2, "c"]]),
    ("/pair", b"[1,2,3]", 422, None),
    ("/moment", MOMENT, 200, None),
    ("/moment", MOMENT.replace(b"PT1H", b"PT"), 422, ["time_delta_parsing lasts"]),
    ("/moment", MOMENT.replace(b"12345678-", b"\\ud800-"), 422, ["uuid_parsing id"]),
    ("/collections", b'{"\\ud800":[1]}', 422, ["missing ? 1"]),
    ("/items", b"[" + ITEM + b"," + ITEM + b"]", 200, [AS_ITEM, AS_ITEM]),
    ("/items", b"[]", 200, []),
    ("/items", b"[" + ITEM + b",{}]", 422, ["missing 1 name", "missing 1 price"]),
    ("/collections", b'{"a":[1,["y","x","y"]]}', 200, {"a": [1, ["x", "y"]]}),
    ("/collections", b'{"a":[1,[]],"a":[2,["z"]]}', 200, {"a": [2, ["z"]]}),
    ("/collections", b'{"a":["x",[]],"a":[2,["z"]]}', 200, {"a": [2, ["z"]]}),
    ("/collections", b'{"a":[1]}', 422, ["missing a 1"]),
    ("/maybe", b"", 200, None),
    ("/maybe", b"null", 200, None),
    ("/maybe", ITEM, 200, AS_ITEM),
    ("/number", b"3", 200, 3),
    ("/number", b'"4.0"', 200, 4),
    ("/number", b"2", 422, ["greater_than_equal"]),
    ("/number", b"18446744073709551616", 200, 2**64),
    ("/default", b"", 200, 5),
    ("/embedded", b'{"item":' + ITEM + b"}", 200, AS_ITEM),
    ("/two", b'{"item":' + ITEM + b',"point":{"x":1}}', 200, [AS_ITEM, {"x": 1, "y": 0.5}]),
    ("/two", b'{"item":' + ITEM + b',"point":{"x":"a"}}', 422, ["int_parsing point x"]),
    ("/two", b'{"item":{"name":"a"},"item":' + ITEM + b',"point":{"x":1}}', 200, None),
    ("/two", b'{"point":{"x":1}}', 422, ["missing item"]),
    ("/two", b"[]", 422, ["missing item", "missing point"]),
    ("/two", b"", 422, ["missing item", "missing point"]),
    ("/some", b"", 200, [None, {"x": 1, "y": 0.5}, 5, ["w"]]),
    ("/some", b"{}", 200, [None, {"x": 1, "y": 0.5}, 5, ["w"]]),
    ("/some", b"[]", 422, None),
    ("/some", b'{"item":null,"count":"7","number":9}', 200, [None, {"x": 1, "y": 0.5}, 7, ["w"]]),
    ("/some", b'{"count":1,"words":[1]}', 422, ["greater_than count", "string_type words 0"]),
    ("/some", b'{"item":' + ITEM + b',"words":[],"z":1}', 200, None),
    ("/two-names", b'{"x":1}', 200, [1, 1]),
    ("/two-names", b'{"x":"y"}', 422, ["int_parsing x", "int_parsing x"]),
    ("/two-checked", b'{"range":{"low":1,"high":5},"item":' + ITEM + b"}", 422, None),
    ("/two-checked", b'{"range":{"low":1,"high":4},"item":' + ITEM + b"}", 200, None),
    ("/general?q=2", ITEM, 200, [AS_ITEM, "t", 2]),
    ("/general?q=x", ITEM, 422, ["int_parsing q"]),
    ("/general?q=x", b'{"name":"a"}', 422, ["int_parsing q", "missing price"]),
    ("/general", b'{"name":"a","price":123456789012345678901234567890}', 200, None),
    ("/general", b"{", 422, ["json_invalid 1"]),
    ("/general", b"", 422, ["missing"]),
    ("/general-range", b'{"low":1,"high":4}', 200, {"low": 1, "high": 4}),
    ("/general-range", b'{"low":1,"high":5}', 422, ["value_error high"]),
    ("/general-items", b"[" + ITEM + b"]", 200, [AS_ITEM]),
    ("/general-items", b"[1]", 422, ["model_attributes_type 0"]),
    ("/any", b'[1,{"a":[null]}]', 200, [1, {"a": [None]}]),
]

TYPES = ["application/json", "application/x+json;charset=utf-8", "text/plain", ""]


def said(entries: Any) -> List[str]:
    """The types and places of a 422's entries."""
    return [" ".join([e["type"], *map(str, e["loc"][1:])]) for e in entries]
