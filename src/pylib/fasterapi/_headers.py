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
        pairs = headers.items() if isinstance(headers, collections.abc.Mapping) else (headers or ())
        self._pairs: HeaderPairs = [(str(name), str(value)) for name, value in pairs]

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

    def getlist(self, name: str) -> List[str]:
        """Every value of that name."""
        wanted = name.lower()
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

    def setdefault(self, name: str, default: str = "") -> str:
        """The value of that name, which is this one where there was none."""
        for present in self.getlist(name):
            return present
        self.append(name, default)
        return default

    def __delitem__(self, name: str) -> None:
        wanted = name.lower()
        kept = [pair for pair in self._pairs if pair[0].lower() != wanted]
        if len(kept) == len(self._pairs):
            raise KeyError(name)
        self._pairs[:] = kept

    def append(self, name: str, value: str) -> None:
        """Adds a field beside those of the same name."""
        _check_field(name, value)
        self._pairs.append((name, value))

    def add_vary_header(self, name: str) -> None:
        """Adds a name to Vary."""
        self["Vary"] = ", ".join([*self.getlist("vary"), name])


def _check_field(name: str, value: str) -> None:
    if not isinstance(name, str) or not isinstance(value, str):
        raise TypeError(f"header {name!r}: name and value are str, not {type(value).__name__}")
    if not name or _splits_name(name) or _splits_value(value):
        raise ValueError(f"header {name!r}: control characters are not allowed")
