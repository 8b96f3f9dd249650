"""Models whose fields are parameters: of the query, of headers, of cookies, of a form."""

from typing import Any, Dict, List, Optional, Set, Tuple

from fasterapi import _classify, _forms
from fasterapi._fields import Field, aliases_of
from fasterapi._uploads import FormData
from fasterapi.params import UNDEFINED

Names = Tuple[str, str]  # in the model, and on the wire


class ParameterModel:
    """The names under which a model's fields come, so that the model can be validated as a whole.

    What no field takes is passed on too: whether it is ignored is the model's to say."""

    def __init__(self, field: Field) -> None:
        model: Any = _model_of(field.annotation)
        self._is_optional = len(_classify.members(field.annotation)) > 1
        convert = field.info.in_ == "header" and getattr(field.info, "convert_underscores", True)
        config = getattr(model, "model_config", {})
        by_name = config.get("validate_by_name", config.get("populate_by_name", False))
        self._fields: List[Tuple[List[Names], bool]] = []  # the names of one, if it takes several
        for name, info in model.model_fields.items():
            said = getattr(info, "validation_alias", None) or info.alias
            aliases = [*aliases_of(said)] or [name]
            if by_name and name not in aliases:
                aliases.append(name)
            names = [(a, name.replace("_", "-") if convert and a == name else a) for a in aliases]
            self._fields.append((names, _classify.is_sequence(info.annotation)))
        self._fold: Any = str.lower if field.info.in_ == "header" else str
        self._renamed = {a: w for names, _ in self._fields for a, w in names if a != w}

    @staticmethod
    def is_one(annotation: Any) -> bool:
        """Whether the annotation is a model, or Optional of one."""
        return _model_of(annotation) is not None

    def gather(self, received: Any) -> Any:
        """What was received, as the model wants it; UNDEFINED where an optional one got nothing."""
        made: Dict[str, Any] = {}
        taken: Set[str] = set()
        for names, is_sequence in self._fields:
            alias, wire = next((pair for pair in names if pair[1] in received), names[0])
            taken.update((self._fold(wire), self._fold(alias)))
            value = _pick(received, wire, is_sequence)
            if value is not UNDEFINED:
                made[alias] = value
        if self._is_optional and not made:
            return UNDEFINED
        made.update(self._extras(received, taken))
        return made

    def _extras(self, received: Any, taken: Set[str]) -> Dict[str, Any]:
        pairs = received.multi_items() if hasattr(received, "multi_items") else received.items()
        grouped: Dict[str, List[Any]] = {}
        for name, value in pairs:
            if self._fold(name) not in taken:
                grouped.setdefault(self._fold(name), []).append(value)
        return {name: v[0] if len(v) == 1 else v for name, v in grouped.items()}

    def rename(self, entry: Dict[str, Any]) -> None:
        """Puts the name on the wire into an error's loc."""
        loc = entry["loc"]
        if len(loc) > 1 and loc[1] in self._renamed:
            entry["loc"] = [loc[0], self._renamed[loc[1]], *loc[2:]]


def _model_of(annotation: Any) -> Optional[Any]:
    members = [m for m in _classify.members(annotation) if m is not type(None)]
    if len(members) == 1 and _classify.is_model(members[0]):
        return members[0] if hasattr(members[0], "model_fields") else None
    return None


def _pick(received: Any, name: str, is_sequence: bool) -> Any:
    if is_sequence and hasattr(received, "getlist"):
        values = [v for v in received.getlist(name) if not _forms.is_empty_file(v)]
        return values or UNDEFINED
    value = received.get(name, UNDEFINED)
    is_form = isinstance(received, FormData)
    return UNDEFINED if is_form and (value == "" or _forms.is_empty_file(value)) else value
