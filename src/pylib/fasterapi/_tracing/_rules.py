"""What a traced handler may do: straight-line code that puts things together.

Its bytecode has no conditions, loops, comparisons and assignments beyond its own names, nor has
that of the functions that it calls; and of what is compiled it calls nothing but ``str.join`` and
``str.format``. So one call shows all that it ever does."""

import functools
from types import CodeType, FrameType
from typing import Any, List, Optional

from fasterapi._headers import Headers
from fasterapi._tracing._recorder import Recorder
from fasterapi._tracing._site import Route, TraceError, expression, expression_at, is_ours
from fasterapi._tracing._symbols import Place, SymbolicRequest, Text, Values

_SYMBOLS = (Headers, Place, Recorder, SymbolicRequest, Text, Values)
_ADDING = ("+", "+=", "%", "%=", "[]")
_OPERATORS = ("BINARY_ADD", "BINARY_MODULO", "BINARY_SUBSCR", "INPLACE_ADD", "INPLACE_MODULO")
#: Parts of the names of instructions, of CPython 3.9 to 3.14 and PyPy
_REFUSED = (
    ("COMPARE_OP", "a comparison"),
    ("CONTAINS_OP", "the operator in"),
    ("IS_OP", "the operator is"),
    ("ASSERT", "assert"),
    ("_IF_", "a condition"),
    ("FOR_ITER", "a loop"),
    ("MATCH_", "match"),
    ("_SLICE", "a slice"),
    ("UNARY_", "an operator other than +"),
    ("BINARY_", "an operator other than +"),
    ("INPLACE_", "an operator other than +"),
    ("SETUP_", "try or with"),
    ("PUSH_EXC_INFO", "try or with"),
    ("BEFORE_", "with"),
    ("LOAD_SPECIAL", "with"),
    ("RAISE_VARARGS", "raise"),
    ("YIELD_", "yield"),
    ("IMPORT_NAME", "an import"),
    ("STORE_SUBSCR", "an assignment to an item"),
    ("STORE_ATTR", "an assignment to an attribute"),
    ("STORE_GLOBAL", "an assignment to a global name"),
    ("DELETE_", "del"),
)


class Guard:
    """A profile function (sys.setprofile) for one call of a handler. What the package itself calls
    is not looked at."""

    def __init__(self, route: Route) -> None:
        self._route = route
        self._inside = 0  # frames of the package, and below

    def see(self, frame: FrameType, event: str, argument: Any) -> None:
        """Raises TraceError before what is not allowed happens."""
        if event == "call":
            self._enter(frame)
        elif event == "return":
            self._inside -= self._inside > 0
        elif event == "c_call" and not self._inside and not is_ours(frame):
            self._check_builtin(frame, argument)

    def _enter(self, frame: FrameType) -> None:
        if self._inside:
            self._inside += 1
        elif not is_ours(frame):
            self._check_code(frame)
        elif isinstance(frame.f_locals.get("self"), _SYMBOLS):
            self._inside = 1
        else:
            raise self._call(frame, "")

    def _check_code(self, frame: FrameType) -> None:
        found = _first_refused(frame.f_code)
        if found is None:
            return
        what, line, at = found
        if frame.f_back is not None and not is_ours(frame.f_back):
            raise self._call(frame, f", which has {what},")
        raise self._route.refusal(expression_at(frame, line, at), what)

    def _call(self, frame: FrameType, why: str) -> TraceError:
        caller = frame.f_back
        code = frame.f_code
        name = getattr(code, "co_qualname", code.co_name)
        called = f"{frame.f_globals.get('__name__')}.{name}"
        site = "" if caller is None else expression(caller)
        return self._route.refusal(site, f"a call of {called}(){why}")

    def _check_builtin(self, frame: FrameType, called: Any) -> None:
        owner = getattr(called, "__self__", None)
        name = getattr(called, "__name__", repr(called))
        if isinstance(owner, str) and name in ("join", "format"):
            return
        prefix = getattr(called, "__module__", None) or type(owner).__name__
        said = name if prefix == "builtins" else f"{prefix}.{name}"
        raise self._route.refusal(expression(frame), f"a call of {said}()")


@functools.lru_cache(maxsize=None)
def _first_refused(code: CodeType) -> Optional[Any]:
    import dis  # takes its time, and few apps trace

    lines: List[int] = [code.co_firstlineno]
    for instruction in dis.get_instructions(code):
        if isinstance(instruction.starts_line, int) and instruction.starts_line > 1:
            lines.append(instruction.starts_line)
        what = _refused(instruction, code)
        if what is not None:
            line = getattr(instruction, "line_number", None) or lines[-1]
            return what, line, instruction.offset
    return None


def _refused(instruction: Any, code: CodeType) -> Optional[str]:
    name = instruction.opname
    if name == "BINARY_OP" and instruction.argrepr in _ADDING or name in _OPERATORS:
        return None
    if name == "STORE_DEREF" and instruction.argval in code.co_freevars:
        return "an assignment to a name of another function"
    return next((what for part, what in _REFUSED if part in name), None)

