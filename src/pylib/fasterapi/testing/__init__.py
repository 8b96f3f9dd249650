"""The real server around an app, for tests.

::

    with serve("shop.main:app", workers=2) as server, server.client() as client:
        assert client.get("/items/7").json() == {"item_id": 7}

``async with`` does the same. ``fasterapi.testing.plugin`` has fixtures of it for pytest. Tests that
need no server have ``fasterapi.testclient``, which is faster.
"""

from fasterapi.testing._process import ServerFailed, ServerProcess, wait_until
from fasterapi.testing._serving import Serving, serve

__all__ = ["ServerFailed", "ServerProcess", "Serving", "serve", "wait_until"]
