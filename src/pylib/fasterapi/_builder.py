"""What ``res`` is in a ``(req, res)`` handler. In the server it is
``_fasterapi.ResponseBuilder``."""

from typing import Any, List, Optional, Tuple, Union

from fasterapi import _json
from fasterapi.datastructures import MutableHeaders
from fasterapi.responses import CookieFields


class ResponseBuilder(CookieFields):
    """A response that the handler fills in. Verbs return the builder, so that they chain:

    ``res.status(201).header("x-total", "3").set_json({"id": 7})``

    A handler that returns None or the builder answers with it; one that returns a value answers
    with that value, and the builder's status and headers; one that returns a Response, with that
    alone. ``status_code`` and ``headers`` are there as in FastAPI.
    """

    def __init__(self) -> None:
        self.status_code: Optional[int] = None  #: None: 200
        self.headers = MutableHeaders()
        self._body: Optional[bytes] = None
        self._body_type: Optional[str] = None

    def status(self, code: int) -> "ResponseBuilder":
        """Sets the status, 200 to 599."""
        if not 200 <= code <= 599:
            raise ValueError(f"status {code}: a final status is 200 to 599")
        self.status_code = code
        return self

    def header(self, name: str, value: str) -> "ResponseBuilder":
        """Sets a header field, in place of those of that name."""
        self.headers[name] = value
        return self

    def content_type(self, value: str) -> "ResponseBuilder":
        """Sets Content-Type."""
        return self.header("content-type", value)

    def body(self, content: Union[bytes, str]) -> "ResponseBuilder":
        """Sets the body; without a content type of your own, text is text/plain in UTF-8 and bytes
        application/octet-stream."""
        return self._set_body(content, _TEXT if isinstance(content, str) else _BYTES)

    def set_json(self, value: Any) -> "ResponseBuilder":
        """Sets the body to a value as JSON. A str or bytes is JSON text and taken as it is."""
        if not isinstance(value, (str, bytes, bytearray, memoryview)):
            value = _json.dumps(value)
        return self._set_body(value, "application/json")

    def text(self, content: Union[bytes, str]) -> "ResponseBuilder":
        """Sets the body as text/plain."""
        return self._set_body(content, _TEXT)

    def html(self, content: Union[bytes, str]) -> "ResponseBuilder":
        """Sets the body as text/html."""
        return self._set_body(content, "text/html; charset=utf-8")

    def set_json_direct(self, data: Any, length: int = -1) -> "ResponseBuilder":
        """Sets the body to JSON text from a buffer, or to its first ``length`` bytes."""
        text = data if length < 0 else memoryview(data)[:length]
        return self._set_body(text, "application/json")

    def get_write_buffer(self, size: int) -> memoryview:
        """Writable memory of that many bytes, for set_json_direct or body."""
        return memoryview(bytearray(size))

    @property
    def has_body(self) -> bool:
        """Whether a body was set."""
        return self._body is not None

    def _set_body(self, content: Any, content_type: str) -> "ResponseBuilder":
        self._body = content.encode() if isinstance(content, str) else bytes(content)
        self._body_type = content_type
        return self

    def _finish(self) -> Tuple[int, bytes, List[Tuple[str, str]]]:
        fields = self.headers.multi_items()
        if self._body_type and "content-type" not in self.headers:
            fields.append(("content-type", self._body_type))
        return self.status_code or 200, self._body or b"", fields


_BYTES = "application/octet-stream"
_TEXT = "text/plain; charset=utf-8"

PlainBuilder = ResponseBuilder  # this one, in the server too

try:
    from _fasterapi import ResponseBuilder  # type: ignore[no-redef,assignment,unused-ignore]
except ImportError:
    pass
