"""Models whose fields are parameters: of the query, of headers, of cookies, of a form."""

from typing import Any, Dict, Iterator, List, Set, Tuple

from fasterapi import _classify, _forms
from fasterapi._fields import Field, aliases_of
from fasterapi.params import UNDEFINED

Names = Tuple[str, str]  # in the model, and on the wire


class ParameterModel:
    """The names under which a model's fields come, so that the model can be validated as a whole.

    What no field takes is passed on too: whether it is ignored is the model's to say."""

    def __init__(self, field: Field) -> None:
        models = _models_of(field.annotation)
        self.is_optional = type(None) in _classify.members(field.annotation)
        convert = field.info.in_ == "header" and getattr(field.info, "convert_underscores", True)
        self._fields = [pair for model in models for pair in _fields_of(model, convert)]
        self._fold: Any = str.lower if field.info.in_ == "header" else str
        self._renamed = {a: w for names, _ in self._fields for a, w in names if a != w}

        configs = [getattr(model, "model_config", {}) for model in models]
        self.takes_extras = any(c.get("extra") in ("allow", "forbid") for c in configs)

    @property
    def names(self) -> List[str]:
        """Those on the wire, sorted."""
        return sorted({wire for names, _ in self._fields for _, wire in names})

    @staticmethod
    def is_one(annotation: Any) -> bool:
        """Whether the annotation is a model, or Optional of one."""
        return len(_models_of(annotation)) == 1

    @staticmethod
    def are(annotation: Any) -> bool:
        """Whether the annotation is a model, or a union of models."""
        return bool(_models_of(annotation))

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
        if self.is_optional and not (made or self._is_begun(received)):
            return UNDEFINED
        made.update(self._extras(received, taken))
        return made

    def _is_begun(self, received: Any) -> bool:
        """Whether a form has a field of the model's, be it an empty one."""
        if not _forms.is_form(received):
            return False
        return (self.takes_extras and bool(received)) or any(n in received for n in self.names)

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


def _models_of(annotation: Any) -> List[Any]:
    """The models of a union of nothing else, but for None."""
    members = [m for m in _classify.members(annotation) if m is not type(None)]
    are_all = all(_classify.is_model(m) and hasattr(m, "model_fields") for m in members)
    return members if are_all else []


def _fields_of(model: Any, convert: bool) -> Iterator[Tuple[List[Names], bool]]:
    """The names of each field, and whether it takes several values."""
    config = getattr(model, "model_config", {})
    by_name = config.get("validate_by_name", config.get("populate_by_name", False))
    for name, info in model.model_fields.items():
        said = getattr(info, "validation_alias", None) or info.alias
        aliases = [*aliases_of(said)] or [name]
        if by_name and name not in aliases:
            aliases.append(name)
        dashed = name.replace("_", "-") if convert else name
        names = [(alias, dashed if alias == name else alias) for alias in aliases]
        yield names, _classify.is_sequence(info.annotation)


def _pick(received: Any, name: str, is_sequence: bool) -> Any:
    if is_sequence and hasattr(received, "getlist"):
        values = [v for v in received.getlist(name) if not _forms.is_empty_file(v)]
        return values or UNDEFINED
    value = received.get(name, UNDEFINED)
    is_form = _forms.is_form(received)
    return UNDEFINED if is_form and (value == "" or _forms.is_empty_file(value)) else value
