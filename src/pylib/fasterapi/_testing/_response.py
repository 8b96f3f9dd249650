"""What a test client gives: a complete response, with httpx's attributes."""

import json
import re
import zlib
from http import HTTPStatus
from typing import Any, Dict, Iterator, List, Mapping, NamedTuple, Optional

from fasterapi._urls import URL
from fasterapi.datastructures import Headers

_CHARSET = re.compile(r"charset=\"?([\w.:-]+)", re.IGNORECASE)


class HTTPStatusError(Exception):
    """Raised by ``raise_for_status()``; ``response`` is the one that it is about."""

    def __init__(self, message: str, response: "ClientResponse") -> None:
        super().__init__(message)
        self.response = response
        self.request = response.request


class ClientRequest(NamedTuple):
    """What was sent."""

    method: str
    url: URL
    headers: Headers
    content: bytes


class ClientHeaders(Headers):
    """Fields of a response; ``[]`` gives all of a name, joined by a comma."""

    def __getitem__(self, name: str) -> str:
        values = self.getlist(name)
        if not values:
            raise KeyError(name)
        return ", ".join(values)

    get_list = Headers.getlist


class ClientResponse:
    """A response with its body. ``history`` are the redirects that led to it."""

    def __init__(
        self, status_code: int, headers: ClientHeaders, body: bytes, request: ClientRequest
    ) -> None:
        self.status_code = status_code
        self.headers = headers
        self.request = request
        self.content = _decoded(body, headers.get("content-encoding", ""))
        self.history: List["ClientResponse"] = []
        self.cookies: Mapping[str, str] = {}

    @property
    def url(self) -> URL:
        """Where it came from."""
        return self.request.url

    @property
    def encoding(self) -> str:
        """The charset that the response names; utf-8 otherwise."""
        found = _CHARSET.search(self.headers.get("content-type", ""))
        return found[1] if found else "utf-8"

    @property
    def text(self) -> str:
        """The body as text."""
        return self.content.decode(self.encoding, "replace")

    def json(self, **options: Any) -> Any:
        """The body as JSON; json.JSONDecodeError where it is none."""
        return json.loads(self.content, **options)

    @property
    def reason_phrase(self) -> str:
        """The status in words."""
        try:
            return HTTPStatus(self.status_code).phrase
        except ValueError:
            return ""

    @property
    def is_success(self) -> bool:
        """2xx."""
        return 200 <= self.status_code < 300

    @property
    def is_redirect(self) -> bool:
        """3xx."""
        return 300 <= self.status_code < 400

    @property
    def has_redirect_location(self) -> bool:
        """A redirect that says where to."""
        return self.status_code in (301, 302, 303, 307, 308) and "location" in self.headers

    @property
    def is_client_error(self) -> bool:
        """4xx."""
        return 400 <= self.status_code < 500

    @property
    def is_server_error(self) -> bool:
        """5xx."""
        return 500 <= self.status_code < 600

    @property
    def is_error(self) -> bool:
        """4xx or 5xx."""
        return 400 <= self.status_code < 600

    def raise_for_status(self) -> "ClientResponse":
        """Itself; HTTPStatusError unless it is a 2xx."""
        if self.is_success:
            return self
        said = f"{self.status_code} {self.reason_phrase}"
        raise HTTPStatusError(f"{said} for {self.request.method} {self.url}", self)

    def read(self) -> bytes:
        """The body."""
        return self.content

    def iter_bytes(self, chunk_size: Optional[int] = None) -> Iterator[bytes]:
        """The body in parts of that size, or in one."""
        size = chunk_size or len(self.content) or 1
        for start in range(0, len(self.content), size):
            yield self.content[start : start + size]

    iter_raw = iter_bytes

    def iter_text(self) -> Iterator[str]:
        """The body as text, in one part."""
        if self.content:
            yield self.text

    def iter_lines(self) -> Iterator[str]:
        """The lines of the text."""
        yield from self.text.splitlines()

    def close(self) -> None:
        """Nothing: the response is complete."""

    def __repr__(self) -> str:
        return f"<Response [{self.status_code} {self.reason_phrase}]>"


def _decoded(body: bytes, encoding: str) -> bytes:
    windows: Dict[str, int] = {"gzip": 31, "deflate": 15}
    if not body or encoding.lower() not in windows:
        return body
    return zlib.decompress(body, windows[encoding.lower()])
