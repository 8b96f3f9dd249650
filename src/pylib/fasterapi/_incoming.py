"""A request's body that comes while its handler runs."""

import sys
from typing import Any, AsyncIterator, Dict, Optional, Type

from fasterapi import _json
from fasterapi.exceptions import HTTPException


class ClientDisconnect(Exception):
    """The client has left, or was too slow, before the body was complete. Where Starlette's
    class of that name is imported, that is raised."""


def client_disconnect() -> Exception:
    """One of these."""
    starlettes: Optional[Type[Exception]] = getattr(
        sys.modules.get("starlette.requests"), "ClientDisconnect", None
    )
    return ClientDisconnect() if starlettes is None else starlettes()


class Incoming:
    """The body of one request, from the server's link to its connection. It is taken piece by
    piece, or read as a whole; what was read stays. Where more than ``limit`` bytes come, taking
    raises HTTPException 413."""

    def __init__(self, link: Any) -> None:
        self._link = link
        self._body: Optional[bytes] = None
        self._has_begun = False
        self._size = 0
        self.limit: Optional[int] = None

    def limit_to(self, limit: int, headers: Any) -> None:
        """Of several limits the least holds. HTTPException 413 where more is announced."""
        self.limit = limit if self.limit is None else min(limit, self.limit)
        if int(headers.get("content-length", "0")) > self.limit:
            raise HTTPException(413, "Content Too Large")

    async def next(self) -> bytes:
        """The next piece; empty behind the last. ClientDisconnect where there will be none."""
        try:
            return await self._next()
        except ConnectionResetError:
            raise client_disconnect() from None

    async def _next(self) -> bytes:
        piece = await self._receive()
        self._size += len(piece)
        if self.limit is not None and self._size > self.limit:
            raise HTTPException(413, "Content Too Large")
        return piece

    async def _receive(self) -> bytes:
        link = self._link
        while (piece := link.take()) is None:
            await link.arrival()
        return piece  # type: ignore[no-any-return]

    async def pieces(self) -> AsyncIterator[bytes]:
        """Its pieces, or what was read as one. RuntimeError where they were taken already."""
        if self._body is not None:
            if self._body:
                yield self._body
            return
        self._begin()
        while piece := await self.next():
            yield piece

    async def read(self) -> bytes:
        """All of it. RuntimeError where pieces were taken already."""
        if self._body is None:
            self._begin()
            taken = []
            while piece := await self.next():
                taken.append(piece)
            self._body = b"".join(taken)
        return self._body

    async def json(self) -> Any:
        """It as JSON. Raises json.JSONDecodeError."""
        return _json.loads(await self.read())

    async def message(self) -> Dict[str, Any]:
        """The next piece as ASGI has it; all where it was read."""
        if self._body is not None:
            return {"type": "http.request", "body": self._body, "more_body": False}
        self._has_begun = True
        try:
            piece = await self._next()
        except ConnectionResetError:
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": piece, "more_body": bool(piece)}

    def _begin(self) -> None:
        if self._has_begun:
            raise RuntimeError("Stream consumed")
        self._has_begun = True


class Received(Incoming):
    """The same from ASGI's ``receive``, as middleware around it passes on what comes."""

    _is_whole = False

    async def _receive(self) -> bytes:
        piece = b""
        while not piece and not self._is_whole:
            message = await self._link()
            if message["type"] == "http.disconnect":
                raise ConnectionResetError
            piece = message.get("body", b"")
            self._is_whole = not message.get("more_body", False)
        return piece
