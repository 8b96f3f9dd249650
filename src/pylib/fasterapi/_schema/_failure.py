"""The exception of a validation that failed."""

import json
from typing import Any, Dict, List

from fasterapi._schema._dump import DumpOptions, dump_any
from fasterapi._schema._state import Problem


class ValidationError(ValueError):
    """Data did not fit; ``errors()`` says what and where, as in a 422."""

    def __init__(self, title: str, problems: List[Problem]) -> None:
        super().__init__(title, problems)
        self.title = title
        self._problems = problems

    def errors(
        self,
        *,
        include_url: bool = False,
        include_context: bool = True,
        include_input: bool = True,
    ) -> List[Dict[str, Any]]:
        """An entry per error: ``type``, ``loc`` (a tuple), ``msg``, ``input``, perhaps ``ctx``.
        There are no URLs, whatever ``include_url`` says."""
        made = []
        for problem in self._problems:
            entry = {**problem.entry(()), "loc": tuple(reversed(problem.loc))}
            if not include_context:
                entry.pop("ctx", None)
            if not include_input:
                del entry["input"]
            made.append(entry)
        return made

    def error_count(self) -> int:
        """How many there are."""
        return len(self._problems)

    def json(self, *, indent: Any = None) -> str:
        """errors() as JSON; exceptions in them as text."""
        entries = self.errors()
        for entry in entries:
            context = entry.get("ctx", {})
            if isinstance(context.get("error"), Exception):
                entry["ctx"] = {**context, "error": str(context["error"])}
        separators = (",", ":") if indent is None else None
        plain = dump_any(entries, DumpOptions())
        return json.dumps(plain, indent=indent, separators=separators, ensure_ascii=False)

    def __str__(self) -> str:
        count = len(self._problems)
        lines = [f"{count} validation error{'' if count == 1 else 's'} for {self.title}"]
        for entry in self.errors():
            if entry["loc"]:
                lines.append(".".join(str(step) for step in entry["loc"]))
            kind, value = entry["type"], entry["input"]
            shown = f"[type={kind}, input_value={_short(value)}, input_type={type(value).__name__}]"
            lines.append(f"  {entry['msg']} {shown}")
        return "\n".join(lines)

    __repr__ = __str__


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 50 else f"{text[:25]}...{text[-24:]}"
