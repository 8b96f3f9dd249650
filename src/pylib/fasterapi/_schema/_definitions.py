"""Where the JSON Schemas of named types are gathered, and how they come by their names."""

import json
import re
from typing import Any, Dict, List, Protocol, Tuple

Mode = str  # validation, serialization

FOREIGN = "\0foreign:"  # before a name, a reference into a document of pydantic's

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
        self._foreign: Dict[Tuple[Mode, str, str], str] = {}
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

    def add_foreign(
        self, schemas: Dict[str, Dict[str, Any]], document: Dict[str, Any], mode: Mode
    ) -> Dict[str, Any]:
        """A document whose references are FOREIGN names, with the definitions that it refers to,
        as one with ours."""
        names = {FOREIGN + name: self._foreign_key(name, schemas[name], mode) for name in schemas}
        for name, schema in schemas.items():
            self._bodies[names[FOREIGN + name]] = _replaced(schema, names)
        made: Dict[str, Any] = _replaced(document, names)
        return made

    def _foreign_key(self, name: str, schema: Dict[str, Any], mode: Mode) -> str:
        said = mode, name, json.dumps(schema, sort_keys=True, default=str)
        if said not in self._foreign:
            key = f"\0+{len(self._foreign)}"
            outer = f"{name}-{_OUTER[mode]}"
            self._choices[key] = [name, outer, f"{outer}__{len(self._foreign)}"]
            self._foreign[said] = key
        return self._foreign[said]

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
        return _replaced(
            document, {key: self.template.format(model=name) for key, name in names.items()}
        )


def _replaced(document: Any, names: Dict[str, str]) -> Any:
    """A document with some of its strings replaced."""
    if isinstance(document, dict):
        return {key: _replaced(value, names) for key, value in document.items()}
    if isinstance(document, list):
        return [_replaced(value, names) for value in document]
    return names.get(document, document) if isinstance(document, str) else document


def _names(type_: Any, mode: Mode) -> List[str]:
    name = clean(str(type_.__name__))
    module = getattr(type_, "__module__", "")
    qualified = clean(f"{module}__{getattr(type_, '__qualname__', name)}".replace(".", "__"))
    outer = _OUTER[mode]
    unique = f"{qualified}-{outer}__{id(type_)}"
    return [name, f"{name}-{outer}", qualified, f"{qualified}-{outer}", unique]


def clean(name: str) -> str:
    """A name with what a reference cannot hold replaced."""
    return re.sub(r"[^a-zA-Z0-9.\-_]", "_", name)
