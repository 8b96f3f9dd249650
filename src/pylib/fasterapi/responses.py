"""Responses that a handler may return, with Starlette's constructors."""

import datetime
import functools
import http.cookies
import importlib
import sys
from email.utils import format_datetime
from typing import Any, AsyncIterable, Iterable, List, Mapping, Optional, Tuple, Union
from urllib.parse import quote

from fasterapi import _json, _sent
from fasterapi.background import BackgroundTask
from fasterapi.datastructures import MutableHeaders

Content = Union[str, bytes]


class CookieFields:
    """Set-Cookie for what has headers."""

    headers: MutableHeaders

    @property  # type: ignore[misc]
    def __class__(self) -> Any:
        """Starlette's Response, where that is imported, as ``Request.__class__`` is."""
        theirs = getattr(sys.modules.get("starlette.responses"), "Response", None)
        is_ours = type(self).__module__.startswith("fasterapi.")
        return theirs if theirs is not None and is_ours else type(self)

    def set_cookie(
        self,
        key: str,
        value: str = "",
        max_age: Optional[int] = None,
        expires: Union[datetime.datetime, str, int, None] = None,
        path: Optional[str] = "/",
        domain: Optional[str] = None,
        secure: bool = False,
        httponly: bool = False,
        samesite: Optional[str] = "lax",
        partitioned: bool = False,
    ) -> None:
        """Adds a cookie. ``max_age`` and an integer ``expires`` are seconds from now."""
        if samesite is not None and samesite.lower() not in ("strict", "lax", "none"):
            raise ValueError(f"samesite is 'strict', 'lax' or 'none', not {samesite!r}")
        jar: "http.cookies.SimpleCookie" = http.cookies.SimpleCookie()
        jar[key] = value
        morsel = jar[key]
        if max_age is not None:
            morsel["max-age"] = str(max_age)
        if expires is not None:
            morsel["expires"] = _cookie_date(expires)
        for attribute, text in (("path", path), ("domain", domain), ("samesite", samesite)):
            if text is not None:
                morsel[attribute] = text
        morsel["secure"] = secure
        morsel["httponly"] = httponly
        field = morsel.OutputString()
        # http.cookies knows the attribute from Python 3.14 on.
        self.headers.append("set-cookie", field + "; Partitioned" if partitioned else field)

    def delete_cookie(
        self,
        key: str,
        path: str = "/",
        domain: Optional[str] = None,
        secure: bool = False,
        httponly: bool = False,
        samesite: Optional[str] = "lax",
        partitioned: bool = False,
    ) -> None:
        """Has the client forget a cookie that was set with the same path and domain."""
        self.set_cookie(
            key,
            max_age=0,
            expires=0,
            path=path,
            domain=domain,
            secure=secure,
            httponly=httponly,
            samesite=samesite,
            partitioned=partitioned,
        )


def _cookie_date(expires: Union[datetime.datetime, str, int]) -> Union[str, int]:
    if isinstance(expires, datetime.datetime):
        return format_datetime(expires.astimezone(datetime.timezone.utc), usegmt=True)
    return expires


