"""A request in Python, as handlers get it outside of the server: in the server most are
``_fasterapi.Request``, the same in C++."""

import asyncio
from http.cookies import _unquote
from typing import Any, Awaitable, Callable, Dict, Iterable, Mapping, Optional, Tuple, Union

from fasterapi import _json
from fasterapi._request_extras import RequestExtras
from fasterapi.datastructures import Address, Headers, QueryParams, State


class PlainRequest(RequestExtras):
    """One HTTP request.

    ``body()`` and ``json()`` are awaited in ``async def`` handlers, as in Starlette, and give
    their value at once in ``def`` handlers. ``stream()`` gives the body in pieces as they come,
    where the handler runs meanwhile; otherwise it is complete before. A request may be kept after
    its handler returned.
    """

    __slots__ = (
        "method",
        "path",
        "query_string",
        "headers",
        "path_params",
        "client",
        "app",
        "root_path",
        "scheme",
        "_around",
        "_body",
        "_departure",
        "_has_client_left",
        "_incoming",
        "_is_awaited",
        "_is_received",
        "_outer",
        "_query_params",
        "_cookies",
        "_state",
        "__weakref__",
    )

    def __init__(
        self,
        method: str = "GET",
        path: str = "/",
        query_string: str = "",
        headers: Union[Mapping[str, str], Iterable[Tuple[str, str]], None] = None,
        body: bytes = b"",
        path_params: Optional[Dict[str, Any]] = None,
        client: Optional[Address] = None,
        app: Any = None,
        is_awaited: bool = True,
    ) -> None:
        self.method = method
        self.path = path  #: percent-decoded
        self.query_string = query_string  #: behind "?", still encoded
        self.headers = headers if type(headers) is Headers else Headers(headers)
        self.path_params = {} if path_params is None else path_params  #: int where {name:int}
        self.client = client
        self.app = app
        self.root_path = ""
        self.scheme = "http"
        self._body = body
        self._has_client_left: Callable[[], bool] = stays
        self._departure: Callable[[], Awaitable[Any]] = never  # done when it has
        self._incoming: Any = None  # in place of the body
        self._is_awaited = is_awaited
        self._is_received = False  # the body, by receive()
        self._outer: Any = None  # of a mount: RouteOptions, whose limits hold below it
        self._around: Optional[Dict[str, Any]] = None  # of a mount: the scope that it is in
        self._query_params: Optional[QueryParams] = None
        self._cookies: Optional[Dict[str, str]] = None
        self._state: Optional[State] = None

    @property
    def query_params(self) -> QueryParams:
        """Decoded query parameters; of several with one name, ``[]`` gives the last."""
        if self._query_params is None:
            self._query_params = QueryParams(self.query_string)
        return self._query_params

    @property
    def cookies(self) -> Dict[str, str]:
        """Cookies by name."""
        if self._cookies is None:
            self._cookies = read_cookies(self.headers)
        return self._cookies

    @property
    def state(self) -> State:
        """Attributes of the user's choice, for the life of this request."""
        if self._state is None:
            self._state = State()
        return self._state

    def body(self) -> Any:
        """The body's bytes; awaitable in ``async def`` handlers."""
        if self._incoming is not None:
            return self._incoming.read()
        return _ready(self._body) if self._is_awaited else self._body

    def json(self) -> Any:
        """The body as JSON; awaitable in ``async def`` handlers. Raises json.JSONDecodeError."""
        if self._incoming is not None:
            return self._incoming.json()
        if self._is_awaited:
            return self._parsed()
        return _json.loads(self._body)

    async def _parsed(self) -> Any:
        return _json.loads(self._body)

    def __repr__(self) -> str:
        return f"<Request {self.method} {self.path}>"


def stays() -> bool:
    """Whether the client has left, where nothing can tell."""
    return False


def never() -> "asyncio.Future[None]":
    """In place of one that is done when the client has left, likewise."""
    return asyncio.get_running_loop().create_future()


def read_cookies(headers: Headers) -> Dict[str, str]:
    """The cookies of a request by name: as browsers take them, who put into a value what RFC 6265
    has no place for. A cookie that is malformed costs none of the others."""
    cookies: Dict[str, str] = {}
    for header in headers.getlist("cookie"):
        for pair in header.split(";"):
            name, equals, value = pair.partition("=")
            if not equals:
                name, value = "", pair
            name, value = name.strip(), value.strip()
            if name or value:
                cookies[name] = _unquote(value)
    return cookies


async def _ready(value: Any) -> Any:
    return value
