"""What requests offer beyond what the server gives: added to its Request type and to ours."""

import asyncio
import sys
from typing import Any, AsyncIterator, Generator, Iterator
from urllib.parse import quote

from fasterapi._urls import URL, NoMatchFound
from fasterapi.exceptions import HTTPException

_FORM = "_fasterapi_form"  # in request.state
SCOPE = "_fasterapi_scope"  # likewise, once it was asked for: what is changed in it stays so


class RequestExtras:
    """URLs and forms of a request, out of its path, headers and body."""

    __slots__ = ()

    _incoming: Any = None  # a body that comes while the handler runs: fasterapi._incoming.Incoming
    root_path: str = ""  #: where the app is mounted in another one, percent-decoded
    scheme: str = "http"  #: "https" where middleware knows it from a proxy

    @property  # type: ignore[misc]
    def __class__(self) -> Any:
        """Starlette's, where that is imported: to libraries that ask, it is one of those. The
        server's requests say the same. A class below of an app's own is its own."""
        theirs = getattr(sys.modules.get("starlette.requests"), "Request", None)
        is_ours = type(self).__module__.startswith("fasterapi.")
        return theirs if theirs is not None and is_ours else type(self)

    @property
    def scope(self: Any) -> Any:
        """The request as ASGI has it; behind middleware of the ASGI world, what that made of it."""
        from fasterapi._asgi_scope import kept_scope_of, scope_of, with_route  # only where asked for

        kept = kept_scope_of(self)
        if kept is None:
            kept = self.state._values[SCOPE] = with_route(scope_of(self), self)
        return kept

    def __getitem__(self: Any, name: str) -> Any:
        return self.scope[name]

    def __contains__(self: Any, name: object) -> bool:
        return name in self.scope

    def __iter__(self: Any) -> Iterator[str]:
        return iter(self.scope)

    def __len__(self: Any) -> int:
        return len(self.scope)

    def __bool__(self) -> bool:
        return True

    def keys(self: Any) -> Any:
        """The names of the scope's members."""
        return self.scope.keys()

    def values(self: Any) -> Any:
        """The scope's members."""
        return self.scope.values()

    def items(self: Any) -> Any:
        """The same with their names."""
        return self.scope.items()

    def get(self: Any, name: str, default: Any = None) -> Any:
        """A member of the scope."""
        return self.scope.get(name, default)

    async def receive(self: Any) -> Any:
        """The body as an ASGI message, for what takes a scope and this; the next part of one that
        comes while the handler runs. Behind it, http.disconnect once the client has left, or has
        ended its half of the connection, or has its answer."""
        if self._is_received:
            await self._departure()
            return {"type": "http.disconnect"}
        if self._incoming is not None:
            message = await self._incoming.message()
        else:
            body = self.body()
            content = body if isinstance(body, bytes) else await body
            message = {"type": "http.request", "body": content, "more_body": False}
        self._is_received = not message.get("more_body", False)
        return message

    @property
    def session(self: Any) -> Any:
        """What SessionMiddleware has put into the scope."""
        return self.scope["session"]

    @property
    def user(self: Any) -> Any:
        """What AuthenticationMiddleware has put into the scope."""
        return self.scope["user"]

    @property
    def auth(self: Any) -> Any:
        """The same middleware's credentials."""
        return self.scope["auth"]

    @property
    def url(self: Any) -> URL:
        """The whole URL, with the Host field's name."""
        query = "?" + self.query_string if self.query_string else ""
        path = self.root_path + self.path
        return URL(_origin(self) + quoted(path) + query)

    @property
    def base_url(self: Any) -> URL:
        """The URL of "/", of the outermost app where this one is mounted."""
        return URL(_origin(self) + "/")

    def url_for(self: Any, name: str, /, **path_params: Any) -> URL:
        """The URL of the route of that name, below a mount also of one of the outermost app, with the
        names of mounts before its own; NoMatchFound where there is none."""
        try:
            path = quote(self.root_path) + self.app.url_path_for(name, **path_params)
        except NoMatchFound:
            outermost = (getattr(self, "_around", None) or {}).get("router")
            if outermost is None:
                raise
            path = outermost.url_path_for(name, **path_params)
        return URL(_origin(self) + path)

    def form(
        self: Any,
        *,
        max_files: int = 1000,
        max_fields: int = 1000,
        max_part_size: int = 1024 * 1024,
    ) -> Any:
        """The form in the body, as FormData; awaitable in ``async def`` handlers, or to be used in
        ``async with``. HTTPException 400 where it is malformed or over a limit."""
        from fasterapi._forms import Limits

        limits = Limits(max_files, max_fields, max_part_size)
        if self._incoming is not None:
            return _Form(self, None, limits)
        body = self.body()
        return _parse(self, body, limits) if isinstance(body, bytes) else _Form(self, body, limits)

    async def stream(self: Any) -> AsyncIterator[bytes]:
        """The body in parts, as they come where the handler runs meanwhile: an ``async def`` one
        that takes the request, of a body over 64 KiB or of unknown length. Otherwise in one part.
        ClientDisconnect where the client leaves before the last."""
        if self._incoming is not None:
            async for piece in self._incoming.pieces():
                yield piece
            return
        body = self.body()
        yield body if isinstance(body, bytes) else await body

    async def close(self: Any) -> None:
        """Closes the files of its form, which is done after the response in any case."""
        form = getattr(self.state, _FORM, None)
        if form is not None:
            form.close_files()

    async def is_disconnected(self: Any) -> bool:
        """Whether the client has left, or has ended its half of the connection, or has its answer.
        Outside of the server: False. Others run meanwhile."""
        await asyncio.sleep(0)
        look = getattr(self, "_has_client_left", None)
        return look is not None and bool(look())


