"""What one validation carries along: its errors, and what unions need to know of their members."""

from typing import Any, Dict, List, Optional, Set, Tuple, Union

from fasterapi._schema._messages import message

Loc = Tuple[Union[str, int], ...]

LAX, STRICT, EXACT = 0, 1, 2  # how closely a value fitted

MAX_DEPTH = 255


class _Invalid:
    """What validation gives in place of a value; the errors say why."""

    def __repr__(self) -> str:
        return "INVALID"

    def __bool__(self) -> bool:
        return False


INVALID: Any = _Invalid()


class Problem:
    """One error. ``loc`` grows from the value outwards, so it is reversed."""

    __slots__ = ("ctx", "input", "loc", "msg", "type")

    def __init__(
        self, type: str, input: Any, ctx: Optional[Dict[str, Any]], msg: Optional[str]
    ) -> None:
        self.type = type
        self.input = input
        self.ctx = ctx
        self.msg = msg
        self.loc: List[Union[str, int]] = []

    def entry(self, prefix: Loc) -> Dict[str, Any]:
        """As a 422 shows it. A ``value_error`` has the exception itself in its ctx."""
        made = {
            "type": self.type,
            "loc": [*prefix, *reversed(self.loc)],
            "msg": message(self.type, self.ctx) if self.msg is None else self.msg,
            "input": self.input,
        }
        if self.ctx:
            made["ctx"] = self.ctx
        return made


class State:
    """One validation. ``strict`` holds for all of it, ``from_attributes`` lets objects be read as
    models."""

    __slots__ = (
        "active",
        "context",
        "data",
        "depth",
        "exactness",
        "fields_set",
        "from_attributes",
        "mode",
        "problems",
        "strict",
        "target",
    )

    def __init__(
        self, *, strict: bool = False, from_attributes: bool = False, mode: str = "python"
    ) -> None:
        self.problems: List[Problem] = []
        self.strict = strict
        self.from_attributes = from_attributes
        self.mode = mode  # python, json
        self.context: Any = None
        self.target: Any = None  # the instance that a model's __init__ fills
        self.data: Any = None  # the fields of the model so far, for its validators
        self.exactness = EXACT
        self.fields_set: Optional[int] = None
        self.depth = 0
        self.active: Set[Tuple[int, int]] = set()

    def fail(
        self,
        type: str,
        input: Any,
        ctx: Optional[Dict[str, Any]] = None,
        msg: Optional[str] = None,
    ) -> Any:
        """Records an error; gives INVALID, so that a validator can return it."""
        self.problems.append(Problem(type, input, ctx, msg))
        return INVALID

    def locate(self, since: int, step: Union[str, int]) -> None:
        """Puts the errors from number ``since`` on below ``step``."""
        for problem in self.problems[since:]:
            problem.loc.append(step)

    def floor(self, exactness: int) -> None:
        """Says that the value fitted no closer than this."""
        if self.exactness > exactness:
            self.exactness = exactness
