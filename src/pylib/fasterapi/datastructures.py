"""Headers, query parameters and the like: what a request is made of, and what a response takes."""

from typing import (
    TYPE_CHECKING,
    Any,
    Dict,
    Iterable,
    Iterator,
    List,
    Mapping,
    NamedTuple,
    Optional,
    Tuple,
    Union,
)
from urllib.parse import parse_qsl, urlencode

from fasterapi._headers import Headers, MutableHeaders
from fasterapi._urls import URL

if TYPE_CHECKING:
    from fasterapi._uploads import FormData, UploadFile

__all__ = [
    "Address",
    "FormData",
    "Headers",
    "MutableHeaders",
    "QueryParams",
    "State",
    "URL",
    "UploadFile",
]


def __getattr__(name: str) -> Any:
    if name not in ("FormData", "UploadFile"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from fasterapi import _uploads  # Starlette's, so only where there are forms

    return getattr(_uploads, name)


class Address(NamedTuple):
    """The other end of a connection."""

    host: str
    port: int


class DefaultPlaceholder:
    """A value that nobody said."""

    def __init__(self, value: Any) -> None:
        self.value = value

    def __bool__(self) -> bool:
        return bool(self.value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, DefaultPlaceholder) and other.value == self.value

    def __hash__(self) -> int:
        return hash(("default", id(self.value)))


def Default(value: Any) -> Any:
    """A value for an argument's default, which can be told from one that was said."""
    return DefaultPlaceholder(value)


class QueryParams(Mapping[str, str]):
    """Parameters of a query string; of several with one name, ``[]`` gives the last."""

    def __init__(
        self, query: Union[str, Mapping[str, str], Iterable[Tuple[str, str]]] = "", **more: str
    ) -> None:
        if isinstance(query, Mapping):
            query = query.items()
        elif isinstance(query, str):
            # The number of pairs is bounded by the limits on the request target.
            query = parse_qsl(query, keep_blank_values=True, separator="&")
        self._pairs: List[Tuple[str, str]] = [*query, *more.items()]
        self._last: Dict[str, str] = dict(self._pairs)

    def __getitem__(self, name: str) -> str:
        return self._last[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._last)

    def __len__(self) -> int:
        return len(self._last)

    def getlist(self, key: str) -> List[str]:
        """Every value of that name."""
        return [value for present, value in self._pairs if present == key]

    def multi_items(self) -> List[Tuple[str, str]]:
        """Every parameter, in order of appearance."""
        return list(self._pairs)

    def __str__(self) -> str:
        return urlencode(self._pairs)

    def __repr__(self) -> str:
        return f"QueryParams({self._pairs!r})"


class State:
    """Attributes of the user's choice, as ``app.state.pool = ...``."""

    _values: Dict[str, Any]
    #: what the lifespan of the app that a server runs has given, for each request
    _of_lifespan: Mapping[str, Any] = {}

    def __init__(self, state: Optional[Dict[str, Any]] = None) -> None:
        object.__setattr__(self, "_values", {} if state is None else state)

    def __getitem__(self, name: str) -> Any:
        return self._all()[name]

    def __setitem__(self, name: str, value: Any) -> None:
        self._values[name] = value

    def __delitem__(self, name: str) -> None:
        del self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())

    def __bool__(self) -> bool:
        return True  # also where it is empty: it stands for what may be put there

    def _all(self) -> Mapping[str, Any]:
        return {**State._of_lifespan, **self._values}

    def __setattr__(self, name: str, value: Any) -> None:
        self._values[name] = value

    def __getattr__(self, name: str) -> Any:
        try:
            return self._values[name]
        except KeyError:
            if name in State._of_lifespan:
                return State._of_lifespan[name]
            raise AttributeError(f"state has no attribute {name!r}: set it at startup") from None

    def __delattr__(self, name: str) -> None:
        try:
            del self._values[name]
        except KeyError:
            raise AttributeError(f"state has no attribute {name!r}") from None
