"""What a handler needs, as a tree: its own parameters, and its dependencies with theirs."""

from typing import Any, Callable, Dict, Iterator, List, Mapping, Optional, Sequence, Tuple

from fasterapi import _binding, _signature
from fasterapi._analysis import analyze
from fasterapi._capacity import Capacity
from fasterapi._fields import Field
from fasterapi.exceptions import DependencyScopeError
from fasterapi.params import Body, Depends, Security
from fasterapi.security import SecurityBase

_ORDER = {"path": 0, "query": 1, "header": 2, "cookie": 3, "body": 4}


class Dependant:
    """A callable and what it takes. Made at registration, then read only.

    ``arguments`` are in the order of the signature: a Field, a Dependant of ``dependencies``, or
    the name of an object of the request ("request", "response", "background", "scopes"). ``run``
    is what to call: ``call``, or a shorter way to the same."""

    def __init__(
        self,
        call: Callable[..., Any],
        *,
        name: str = "",
        use_cache: bool = True,
        scope: Optional[str] = None,
        capacity: Optional[Capacity] = None,
        own_scopes: Sequence[str] = (),
        parent_scopes: Sequence[str] = (),
    ) -> None:
        self.call = call
        self.path = ""  #: of a handler's route, for what errors say
        self.name = name
        self.use_cache = use_cache
        self.own_scopes = list(own_scopes)
        self.scopes = list(dict.fromkeys((*parent_scopes, *own_scopes)))
        self.run = _direct(call)
        self.kind = _signature.kind_of(self.run)
        self.capacity = capacity
        self.declared_scope = scope
        self.scope = scope or ("request" if "generator" in self.kind else None)
        self.arguments: List[Tuple[str, Any]] = []
        self.keyword_only: List[str] = []
        self.fields: List[Field] = []  # in the order of their errors
        self.dependencies: List["Dependant"] = []

    def walk(self) -> Iterator["Dependant"]:
        """This one, then all below it."""
        yield self
        for dependency in self.dependencies:
            yield from dependency.walk()

    def body_fields(self) -> List[Field]:
        """The fields of the body, its own before those of its dependencies."""
        return [f for each in self.walk() for f in each.fields if isinstance(f.info, Body)]

    def takes(self, special: str) -> bool:
        """Whether it or a dependency takes this object of the request."""
        return any(made == special for each in self.walk() for _, made in each.arguments)

    @property
    def is_async(self) -> bool:
        """Whether calling it, or a dependency, needs an event loop."""
        below = [each for each in self.walk() if each is not self]
        return self.kind == "coroutine" or any(
            each.capacity or each.kind in ("coroutine", "async generator") for each in below
        )

    def cache_key(self) -> Tuple[Any, ...]:
        """Dependencies with the same key are called once per request."""
        scopes = tuple(sorted(set(self.scopes))) if self._uses_scopes() else ()
        return (self.call, scopes, self.scope)

    def _uses_scopes(self) -> bool:
        return any(
            each.own_scopes
            or isinstance(_signature.innermost(each.call), SecurityBase)
            or any(made == "scopes" for _, made in each.arguments)
            for each in self.walk()
        )


def _direct(call: Callable[..., Any]) -> Callable[..., Any]:
    """A security scheme's own function, where its ``async def __call__`` adds nothing to it."""
    if isinstance(call, SecurityBase) and type(call).__call__ is SecurityBase.__call__:
        return call.authenticate
    return call


def analyze_call(
    call: Callable[..., Any],
    path_names: Mapping[str, str],
    overrides: Mapping[Any, Callable[..., Any]],
    **options: Any,
) -> Dependant:
    """The tree for a callable; ``overrides`` replaces dependencies, ``path_names`` are the path's
    parameters and their kinds. TypeError names the parameter, the place and the way out."""
    made = Dependant(call, **options)
    where = _binding.name_of(call)
    for argument in _signature.arguments_of(call, where):
        what: Any = analyze(argument, path_names, where)
        if isinstance(what, Depends):
            what = _dependency(what, made, argument.name, path_names, overrides)
            made.dependencies.append(what)
        made.arguments.append((argument.name, what))
        if argument.is_keyword_only:
            made.keyword_only.append(argument.name)
    fields = [what for _, what in made.arguments if isinstance(what, Field)]
    made.fields = sorted(fields, key=lambda field: _ORDER[field.place])
    return made


def analyze_handler(
    call: Callable[..., Any],
    path_names: Mapping[str, str],
    dependencies: Sequence[Depends] = (),
    overrides: Mapping[Any, Callable[..., Any]] = {},
) -> Dependant:
    """The tree for a handler, with dependencies of its route that it does not see itself."""
    made = analyze_call(call, path_names, overrides)
    unseen = [_dependency(each, made, "", path_names, overrides) for each in dependencies]
    made.dependencies[:0] = unseen
    return made


def _dependency(
    said: Depends,
    parent: Dependant,
    name: str,
    path_names: Mapping[str, str],
    overrides: Mapping[Any, Callable[..., Any]],
) -> Dependant:
    if not callable(said.dependency):
        raise TypeError(f"{said!r} of {_binding.name_of(parent.call)} cannot be called")
    _check_scope(said, parent)
    call = said.dependency
    options: Dict[str, Any] = {
        "name": name,
        "use_cache": said.use_cache,
        "scope": said.scope,
        "capacity": said._concurrency,
        "own_scopes": (said.scopes or ()) if isinstance(said, Security) else (),
        "parent_scopes": parent.scopes if name else (),
    }
    return analyze_call(overrides.get(call, call), path_names, overrides, **options)


def _check_scope(said: Depends, parent: Dependant) -> None:
    # The handler itself may be a generator that streams: it has no scope.
    is_dependency = bool(parent.name) or parent.declared_scope is not None
    if is_dependency and parent.scope == "request" and said.scope == "function":
        raise DependencyScopeError(
            f'The dependency "{getattr(parent.call, "__name__", parent.call)}" has a scope of '
            '"request", it cannot depend on dependencies with scope "function".'
        )
