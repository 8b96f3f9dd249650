"""Which security schemes an operation's dependencies use, with which scopes."""

from typing import Any, Dict, Iterator, List, Tuple

from fasterapi import _signature
from fasterapi.security import SecurityBase


def walk(dependant: Any) -> Iterator[Tuple[Any, List[str]]]:
    """Each dependency once, the handler first, with the scopes asked for on the way to it."""
    seen = set()
    waiting: List[Tuple[Any, List[str]]] = [(dependant, [])]
    while waiting:
        current, scopes = waiting.pop()
        key = current.cache_key()
        if key in seen:
            continue
        seen.add(key)
        scopes = list(dict.fromkeys((*scopes, *current.own_scopes)))
        yield current, scopes
        waiting.extend((each, scopes) for each in reversed(current.dependencies))


def security_of(dependant: Any) -> Tuple[Dict[str, Any], List[Dict[str, List[str]]]]:
    """The Security Scheme Objects by name, and the operation's Security Requirements."""
    schemes: Dict[str, Any] = {}
    wanted: Dict[str, List[str]] = {}
    for current, scopes in walk(dependant):
        scheme = _signature.innermost(current.call)
        if current is dependant or not isinstance(scheme, SecurityBase):
            continue
        schemes[scheme.scheme_name] = scheme.model
        known = wanted.setdefault(scheme.scheme_name, [])
        known.extend(scope for scope in scopes if scope not in known)
    return schemes, [{name: scopes} for name, scopes in wanted.items()]
