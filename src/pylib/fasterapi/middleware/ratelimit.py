"""So many requests of one client in so much time, over all workers."""

import importlib
import ipaddress
import math
import time
from collections import OrderedDict
from typing import Any, Callable, Optional

from fasterapi.middleware.base import CallNext
from fasterapi.responses import JSONResponse, Response

_SECOND = 1_000_000_000
_TRIES = 8  # against other workers that count the same client at the same moment


class RateLimitMiddleware:
    """A token bucket for each client: ``limit`` requests in ``per`` seconds, of which ``burst``
    (all, unless given) may come at once. What is beyond is answered 429 with Retry-After.

    ``key`` takes a request and says whose bucket it takes from; None lets it pass. Unless given it
    is client_key: the address of the connection, which behind a proxy is the proxy's. ``prefix``
    keeps apart what several of these count."""

    def __init__(
        self,
        app: CallNext,
        limit: int,
        per: float = 1.0,
        burst: Optional[int] = None,
        key: Optional[Callable[[Any], Optional[str]]] = None,
        prefix: str = "ratelimit",
    ) -> None:
        burst = limit if burst is None else burst
        if limit < 1 or per <= 0 or burst < 1:
            raise ValueError("limit and burst are at least 1, per is more than 0")
        self.app = app
        self._key = key or client_key
        self._prefix = prefix
        self._bucket = Bucket(limit, per, burst)

    async def __call__(self, request: Any) -> Response:
        key = self._key(request)
        wait = 0.0 if key is None else self._bucket.take(f"{self._prefix} {key}")
        if wait > 0:
            headers = {"retry-after": str(math.ceil(wait))}
            return JSONResponse({"detail": "Too Many Requests"}, 429, headers)
        return await self.app(request)


def client_key(request: Any) -> Optional[str]:
    """The address of the client; of IPv6 the first 64 bits, which one client has all of. None
    where there is none, as on a Unix socket."""
    if request.client is None:
        return None
    host: str = request.client.host
    if ":" not in host:
        return host
    try:
        address = ipaddress.IPv6Address(host.partition("%")[0])
    except ValueError:
        return host
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return f"{int(address) >> 64:x}::/64"


class Bucket:
    """The buckets of all keys, each as the time at which it will be full again (the virtual
    scheduling form of ATM's generic cell rate algorithm): one integer, nothing to refill."""

    def __init__(self, limit: int, per: float, burst: int) -> None:
        self._step = int(per * _SECOND / limit)
        self._depth = self._step * burst
        self._store = _store()
        self._full: Any = getattr(self._store, "StoreFull", ())

    def take(self, key: str) -> float:
        """Takes a token. 0, or the seconds until there is one."""
        for _ in range(_TRIES):
            now = time.monotonic_ns()  # of the machine: the same in all workers
            known = self._store.get(key)
            full_at = max(known or 0, now) + self._step
            if full_at - now > self._depth:
                return (full_at - now - self._depth) / _SECOND
            try:
                if self._store.compare_and_set(key, known, full_at, (full_at - now) / _SECOND):
                    return 0.0
            except self._full:
                break
        return 0.0  # not counted: rather that than no answer


class LocalStore:
    """As much of fasterapi.shared as is needed, in one interpreter. Beyond ``most`` keys those make
    way that were used longest ago."""

    def __init__(self, most: int = 100_000) -> None:
        self._most = most
        self._values: "OrderedDict[str, int]" = OrderedDict()

    def get(self, key: str) -> Optional[int]:
        """The value of a key."""
        return self._values.get(key)

    def compare_and_set(self, key: str, expected: Any, value: int, ttl: float) -> bool:
        """Sets a key. Nobody comes between."""
        self._values[key] = value
        self._values.move_to_end(key)
        if len(self._values) > self._most:
            self._values.popitem(last=False)
        return True


def _store() -> Any:
    try:
        return importlib.import_module("fasterapi.shared")
    except ModuleNotFoundError:
        return LocalStore()
