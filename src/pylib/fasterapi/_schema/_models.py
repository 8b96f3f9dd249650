"""fasterapi.Model."""

from collections import abc
from typing import Any, Dict

from fasterapi._schema._definitions import Definitions, Mode
from fasterapi._schema._dump import DumpOptions, dump_any
from fasterapi._schema._fields import Attributes, has_attributes
from fasterapi._schema._guard import guarded
from fasterapi._schema._named import NamedNode
from fasterapi._schema._state import INVALID, STRICT, State


class ModelNode(NamedNode):
    """A dict, or an instance, which is taken as it is; other objects by their attributes where the
    validation or the model's config allows that.

    The type offers ``__fasterapi_make__(instance, values)``, which fills an instance.
    """

    config: Dict[str, Any]

    def run_once(self, value: Any, state: State) -> Any:
        target, state.target = state.target, None
        if isinstance(value, self.type) and target is None:
            if type(value) is not self.type:
                state.floor(STRICT)
            return value
        mapping = self._mapping(value, state)
        if mapping is INVALID:
            return mapping
        state.floor(STRICT)
        if target is None and self.config.get("custom_init"):
            return guarded(lambda: self.type(**value), value, state)
        values = self._read(mapping, value, state)
        if values is INVALID:
            return values
        instance = self.type.__new__(self.type) if target is None else target
        self.type.__fasterapi_make__(instance, values)
        return instance

    def _mapping(self, value: Any, state: State) -> Any:
        if isinstance(value, dict):
            return value
        if isinstance(value, abc.Mapping) and not state.strict:
            return value
        if state.from_attributes or self.config.get("from_attributes"):
            if has_attributes(value):
                return Attributes(value)
            return state.fail("model_attributes_type", value)
        return state.fail("model_type", value, {"class_name": self.label})

    def _read(self, mapping: Any, value: Any, state: State) -> Any:
        if not isinstance(mapping, Attributes):
            return self.fields.read(mapping, state)
        try:
            return self.fields.read(mapping, state, value)
        except Exception as error:
            text = f"{type(error).__name__}: {error}"
            return state.fail("get_attribute_error", value, {"error": text})

    def dump(self, value: Any, options: DumpOptions) -> Any:
        if not isinstance(value, self.type):
            return super().dump(value, options)
        made = self.fields.dump(value.__dict__, value.model_fields_set, options)
        for key, extra in (value.model_extra or {}).items():
            below = options.below(key)
            if below is not None and not (options.exclude_none and extra is None):
                made[key] = dump_any(extra, below)
        return made

    def body_schema(self, definitions: Definitions, mode: Mode) -> Dict[str, Any]:
        made = super().body_schema(definitions, mode)
        if self.config.get("title"):
            made["title"] = self.config["title"]
        more = self.config.get("json_schema_extra")
        if callable(more):
            more(made)
        elif more:
            made.update(more)
        return made
