"""Models whose fields are parameters: of the query, of headers, of cookies, of a form."""

from typing import Any, Dict, Iterator, List, NamedTuple, Set, Tuple

from fasterapi import _classify, _forms
from fasterapi._fields import Field, aliases_of, has_paths
from fasterapi.params import UNDEFINED

Names = Tuple[str, str]  # in the model, and on the wire


class Member(NamedTuple):
    """A field of such a model: its names in the order in which they count, and whether it takes
    several values."""

    names: List[Names]
    is_sequence: bool


class ParameterModel:
    """The names under which a model's fields come, so that the model can be validated as a whole.

    What no field takes is passed on too: whether it is ignored is the model's to say."""

    def __init__(self, field: Field) -> None:
        self._models = models_of(field.annotation)
        self.is_optional = type(None) in _classify.members(field.annotation)
        is_header = field.place == "header"
        convert = is_header and getattr(field.info, "convert_underscores", True)
        self._members = [m for model in self._models for m in members_of(model, is_header, convert)]
        self._fold: Any = str.lower if is_header else str
        self._own = {self._fold(wire) for member in self._members for _, wire in member.names}
        configs = [getattr(model, "model_config", {}) for model in self._models]
        self._renamed: Dict[str, str] = {}
        if all(config.get("loc_by_alias", True) for config in configs):
            self._renamed = {a: w for m in self._members for a, w in m.names if a != w}
        self.takes_extras = any(c.get("extra") in ("allow", "forbid") for c in configs)

    @property
    def names(self) -> List[str]:
        """Those on the wire, sorted."""
        return sorted({wire for member in self._members for _, wire in member.names})

    @staticmethod
    def is_one(annotation: Any) -> bool:
        """Whether the annotation is a model, or Optional of one."""
        return len(models_of(annotation)) == 1

    @staticmethod
    def are(annotation: Any) -> bool:
        """Whether the annotation is a model, or a union of models."""
        return bool(models_of(annotation))

    def gather(self, received: Any) -> Any:
        """What was received, as the model wants it; UNDEFINED where an optional one got nothing.
        Of a union it is all of a form, from which each model takes its own (branch_of)."""
        if self.is_optional and not self._is_begun(received):
            return UNDEFINED
        if not _forms.is_form(received):
            return self._picked(received)
        return form_values(self._members if len(self._models) == 1 else [], received)

    def _is_begun(self, received: Any) -> bool:
        """Whether something for the model is there, be it empty, or refused by it."""
        if self.takes_extras and len(received):
            return True
        return not self._own.isdisjoint(self._fold(name) for name in received)

    def _picked(self, received: Any) -> Dict[str, Any]:
        made: Dict[str, Any] = {}
        taken: Set[str] = set()
        for member in self._members:
            names = member.names
            alias, wire = next((pair for pair in names if pair[1] in received), names[0])
            taken.add(self._fold(wire))
            # A header under a name that should have been converted is no extra one.
            taken.update(self._fold(a) for a, w in names if a != w)
            value = _pick(received, wire, member.is_sequence)
            if value is not UNDEFINED:
                made[alias] = value
        made.update(_extras(received, taken, self._fold))
        return made

    def rename(self, entry: Dict[str, Any]) -> None:
        """Puts the name on the wire into an error's loc."""
        loc = entry["loc"]
        if len(loc) > 1 and loc[1] in self._renamed:
            entry["loc"] = [loc[0], self._renamed[loc[1]], *loc[2:]]


def models_of(annotation: Any) -> List[Any]:
    """The models of a union of nothing else, but for None."""
    members = [m for m in _classify.members(annotation) if m is not type(None)]
    are_all = all(_classify.is_model(m) and hasattr(m, "model_fields") for m in members)
    return members if are_all else []


def members_of(model: Any, is_header: bool = False, convert: bool = False) -> Iterator[Member]:
    """The fields of a model. ``convert``: a header's name without an alias has dashes, unless the
    field says otherwise."""
    config = getattr(model, "model_config", {})
    for name, info in model.model_fields.items():
        dashes = is_header and getattr(info, "convert_underscores", convert)
        yield Member(_names_of(name, info, config, dashes), _classify.is_sequence(info.annotation))


def _names_of(name: str, info: Any, config: Any, dashes: bool) -> List[Names]:
    dashed = name.replace("_", "-") if dashes else name
    if config.get("validate_by_alias") is False:
        return [(name, dashed)]
    said = getattr(info, "validation_alias", None) or info.alias
    if has_paths(said):
        said = info.alias or name
    aliases = [*aliases_of(said)] or [name]
    is_literal = hasattr(said, "choices")  # which are names on the wire already
    names = [(a, dashed if a == name and not is_literal else a) for a in aliases]
    by_name = config.get("validate_by_name", config.get("populate_by_name", False))
    return [*names, (name, dashed)] if by_name and name not in aliases else names


def form_values(members: List[Member], form: Any) -> Dict[str, Any]:
    """What a form has for a model's fields, and the rest of it. An empty text or file is nothing,
    and the next of a field's names counts."""
    made: Dict[str, Any] = {}
    taken: Set[str] = set()
    for member in members:
        for alias, _ in member.names:
            taken.add(alias)
            value = pick_form(form, alias, member.is_sequence)
            if value is not UNDEFINED:
                made[alias] = value
                break
    made.update(_extras(form, taken, str))
    return made


def _extras(received: Any, taken: Set[str], fold: Any) -> Dict[str, Any]:
    pairs = received.multi_items() if hasattr(received, "multi_items") else received.items()
    grouped: Dict[str, List[Any]] = {}
    for name, value in pairs:
        if fold(name) not in taken:
            grouped.setdefault(fold(name), []).append(value)
    return {name: v[0] if len(v) == 1 else v for name, v in grouped.items()}


def _pick(received: Any, name: str, is_sequence: bool) -> Any:
    if is_sequence and hasattr(received, "getlist"):
        return received.getlist(name) or UNDEFINED
    return received.get(name, UNDEFINED)


def pick_form(form: Any, name: str, is_sequence: bool) -> Any:
    """The value of a form's field, UNDEFINED where it is empty."""
    if is_sequence:
        return [v for v in form.getlist(name) if not _forms.is_empty_file(v)] or UNDEFINED
    value = form.get(name, UNDEFINED)
    return UNDEFINED if value == "" or _forms.is_empty_file(value) else value
