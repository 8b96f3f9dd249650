"""The base of all schemas: what a compiled annotation offers."""

from typing import TYPE_CHECKING, Any, Dict, List

from fasterapi._schema import _dump
from fasterapi._schema._state import INVALID, Loc, State

if TYPE_CHECKING:
    from fasterapi._schema._definitions import Definitions, Mode


class Node:
    """A compiled annotation. Immutable once compiled, so threads may share it.

    ``is_sequence``: takes a list of values, as a parameter that repeats does.
    ``is_mapping``: takes a dict, as a model of parameters does.
    ``is_complex``: has parts, so FastAPI takes it from the body unless told otherwise.
    ``accepts_none``: None is a valid value.
    """

    label = "any"  # its step in the loc of a union's errors
    is_named = False  # described under its own name
    is_sequence = False
    is_mapping = False
    accepts_none = False

    @property
    def is_complex(self) -> bool:
        return self.is_sequence or self.is_mapping

    def validate(
        self,
        value: Any,
        loc: Loc,
        errors: List[Dict[str, Any]],
        *,
        from_attributes: bool = True,
        strict: bool = False,
    ) -> Any:
        """The validated value, or INVALID with entries as in a 422 added to ``errors``.

        Each entry has ``type``, ``loc`` (a list that starts with the given one), ``msg``,
        ``input`` and, for some types, ``ctx``. The ctx of a ``value_error`` holds the exception, so
        it needs encoding before it is JSON. What a user's validator raises other than ValueError
        and AssertionError passes through.
        """
        state = State(strict=strict, from_attributes=from_attributes)
        made = self.run(value, state)
        if made is INVALID:
            errors.extend(problem.entry(loc) for problem in state.problems)
        return made

    def run(self, value: Any, state: State) -> Any:
        """One step of a validation: the value, or INVALID after state.fail()."""
        raise NotImplementedError

    def suits(self, value: Any, exactly: bool) -> bool:
        """Whether dump() knows this value's type, so that a union leaves it to this member."""
        type_ = getattr(self, "type", None)
        return type(value) is type_ or (not exactly and _is_instance(value, type_))

    def dump(self, value: Any, options: _dump.DumpOptions) -> Any:
        """A validated value as plain data; JSON-able unless options.mode is ``python``."""
        return _dump.dump_any(value, options)

    def dump_key(self, key: Any, options: _dump.DumpOptions) -> Any:
        """The same for the key of a mapping, a str in JSON."""
        return _dump.dump_key(key, options)

    def json_schema(self, definitions: "Definitions", mode: "Mode") -> Dict[str, Any]:
        """JSON Schema 2020-12. Named types go to ``definitions`` and are referred to."""
        raise NotImplementedError


def _is_instance(value: Any, type_: Any) -> bool:
    return isinstance(type_, type) and isinstance(value, type_)
