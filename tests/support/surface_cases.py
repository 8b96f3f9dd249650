"""Requests to surface_app and what its handlers find, for the package and the server."""

from typing import Any, Dict

FIELDS = [("Host", "h"), ("X-Twice", "1"), ("X-Twice", "2")]
ANSWERS: Dict[str, Any] = {
    "/item": ["GET", "/item", True, False, "http", True, True],
    "/items": ["GET", True, True],
    "/query?a=1&b=x%20y&a=2": ["a=1&b=x+y&a=2"] * 2,
    "/headers": ["y", "z", "w", True, [["x-twice", "1"], ["x-twice", "2"]], False],
    "/url?a=1&b=2&c=3": ["z=1&y=a+b", "c=3", "http://you:x@h/p", "URL('http://me:********@h/p')"],
    "/state": [1, 1, False, 1],
    "/paths": ["/item", "https://h/base/item", "wss://h/base/item/live"],
    "/kinds": ["a=1&b=2", ["a"], ["1"], True],
    "/out/mid/in/sub/here/5": ["here", "5"],
    "/out/mid/in/asgi/any": "mounted",
}
