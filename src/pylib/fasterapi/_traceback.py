"""Tracebacks for who wrote the app: without the frames of this package."""

import os
import traceback
from typing import Any, Optional, Set

_OWN = (os.path.dirname(__file__) + os.sep, "<frozen importlib")


def user_text(error: BaseException) -> str:
    """The traceback of an exception, and of those that it came from, in the user's frames only. One
    that has none of them is whole."""
    made = traceback.TracebackException(type(error), error, error.__traceback__)
    _strip(made, set())
    return "".join(made.format())


def _strip(made: Optional[Any], seen: Set[int]) -> None:
    if made is None or id(made) in seen:
        return
    seen.add(id(made))
    users = [frame for frame in made.stack if not frame.filename.startswith(_OWN)]
    if users or getattr(made, "filename", None):  # a SyntaxError says itself where it is
        made.stack = traceback.StackSummary.from_list(users)
    for each in (made.__cause__, made.__context__, *(getattr(made, "exceptions", None) or ())):
        _strip(each, seen)
