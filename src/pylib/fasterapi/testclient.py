"""A client for tests: an app's answers without a server, Starlette's and so with the interface of
httpx.

::

    client = TestClient(app)
    assert client.get("/items/7", params={"q": "x"}).json() == {"item_id": 7}

    with TestClient(app) as client:  # with startup and shutdown
        ...
"""

from typing import Any

from fasterapi import _dependencies

with _dependencies.needed_by("TestClient"):
    import starlette.testclient
    from starlette.testclient import TestClient as TestClient

_starlettes: Any = starlette.testclient
_httpx = _starlettes.httpx  # the one that it uses, of two

ClientResponse = _httpx.Response
HTTPStatusError = _httpx.HTTPStatusError
TooManyRedirects = _httpx.TooManyRedirects

__all__ = ["ClientResponse", "HTTPStatusError", "TestClient", "TooManyRedirects"]
