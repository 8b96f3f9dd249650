"""The test client whose requests go to a server, where there can be one for the app."""

import collections
from typing import Any, List, Optional

import starlette.testclient
from starlette.testclient import TestClient

from fasterapi import testclient
from over_sockets.servers import InProcess, Served, server_of
from over_sockets.websocket import SocketSession

httpx = testclient._httpx
reason_of_test: List[str] = []  # why its requests do not go to a server
ways: "collections.Counter[str]" = collections.Counter()  # of the requests of one test


class SocketClient(TestClient):
    """As Starlette's. A with block has a server of its own, for startup and shutdown."""

    __test__ = False

    def __init__(self, app: Any, *args: Any, **options: Any) -> None:
        super().__init__(app, *args, **options)
        self._raises = options.get("raise_server_exceptions", True)
        self._refusal = next((f"the client has {name}=" for name in ("root_path", "client")
                              if name in options), None)
        self._own: Optional[Served] = None
        self._in_process = self._transport
        self._transport = SocketTransport(self)

    def server(self) -> Served:
        """Raises InProcess."""
        self._check()
        if getattr(self.app, "dependency_overrides", None):
            raise InProcess("dependency_overrides")
        return self._own or server_of(self.app)

    def _check(self) -> None:
        for reason in (self._refusal, *reason_of_test):
            if reason is not None:
                raise InProcess(reason)

    def __enter__(self) -> Any:
        try:
            self._check()
            self._own = Served(self.app)
            return self
        except InProcess as reason:
            self._refusal = str(reason)
        return super().__enter__()

    def __exit__(self, *args: Any) -> None:
        own, self._own = self._own, None
        if own is None:
            super().__exit__(*args)
        else:
            own.stop()


class SocketTransport(httpx.BaseTransport):
    """Requests to the server of the client's app, under the names that their URLs have."""

    def __init__(self, client: SocketClient) -> None:
        self._client = client

    def handle_request(self, request: Any) -> Any:
        try:
            if request.url.scheme in ("https", "wss"):
                raise InProcess("https")
            served = self._client.server()
        except InProcess as reason:
            ways[f"in process: {reason}"] += 1
            return self._client._in_process.handle_request(request)
        ways["sub-interpreter" if served.is_sub else "main interpreter"] += 1
        if request.url.scheme == "ws":
            raise starlette.testclient._Upgrade(self._session(served, request))
        request.read()
        response = served.answer(request)
        if response.status_code == 500 and self._client._raises:
            response.read()
            ways["its exception in process"] += 1
            self._client._in_process.handle_request(request).read()  # raises what the handler does
        return response

    def _session(self, served: Served, request: Any) -> SocketSession:
        try:
            self._client._in_process.handle_request(request)
        except starlette.testclient._Upgrade as upgrade:
            return SocketSession(served.process.port, request, upgrade.session)
        raise AssertionError("no upgrade")

    def close(self) -> None:
        self._client._in_process.close()