class SyncRequest(RequestExtras):
    """A request as a ``def`` function takes it where the route as a whole is awaited: ``body()``,
    ``json()`` and ``form()`` give their values."""

    __slots__ = ("_request", "root_path", "scheme")

    def __init__(self, request: Any) -> None:
        self._request = request
        self.root_path = request.root_path
        self.scheme = request.scheme

    @property
    def scope(self) -> Any:
        """As the request's."""
        return self._request.scope

    def receive(self) -> Any:
        """As the request's."""
        return self._request.receive()

    def body(self) -> bytes:
        """The body's bytes."""
        content: bytes = value_of(self._request.body())
        return content

    def json(self) -> Any:
        """The body as JSON."""
        return value_of(self._request.json())

    def __getattr__(self, name: str) -> Any:
        return getattr(self._request, name)


def quoted(path: str) -> str:
    """A path as it stands in a URL."""
    if path == "/" or (path.isascii() and path.replace("/", "").isalnum()):
        return path
    return quote(path, safe="/:@!$&'()*+,;=~-._")


def value_of(given: Any) -> Any:
    """What an awaitable that never waits gives; anything else as it is."""
    if not hasattr(given, "__await__"):
        return given
    try:
        next(given.__await__())
    except StopIteration as end:
        return end.value
    raise RuntimeError("the request's body is not complete")


def content_type_of(request: Any) -> str:
    """Of the body; empty where the request does not say. The server's says it without headers."""
    said = getattr(request, "_content_type", None)
    made: str = request.headers.get("content-type", "") if said is None else said
    return made


def incoming_of(request: Any) -> Any:
    """The Incoming of a body that comes meanwhile; None of another, and of Starlette's requests."""
    return getattr(request, "_incoming", None)


def limit_body(request: Any, limit: int) -> None:
    """HTTPException 413 where the body is longer, at once or when so much of it has come."""
    incoming = incoming_of(request)
    if incoming is not None:
        incoming.limit_to(limit, request.headers)
    elif len(value_of(request.body())) > limit:
        raise HTTPException(413, "Content Too Large")


def keep_form(request: Any, form: Any) -> None:
    """What ``request.form()`` gives: the form that was parsed already."""
    setattr(request.state, _FORM, form)


class _Form:
    def __init__(self, request: Any, body: Any, limits: Any) -> None:
        self._request = request
        self._body = body
        self._limits = limits
        self._form: Any = None

    def __await__(self) -> Generator[Any, None, Any]:
        return self._read().__await__()

    async def __aenter__(self) -> Any:
        self._form = await self._read()
        return self._form

    async def __aexit__(self, *_: Any) -> None:
        if self._form is not None:
            self._form.close_files()

    async def _read(self) -> Any:
        if self._body is None:
            return await _receive(self._request, self._limits)
        return _parse(self._request, await self._body, self._limits)


async def _receive(request: Any, limits: Any) -> Any:
    from fasterapi._forms import receive_form  # only where forms are read

    form: Any = getattr(request.state, _FORM, None)
    if form is None:
        content_type = request.headers.get("content-type", "")
        form = await receive_form(request._incoming, content_type, limits)
        keep_form(request, form)
    return form


def _parse(request: Any, body: bytes, limits: Any) -> Any:
    from fasterapi._forms import parse_form  # only where forms are read

    form: Any = getattr(request.state, _FORM, None)
    if form is None:
        form = parse_form(body, request.headers.get("content-type", ""), limits)
        keep_form(request, form)
    return form


def _origin(request: Any) -> str:
    host: str = request.headers.get("host", "localhost")
    return f"{request.scheme}://{host}"
