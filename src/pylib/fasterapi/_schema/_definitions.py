"""Where the JSON Schemas of named types are gathered, and how they come by their names."""

import re
from typing import Any, Dict, List, Protocol, Tuple

Mode = str  # validation, serialization

_OUTER = {"validation": "Input", "serialization": "Output"}


class Named(Protocol):
    """A schema that others refer to by its type's name."""

    type: Any

    def body_schema(self, definitions: "Definitions", mode: Mode) -> Dict[str, Any]: ...


class Definitions:
    """The named types of one document.

    ``ref()`` gives references with provisional names, as which name is free of ambiguity is known
    only at the end: ``Item``, else ``Item-Input`` and ``Item-Output``, else with the module.
    ``resolve()`` puts the final names into whatever was built, ``schemas()`` gives the definitions.
    """

    def __init__(
        self, template: str = "#/components/schemas/{model}", *, by_alias: bool = True
    ) -> None:
        self.template = template
        self.by_alias = by_alias
        self._bodies: Dict[str, Dict[str, Any]] = {}
        self._choices: Dict[str, List[str]] = {}
        self._keys: Dict[Tuple[int, Mode], str] = {}
        self._nodes: List[Named] = []  # kept, so that no id is used twice

    def ref(self, node: Named, mode: Mode) -> Dict[str, Any]:
        """A reference to the node's schema, which is made the first time."""
        key = self._keys.get((id(node), mode))
        if key is None:
            key = f"\0{len(self._keys)}"
            self._keys[id(node), mode] = key
            self._nodes.append(node)
            self._choices[key] = _names(node.type, mode)
            self._bodies[key] = node.body_schema(self, mode)
        return {"$ref": key}

    def add(self, name: str, schema: Dict[str, Any]) -> Dict[str, Any]:
        """A reference to a definition made elsewhere, under a name that is final."""
        key = f"\0={name}"
        self._choices[key] = [name]
        self._bodies[key] = schema
        return {"$ref": key}

    def resolve(self, document: Any) -> Any:
        """A copy of what was built from json_schema(), with the final names in it."""
        return self._renamed(document, self._final())

    def schemas(self) -> Dict[str, Dict[str, Any]]:
        """The definitions by their final names, sorted."""
        names = self._final()
        made = {names[key]: self._renamed(body, names) for key, body in self._bodies.items()}
        return dict(sorted(made.items()))

    def _final(self) -> Dict[str, str]:
        """For each definition the first of its names that no different definition claims."""
        taken = {key: len(choices) - 1 for key, choices in self._choices.items()}
        for _ in range(10):  # names within bodies make them equal, or no longer so
            names = {key: self._choices[key][place] for key, place in taken.items()}
            bodies = {key: self._renamed(body, names) for key, body in self._bodies.items()}
            best = self._settle(bodies)
            if best == taken:
                break
            taken = best
        return {key: self._choices[key][place] for key, place in taken.items()}

    def _settle(self, bodies: Dict[str, Dict[str, Any]]) -> Dict[str, int]:
        claims: Dict[str, List[str]] = {}
        for key, choices in self._choices.items():
            for name in choices:
                claims.setdefault(name, []).append(key)
        return {
            key: next(
                place
                for place, name in enumerate(choices)
                if place == len(choices) - 1
                or all(bodies[other] == bodies[key] for other in claims[name])
            )
            for key, choices in self._choices.items()
        }

    def _renamed(self, document: Any, names: Dict[str, str]) -> Any:
        if isinstance(document, dict):
            return {key: self._renamed(value, names) for key, value in document.items()}
        if isinstance(document, list):
            return [self._renamed(value, names) for value in document]
        if isinstance(document, str) and document.startswith("\0"):
            return self.template.format(model=names[document])
        return document


def _names(type_: Any, mode: Mode) -> List[str]:
    name = _clean(str(type_.__name__))
    module = getattr(type_, "__module__", "")
    qualified = _clean(f"{module}__{getattr(type_, '__qualname__', name)}".replace(".", "__"))
    outer = _OUTER[mode]
    unique = f"{qualified}-{outer}__{id(type_)}"
    return [name, f"{name}-{outer}", qualified, f"{qualified}-{outer}", unique]


def _clean(name: str) -> str:
    return re.sub(r"[^a-zA-Z0-9.\-_]", "_", name)
