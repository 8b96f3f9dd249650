"""Header fields of requests and responses."""

import collections.abc
import re
from typing import Iterable, Iterator, List, Mapping, MutableMapping, Tuple, Union

HeaderPairs = List[Tuple[str, str]]

# RFC 9110, section 5.5: what would split a response, or end it for the next proxy.
_splits_name = re.compile("[\r\n\0 \t:]").search
_splits_value = re.compile("[\r\n\0]").search


class Headers(Mapping[str, str]):
    """Header fields in order of arrival; names compare without case, ``[]`` gives the first."""

    def __init__(
        self, headers: Union[Mapping[str, str], Iterable[Tuple[str, str]], None] = None
    ) -> None:
        self._pairs: HeaderPairs = []
        if headers:
            pairs = headers.items() if isinstance(headers, collections.abc.Mapping) else headers
            self._pairs += [(str(name), str(value)) for name, value in pairs]

    @classmethod
    def _of(cls, pairs: HeaderPairs) -> "Headers":
        """With these very pairs, which are strings."""
        made = cls.__new__(cls)
        made._pairs = pairs
        return made

    def __getitem__(self, name: str) -> str:
        wanted = name.lower()
        for present, value in self._pairs:
            if present.lower() == wanted:
                return value
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys(name.lower() for name, _ in self._pairs))

    def __len__(self) -> int:
        return len({name.lower() for name, _ in self._pairs})

    def keys(self) -> List[str]:  # type: ignore[override]
        """Every field's name in lower case, as often as it is there."""
        return [name.lower() for name, _ in self._pairs]

    def values(self) -> List[str]:  # type: ignore[override]
        """Every field's value."""
        return [value for _, value in self._pairs]

    def items(self) -> HeaderPairs:  # type: ignore[override]
        """Every field, names in lower case."""
        return [(name.lower(), value) for name, value in self._pairs]

    @property
    def raw(self) -> List[Tuple[bytes, bytes]]:
        """The same as bytes."""
        return [(name.encode("latin-1"), value.encode("latin-1")) for name, value in self.items()]

    def mutablecopy(self) -> "MutableHeaders":
        """A copy that can be changed."""
        return MutableHeaders(self._pairs)

    def getlist(self, key: str) -> List[str]:
        """Every value of that name."""
        wanted = key.lower()
        return [value for present, value in self._pairs if present.lower() == wanted]

    def multi_items(self) -> HeaderPairs:
        """Every field, names as received."""
        return list(self._pairs)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._pairs!r})"


class MutableHeaders(Headers, MutableMapping[str, str]):
    """Headers of a response. Control characters in names and values are refused."""

    def __setitem__(self, name: str, value: str) -> None:
        _check_field(name, value)
        wanted = name.lower()
        kept = [pair for pair in self._pairs if pair[0].lower() != wanted]
        self._pairs[:] = kept
        self._pairs.append((name, value))

    def setdefault(self, key: str, value: str = "") -> str:
        """The value of that name, which is this one where there was none."""
        for present in self.getlist(key):
            return present
        self.append(key, value)
        return value

    def __delitem__(self, name: str) -> None:
        wanted = name.lower()
        kept = [pair for pair in self._pairs if pair[0].lower() != wanted]
        if len(kept) == len(self._pairs):
            raise KeyError(name)
        self._pairs[:] = kept

    def append(self, key: str, value: str) -> None:
        """Adds a field beside those of the same name."""
        _check_field(key, value)
        self._pairs.append((key, value))

    def __ior__(self, other: Mapping[str, str]) -> "MutableHeaders":
        self.update(other)
        return self

    def __or__(self, other: Mapping[str, str]) -> "MutableHeaders":
        made = self.mutablecopy()
        made.update(other)
        return made

    def add_vary_header(self, vary: str) -> None:
        """Adds a name to Vary."""
        self["Vary"] = ", ".join([*self.getlist("vary"), vary])


def _check_field(name: str, value: str) -> None:
    if not isinstance(name, str) or not isinstance(value, str):
        raise TypeError(f"header {name!r}: name and value are str, not {type(value).__name__}")
    if not name or _splits_name(name) or _splits_value(value):
        raise ValueError(f"header {name!r}: control characters are not allowed")
