"""What a form holds: fields, and files that do not stay in memory when they are large."""

from typing import Any, BinaryIO, Dict, Iterable, Iterator, List, Mapping, Optional, Tuple, Union

from fasterapi._headers import Headers

SPOOL_BYTES = 1024 * 1024  # a larger file goes to disk


class UploadFile:
    """A file of a form. ``file`` is an ordinary binary file, for ``def`` handlers; the methods are
    awaited. ``size`` is in bytes. It is closed after the response."""

    def __init__(
        self,
        file: BinaryIO,
        *,
        size: Optional[int] = None,
        filename: Optional[str] = None,
        headers: Optional[Headers] = None,
    ) -> None:
        self.file = file
        self.size = size
        self.filename = filename
        self.headers = headers or Headers()

    @property
    def content_type(self) -> Optional[str]:
        """The type that the client says it has."""
        return self.headers.get("content-type")

    async def read(self, size: int = -1) -> bytes:
        """That many bytes from the current place; all that follows without a size."""
        return self.file.read(size)

    async def write(self, data: bytes) -> None:
        """Writes at the current place."""
        self.file.write(data)
        if self.size is not None:
            self.size += len(data)

    async def seek(self, offset: int) -> None:
        """Goes to that byte."""
        self.file.seek(offset)

    async def close(self) -> None:
        """Closes the file, and removes it."""
        self.file.close()

    def peek(self) -> bytes:
        """All its bytes, whatever was read; the place stays."""
        place = self.file.tell()
        self.file.seek(0)
        try:
            return self.file.read()
        finally:
            self.file.seek(place)

    def __repr__(self) -> str:
        return (
            f"UploadFile(filename={self.filename!r}, size={self.size!r}, headers={self.headers!r})"
        )


FormValue = Union[str, UploadFile]


class FormData(Mapping[str, FormValue]):
    """The fields of a form; of several with one name, ``[]`` gives the last."""

    def __init__(self, pairs: Iterable[Tuple[str, FormValue]] = ()) -> None:
        self._pairs = list(pairs)
        self._last: Dict[str, FormValue] = dict(self._pairs)

    def __getitem__(self, name: str) -> FormValue:
        return self._last[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._last)

    def __len__(self) -> int:
        return len(self._last)

    def getlist(self, name: str) -> List[FormValue]:
        """Every value of that name."""
        return [value for present, value in self._pairs if present == name]

    def multi_items(self) -> List[Tuple[str, FormValue]]:
        """Every field, in order of appearance."""
        return list(self._pairs)

    async def close(self) -> None:
        """Closes its files."""
        self.close_files()

    def close_files(self) -> None:
        """Closes its files."""
        for _, value in self._pairs:
            if isinstance(value, UploadFile):
                value.file.close()

    def __repr__(self) -> str:
        return f"FormData({self._pairs!r})"


def spooled(content: Any, filename: str, headers: Headers) -> UploadFile:
    """A file with that content, at its start."""
    import tempfile  # only where files are received

    file: Any = tempfile.SpooledTemporaryFile(max_size=SPOOL_BYTES)
    file.write(content)
    file.seek(0)
    return UploadFile(file, size=len(content), filename=filename, headers=headers)
