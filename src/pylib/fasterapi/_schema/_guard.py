"""What users' functions raise, as errors of the value."""

from typing import Any, Callable

from fasterapi._schema._state import INVALID, State


def guarded(call: Callable[[], Any], value: Any, state: State) -> Any:
    """The result of a user's function, or INVALID where it raises ValueError or AssertionError.
    Other exceptions pass through."""
    try:
        return call()
    except AssertionError as error:
        return state.fail("assertion_error", value, {"error": error})
    except ValueError as error:
        return _refused(error, value, state)


def _refused(error: Any, value: Any, state: State) -> Any:
    problems = getattr(error, "_problems", None)
    if problems is not None:  # another validation, inside the function
        state.problems.extend(problems)
        return INVALID
    if type(error).__name__ == "PydanticCustomError":
        return state.fail(error.type, value, error.context, error.message())
    return state.fail("value_error", value, {"error": error})
