"""The cookies that a test client keeps from one request to the next."""

import email.message
import http.cookiejar
import urllib.request
from typing import Any, Dict, Iterator, List, MutableMapping, Optional

from fasterapi.datastructures import Headers


class Cookies(MutableMapping[str, str]):
    """Cookies by name, with the rules of http.cookiejar about domains, paths and ages."""

    def __init__(self, cookies: Any = None) -> None:
        self.jar = http.cookiejar.CookieJar()
        for name, value in dict(cookies or {}).items():
            self.set(name, value)

    def set(self, name: str, value: str, domain: str = "", path: str = "/") -> None:
        """Sets a cookie; without a domain it is for all."""
        self.jar.set_cookie(
            http.cookiejar.Cookie(
                0,
                name,
                value,
                None,
                False,
                domain,
                bool(domain),
                domain.startswith("."),
                path,
                bool(path),
                False,
                None,
                True,
                None,
                None,
                {"HttpOnly": ""},
                False,
            )
        )

    def extract(self, url: str, fields: Headers) -> "Cookies":
        """Keeps what a response sets, and gives that alone."""
        response: Any = _Response(fields)
        request = urllib.request.Request(url)
        self.jar.extract_cookies(response, request)
        found = Cookies()
        found.jar.extract_cookies(response, request)
        return found

    def header(self, url: str) -> Optional[str]:
        """The Cookie field for a request there."""
        request = urllib.request.Request(url)
        self.jar.add_cookie_header(request)
        everywhere = [f"{c.name}={c.value}" for c in self.jar if not c.domain]
        own = request.get_header("Cookie")
        return "; ".join([*([own] if own else []), *everywhere]) or None

    def __getitem__(self, name: str) -> str:
        values = [cookie.value for cookie in self.jar if cookie.name == name]
        if not values:
            raise KeyError(name)
        return values[-1] or ""

    def __setitem__(self, name: str, value: str) -> None:
        self.set(name, value)

    def __delitem__(self, name: str) -> None:
        found: List[http.cookiejar.Cookie] = [c for c in self.jar if c.name == name]
        if not found:
            raise KeyError(name)
        for cookie in found:
            self.jar.clear(cookie.domain, cookie.path, cookie.name)

    def delete(self, name: str) -> None:
        """Forgets a cookie."""
        del self[name]

    def clear(self) -> None:
        """Forgets all."""
        self.jar.clear()

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys(cookie.name for cookie in self.jar))

    def __len__(self) -> int:
        return len(set(self))

    def __repr__(self) -> str:
        values: Dict[str, str] = dict(self)
        return f"Cookies({values!r})"


class _Response:
    """What http.cookiejar reads of a response."""

    def __init__(self, fields: Headers) -> None:
        self._message = email.message.Message()
        for name, value in fields.multi_items():
            self._message[name] = value

    def info(self) -> email.message.Message:
        return self._message
