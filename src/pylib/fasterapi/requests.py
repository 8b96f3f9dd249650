"""The request that a handler may ask for."""

from typing import TYPE_CHECKING, Any, Tuple

from fasterapi import _json
from fasterapi._asgi_scope import AsgiRequest, read_body
from fasterapi._plain_request import read_cookies
from fasterapi._request_extras import RequestExtras

if TYPE_CHECKING:  # Starlette's: a handler that asks for one takes a Request or a WebSocket
    from starlette.requests import HTTPConnection as HTTPConnection

__all__ = ["Request", "read_cookies"]

_ALL: Tuple[type, ...] = (RequestExtras,)


class _Requests(type):
    """Every request is a Request, whoever made it: the server's are of a type in C++."""

    def __instancecheck__(cls, instance: Any) -> bool:
        return issubclass(type(instance), cls)

    def __subclasscheck__(cls, other: Any) -> bool:
        if cls is Request and isinstance(other, type) and issubclass(other, _ALL):
            return True
        return super().__subclasscheck__(other)


class Request(AsgiRequest, metaclass=_Requests):
    """One HTTP request.

    ``body()`` and ``json()`` are awaited in ``async def`` handlers, as in Starlette, and give
    their value at once in ``def`` handlers. ``stream()`` gives the body in pieces as they come,
    where the handler runs meanwhile; otherwise it is complete before. A request may be kept after
    its handler returned.

    Apps and tests may make one of an ASGI scope, as FastAPI's documentation of custom requests
    does: the body of such a one is received when it is asked for, ``_body`` and ``_json`` are
    not there before."""

    def __init__(self, scope: Any, receive: Any = None, send: Any = None) -> None:
        assert scope["type"] == "http"
        super().__init__(scope, b"")
        self._receive, self._send = receive, send
        del self._body

    @property
    def receive(self) -> Any:
        """What it was made with."""
        return self._receive

    def body(self) -> Any:
        """The body's bytes."""
        return self._whole()

    def json(self) -> Any:
        """The body as JSON. Raises json.JSONDecodeError."""
        return self._read()

    async def _whole(self) -> bytes:
        if not hasattr(self, "_body"):
            if self._receive is None:
                raise RuntimeError("this request has no receive to read its body with")
            self._body = await read_body(self._receive)
        return self._body

    async def _read(self) -> Any:
        if not hasattr(self, "_json"):
            self._json = _json.loads(await self.body())
        return self._json


def set_root_path(path: str) -> None:
    """That of every request of the server, which has one app; elsewhere nothing."""
    for native in _ALL[1:]:
        setattr(native, "root_path", path)


def __getattr__(name: str) -> Any:
    if name != "HTTPConnection":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from fasterapi import _dependencies  # only where it is asked for

    with _dependencies.needed_by(name):
        from starlette.requests import HTTPConnection
    return HTTPConnection


try:
    from _fasterapi import Request as _Native
except ImportError:
    pass
else:
    _ALL = (RequestExtras, _Native)
    _MAPPING = ("__getitem__", "__contains__", "__iter__", "__len__", "__bool__")
    for _name, _attribute in vars(RequestExtras).items():
        if _name in _MAPPING or not _name.startswith("_"):
            setattr(_Native, _name, _attribute)
