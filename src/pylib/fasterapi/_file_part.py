"""Bytes of a file as what a response sends: the server takes them from the file by itself, and who
stands between (middleware, a test client) gets them in chunks."""

import os
import stat
from typing import Any, BinaryIO, Callable, Iterator, List, Optional, Tuple, Union

Path = Union[str, "os.PathLike[str]"]
Span = Tuple[int, int]  # from the first byte up to the one behind the last
Call = Callable[[], Any]


class FilePart:
    """An iterator over a file from ``begin`` to ``end``, None: all there is when it is opened."""

    def __init__(
        self, path: Path, chunk_size: int, begin: int = 0, end: Optional[int] = None
    ) -> None:
        self.end = end
        self._path = path
        self._chunk_size = chunk_size
        self._begin = begin
        self._chunks: Optional[Iterator[bytes]] = None
        self._calls: List[Call] = []

    def at_end(self, call: Call) -> None:
        """Has it called when the last byte was sent, or none will be any more."""
        self._calls.append(call)

    def __fasterapi_file__(self) -> Optional[Tuple[Path, int, int, Any]]:
        """Path, begin and end for who sends it without this, and what he lets go of afterwards; None
        where it has been asked for a chunk."""
        if self._chunks is not None or self.end is None:
            return None
        self._chunks = iter(())
        return self._path, self._begin, self.end, _Sent(self)

    def __iter__(self) -> "FilePart":
        return self

    def __next__(self) -> bytes:
        if self._chunks is None:
            end = look_at(self._path).st_size if self.end is None else self.end
            self._chunks = _read(self._path, (self._begin, end), self._chunk_size)
        try:
            return next(self._chunks)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Nothing more is read."""
        chunks: Any = self._chunks
        self._chunks = iter(())
        if hasattr(chunks, "close"):
            chunks.close()
        calls, self._calls = self._calls, []
        for call in calls:
            call()

    def __del__(self) -> None:
        self.close()


class _Sent:
    """Ends a part that another sends."""

    def __init__(self, part: FilePart) -> None:
        self._part = part

    def __del__(self) -> None:
        self._part.close()


def look_at(path: Path) -> os.stat_result:
    """RuntimeError where there is no such file."""
    try:
        found = os.stat(path)
    except FileNotFoundError:
        raise RuntimeError(f"File at path {path} does not exist.") from None
    if not stat.S_ISREG(found.st_mode):
        raise RuntimeError(f"File at path {path} is not a file.")
    return found


def _read(path: Path, span: Span, chunk_size: int) -> Iterator[bytes]:
    with open(path, "rb") as file:
        yield from chunks_of(file, span, chunk_size)


def chunks_of(file: BinaryIO, span: Span, chunk_size: int) -> Iterator[bytes]:
    """What is in a span of an open file. RuntimeError where that ends before it."""
    start, end = span
    file.seek(start)
    while start < end:
        chunk = file.read(min(chunk_size, end - start))
        if not chunk:
            raise RuntimeError(f"File at path {file.name} is shorter than expected.")
        start += len(chunk)
        yield chunk