class Response(CookieFields):
    """A complete response, and an ASGI application that sends it. ``raw_headers`` is what the
    server sends, beside Date, Content-Length and Connection, which are its own. ``background`` is
    called after it was sent. A class below it that has a ``__call__`` of its own sends itself."""

    media_type: Optional[str] = None
    charset = "utf-8"
    background: Optional[BackgroundTask] = None
    _debug: Any = None  # for a test client
    _parts: Any = None  # an iterator of a stream's
    _sends_itself = False

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        if "__call__" in vars(cls):
            cls._sends_itself = True

    def __init__(
        self,
        content: Any = None,
        status_code: int = 200,
        headers: Optional[Mapping[str, str]] = None,
        media_type: Optional[str] = None,
        background: Optional[BackgroundTask] = None,
    ) -> None:
        if background is not None:
            self.background = background
            _sent.attach(self, background)
        if media_type is not None:
            self.media_type = media_type
        self.status_code = status_code
        self.body = self.render(content)
        self._fields = fields = MutableHeaders()
        if headers:
            for name, value in headers.items():
                if name.lower() != "content-length":
                    fields.append(name, value)
        if self.media_type is not None and not (headers and "content-type" in fields):
            fields._pairs.append(_content_type(self.media_type, self.charset))

    @property
    def headers(self) -> MutableHeaders:
        """The fields, to change them; with the length of a body that is whole."""
        fields = self._fields
        has_length = self._parts is None and self.status_code not in (204, 304)
        if has_length and "content-length" not in fields:
            fields._pairs.append(("content-length", str(len(self.body))))
        return fields

    @headers.setter
    def headers(self, fields: MutableHeaders) -> None:
        self._fields = fields

    @property
    def raw_headers(self) -> List[Tuple[str, str]]:
        """The fields to send, in order."""
        return self._fields._pairs

    @property
    def body_iterator(self) -> Any:
        """The body as an async iterator of bytes. One that is set takes its place."""
        from fasterapi._body_iterator import BodyIterator  # only where somebody reads it

        return BodyIterator(iter((self.body,)) if self._parts is None else self._parts)

    @body_iterator.setter
    def body_iterator(self, parts: Any) -> None:
        self._parts = parts.__aiter__() if hasattr(parts, "__aiter__") else iter(parts)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Sends it, also as the answer to a WebSocket's handshake, and does its background."""
        from fasterapi._asgi_layer import send_response  # the server does not come this way

        self._adapt(scope)
        await send_response(self, scope, send)
        if self.background is not None:
            _sent.detach(self)
            await self.background()

    def _adapt(self, scope: Any) -> None:
        """For classes whose answer depends on the request."""

    def render(self, content: Any) -> bytes:
        """The body's bytes for what the constructor got; subclasses override it."""
        if content is None:
            return b""
        if isinstance(content, (bytes, bytearray, memoryview)):
            return bytes(content)
        if isinstance(content, str):
            return content.encode(self.charset)
        raise TypeError(
            f"{type(self).__name__} takes str or bytes, not {type(content).__name__}: "
            "JSONResponse takes any JSON value"
        )


@functools.lru_cache(maxsize=64)
def _content_type(media_type: str, charset: str) -> Tuple[str, str]:
    if media_type.startswith("text/") and "charset=" not in media_type.lower():
        media_type = f"{media_type}; charset={charset}"
    field = MutableHeaders()
    field.append("content-type", media_type)
    return field._pairs[0]


class HTMLResponse(Response):
    """Text as text/html."""

    media_type = "text/html"


class PlainTextResponse(Response):
    """Text as text/plain."""

    media_type = "text/plain"


class JSONResponse(Response):
    """Any value as JSON; see fasterapi._json for the types. A subclass with ``allow_nan = True``
    writes NaN and infinities as json.dumps does, which is no JSON; without that they are an error.
    """

    media_type = "application/json"
    allow_nan = False

    def render(self, content: Any) -> bytes:
        return _json.dumps_any(content) if self.allow_nan else _json.dumps(content)


class RedirectResponse(Response):
    """Sends the client elsewhere; 307 keeps method and body."""

    def __init__(
        self,
        url: str,
        status_code: int = 307,
        headers: Optional[Mapping[str, str]] = None,
        background: Optional[BackgroundTask] = None,
    ) -> None:
        super().__init__(status_code=status_code, headers=headers, background=background)
        self._fields["location"] = quote(str(url), safe=":/%#?=@[]!$&'()*+,;")


class StreamingResponse(Response):
    """Parts of str or bytes from an iterable or async iterable, sent as they come."""

    def __init__(
        self,
        content: Union[Iterable[Content], AsyncIterable[Content]],
        status_code: int = 200,
        headers: Optional[Mapping[str, str]] = None,
        media_type: Optional[str] = None,
        background: Optional[BackgroundTask] = None,
    ) -> None:
        if isinstance(content, (str, bytes)) or not (
            hasattr(content, "__iter__") or hasattr(content, "__aiter__")
        ):
            raise TypeError(
                f"StreamingResponse takes an iterable of str or bytes, not {type(content).__name__}"
            )
        super().__init__(None, status_code, headers, media_type, background)
        self.body_iterator = content


from fasterapi._files import FileResponse as FileResponse  # noqa: E402  what stands above is in it

_ELSEWHERE = {
    "EventSourceResponse": "fasterapi.sse",
    "ORJSONResponse": "fasterapi._json_responses",
    "UJSONResponse": "fasterapi._json_responses",
}


def __getattr__(name: str) -> Any:
    if name not in _ELSEWHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(_ELSEWHERE[name]), name)
