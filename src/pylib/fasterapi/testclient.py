"""A client for tests: an app's answers without a server, with the interface of httpx.

::

    client = TestClient(app)
    assert client.get("/items/7", params={"q": "x"}).json() == {"item_id": 7}

    with TestClient(app) as client:  # with startup and shutdown
        ...
"""

import base64
import contextlib
from typing import Any, Iterator, List, Optional, Tuple, Union
from urllib.parse import urljoin, urlsplit

from fasterapi import _call
from fasterapi._testing._cookies import Cookies
from fasterapi._testing._encode import encode, query_of
from fasterapi._testing._portal import Portal
from fasterapi._testing._response import (
    ClientHeaders,
    ClientRequest,
    ClientResponse,
    HTTPStatusError,
)
from fasterapi._urls import URL
from fasterapi.datastructures import Address, Headers, MutableHeaders

__all__ = ["ClientResponse", "HTTPStatusError", "TestClient", "TooManyRedirects"]

_MAX_REDIRECTS = 20
_DEFAULT_HEADERS = {
    "accept": "*/*",
    "accept-encoding": "gzip, deflate",
    "connection": "keep-alive",
}
_UNSET: Any = object()


class TooManyRedirects(Exception):
    """More than 20 in a row."""


class TestClient:
    """Sends requests to an app. It keeps cookies and follows redirects, and raises what the app
    does not catch, unless ``raise_server_exceptions`` is False: then that is a 500."""

    __test__ = False  # for pytest

    def __init__(
        self,
        app: Any,
        base_url: str = "http://testserver",
        raise_server_exceptions: bool = True,
        root_path: str = "",
        cookies: Any = None,
        headers: Any = None,
        follow_redirects: bool = True,
        client: Tuple[str, int] = ("testclient", 50000),
    ) -> None:
        self.app = app
        self.base_url = base_url.rstrip("/") + root_path
        self.headers = MutableHeaders({"user-agent": "testclient", **(headers or {})})
        self.cookies = Cookies(cookies)
        self.follow_redirects = follow_redirects
        self._raises = raise_server_exceptions
        self._client = Address(*client)
        self._portal: Optional[Portal] = None

    def __enter__(self) -> "TestClient":
        portal = Portal()
        try:
            portal.start(self.app)
        except BaseException:
            portal.close()
            raise
        self._portal = portal
        return self

    def __exit__(self, *_: Any) -> None:
        portal, self._portal = self._portal, None
        if portal is not None:
            portal.close()

    def request(
        self,
        method: str,
        url: Union[str, URL],
        *,
        content: Any = None,
        data: Any = None,
        files: Any = None,
        json: Any = None,
        params: Any = None,
        headers: Any = None,
        cookies: Any = None,
        auth: Optional[Tuple[str, str]] = None,
        follow_redirects: Optional[bool] = None,
        timeout: Any = None,
    ) -> ClientResponse:
        """The response to one request, after its redirects. ``auth`` is a user and a password."""
        body, content_type = encode(content, data, files, json)
        target = self._url(str(url), params)
        fields = MutableHeaders({"host": target.netloc, **_DEFAULT_HEADERS})
        fields.update(self.headers)
        if content_type is not None:
            fields["content-type"] = content_type
        if auth is not None:
            token = base64.b64encode(":".join(auth).encode()).decode()
            fields["authorization"] = f"Basic {token}"
        _add_headers(fields, headers)
        self.cookies.update(Cookies(cookies))
        sent = ClientRequest(method.upper(), target, fields, body)
        follows = self.follow_redirects if follow_redirects is None else follow_redirects
        with self._running() as portal:
            return self._follow(portal, sent) if follows else self._send(portal, sent)

    def get(self, url: Union[str, URL], **options: Any) -> ClientResponse:
        """GET; options are those of request()."""
        return self.request("GET", url, **options)

    def post(self, url: Union[str, URL], **options: Any) -> ClientResponse:
        """POST; options are those of request()."""
        return self.request("POST", url, **options)

    def put(self, url: Union[str, URL], **options: Any) -> ClientResponse:
        """PUT; options are those of request()."""
        return self.request("PUT", url, **options)

    def patch(self, url: Union[str, URL], **options: Any) -> ClientResponse:
        """PATCH; options are those of request()."""
        return self.request("PATCH", url, **options)

    def delete(self, url: Union[str, URL], **options: Any) -> ClientResponse:
        """DELETE; options are those of request()."""
        return self.request("DELETE", url, **options)

    def head(self, url: Union[str, URL], **options: Any) -> ClientResponse:
        """HEAD; options are those of request()."""
        return self.request("HEAD", url, **options)

    def options(self, url: Union[str, URL], **options: Any) -> ClientResponse:
        """OPTIONS; options are those of request()."""
        return self.request("OPTIONS", url, **options)

    @contextlib.contextmanager
    def stream(self, method: str, url: Union[str, URL], **options: Any) -> Iterator[ClientResponse]:
        """The response as a context manager; it is complete by then."""
        yield self.request(method, url, **options)

    def close(self) -> None:
        """Nothing: a client has no connections."""

    @contextlib.contextmanager
    def _running(self) -> Iterator[Portal]:
        if self._portal is not None:
            yield self._portal
            return
        portal = Portal()
        try:
            yield portal
        finally:
            portal.close()

    def _url(self, url: str, params: Any) -> URL:
        whole = url if "://" in url else self.base_url + ("" if url[:1] == "/" else "/") + url
        query = query_of(params)
        if not query:
            return URL(whole)
        return URL(whole + ("&" if urlsplit(whole).query else "?") + query)

    def _follow(self, portal: Portal, sent: ClientRequest) -> ClientResponse:
        history: List[ClientResponse] = []
        while True:
            response = self._send(portal, sent)
            response.history = list(history)
            if not response.has_redirect_location:
                return response
            history.append(response)
            if len(history) > _MAX_REDIRECTS:
                raise TooManyRedirects(f"more than {_MAX_REDIRECTS} from {history[0].url}")
            sent = _redirected(response)

    def _send(self, portal: Portal, sent: ClientRequest) -> ClientResponse:
        url = sent.url.components
        fields = MutableHeaders(sent.headers.multi_items())
        cookie = self.cookies.header(str(sent.url))
        if cookie is not None:
            fields.setdefault("cookie", cookie)
        if sent.content or sent.method in ("POST", "PUT", "PATCH"):
            fields.setdefault("content-length", str(len(sent.content)))
        answer = portal.call(
            _call.answer(
                self.app,
                sent.method,
                url.path or "/",
                url.query,
                fields.multi_items(),
                sent.content,
                self._client,
                self._raises,
            )
        )
        made = ClientHeaders(answer.headers)
        if "content-length" not in made and answer.status not in (204, 304):
            made._pairs.append(("content-length", str(len(answer.body))))
        response = ClientResponse(answer.status, made, answer.body, sent)
        response.cookies = self.cookies.extract(str(sent.url), made)
        return response


def _add_headers(fields: MutableHeaders, headers: Any) -> None:
    given = Headers(headers)
    for name in given:
        fields.pop(name, None)
    for name, value in given.multi_items():
        fields.append(name, value)


def _redirected(response: ClientResponse) -> ClientRequest:
    """The request that a redirect asks for (RFC 9110, section 15.4)."""
    sent, status = response.request, response.status_code
    method, content = sent.method, sent.content
    fields = MutableHeaders(sent.headers.multi_items())
    becomes_get = (status == 303 and method != "HEAD") or (
        status in (301, 302) and method == "POST"
    )
    if becomes_get:
        method, content = "GET", b""
        fields.pop("content-type", None)
    target = URL(urljoin(str(sent.url), response.headers["location"]))
    fields["host"] = target.netloc
    return sent._replace(method=method, url=target, headers=fields, content=content)
