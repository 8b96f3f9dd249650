"""URLs as objects, and the paths of routes."""

from typing import Any, Mapping, Optional, Sequence, Union
from urllib.parse import SplitResult, parse_qsl, urlencode, urlsplit


class URL:
    """A URL with its parts as attributes; ``str(url)`` is the text."""

    def __init__(self, url: str = "") -> None:
        self._url = url
        self._split: Optional[SplitResult] = None

    @property
    def components(self) -> SplitResult:
        """The parts, as urllib.parse has them."""
        if self._split is None:
            self._split = urlsplit(self._url)
        return self._split

    @property
    def scheme(self) -> str:
        """ "http" or "https"."""
        return self.components.scheme

    @property
    def netloc(self) -> str:
        """User, host and port as written."""
        return self.components.netloc

    @property
    def hostname(self) -> Optional[str]:
        """The host alone, in lower case."""
        return self.components.hostname

    @property
    def port(self) -> Optional[int]:
        """The port, where it is written."""
        return self.components.port

    @property
    def username(self) -> Optional[str]:
        """The user, where it is written."""
        return self.components.username

    @property
    def password(self) -> Optional[str]:
        """The password, where it is written."""
        return self.components.password

    @property
    def path(self) -> str:
        """The path, percent-encoded."""
        return self.components.path

    @property
    def query(self) -> str:
        """Behind "?"."""
        return self.components.query

    @property
    def fragment(self) -> str:
        """Behind "#"."""
        return self.components.fragment

    @property
    def is_secure(self) -> bool:
        """Whether the scheme is one over TLS."""
        return self.scheme in ("https", "wss")

    def replace(self, **parts: Any) -> "URL":
        """Another URL with some parts (scheme, netloc, username, password, hostname, port, path,
        query, fragment) replaced."""
        host = parts.pop("hostname", self.hostname) or ""
        port = parts.pop("port", self.port)
        user = parts.pop("username", self.username) or ""
        password = parts.pop("password", self.password)
        if "netloc" not in parts:
            user += "" if password is None else f":{password}"
            bracketed = f"[{host}]" if ":" in host else host
            at = f"{user}@" if user else ""
            parts["netloc"] = at + bracketed + (f":{port}" if port is not None else "")
        return URL(self.components._replace(**parts).geturl())

    def include_query_params(self, **params: Any) -> "URL":
        """With these query parameters, in place of those of the same names."""
        kept = [pair for pair in self._pairs() if pair[0] not in params]
        return self.replace(query=urlencode([*kept, *((k, str(v)) for k, v in params.items())]))

    def replace_query_params(self, **params: Any) -> "URL":
        """With these query parameters alone."""
        return self.replace(query=urlencode([(name, str(v)) for name, v in params.items()]))

    def remove_query_params(self, keys: Union[str, Sequence[str]], *more: str) -> "URL":
        """Without these query parameters."""
        gone = ([keys] if isinstance(keys, str) else [*keys]) + [*more]
        return self.replace(query=urlencode([p for p in self._pairs() if p[0] not in gone]))

    def _pairs(self) -> Any:
        return parse_qsl(self.query, keep_blank_values=True)

    def __eq__(self, other: Any) -> bool:
        return str(self) == str(other)

    def __hash__(self) -> int:
        return hash(self._url)

    def __str__(self) -> str:
        return self._url

    def __repr__(self) -> str:
        shown = self.replace(password="********") if self.password else self
        return f"URL({str(shown)!r})"


class URLPath(str):
    """A path that ``url_path_for`` gives."""

    def __new__(cls, path: str, protocol: str = "", host: str = "") -> "URLPath":
        made = super().__new__(cls, path)
        made.protocol, made.host = protocol, host
        return made

    protocol: str
    host: str

    def make_absolute_url(self, base_url: Union[str, URL]) -> URL:
        """The URL of it below another one; "ws" where it is a WebSocket's."""
        base = URL(str(base_url))
        scheme = base.scheme
        if self.protocol:
            kind = "ws" if self.protocol == "websocket" else "http"
            scheme = kind + "s" if base.is_secure else kind
        path, netloc = base.path.rstrip("/") + self, self.host or base.netloc
        return URL(f"{scheme}://{netloc}{path}")


class NoMatchFound(Exception):
    """No route has that name and these parameters."""

    def __init__(self, name: str, path_params: Mapping[str, Any]) -> None:
        names = ", ".join(path_params)
        super().__init__(f'No route exists for name "{name}" and params "{names}".')
