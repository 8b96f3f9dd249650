"""A response's body for who stands between: middleware, clients in process."""

from typing import Any


class BodyIterator:
    """Parts of str or bytes, from a plain iterator or an async one, as bytes of an async one."""

    def __init__(self, parts: Any) -> None:
        self._parts = parts

    def __aiter__(self) -> "BodyIterator":
        return self

    async def __anext__(self) -> bytes:
        part = await self._next()
        return part.encode() if isinstance(part, str) else bytes(part)

    async def _next(self) -> Any:
        if hasattr(self._parts, "__anext__"):
            return await self._parts.__anext__()
        try:
            return next(self._parts)
        except StopIteration:
            raise StopAsyncIteration from None

    async def aclose(self) -> None:
        """Nothing more is taken."""
        if hasattr(self._parts, "aclose"):
            await self._parts.aclose()
        elif hasattr(self._parts, "close"):
            self._parts.close()
