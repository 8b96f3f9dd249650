"""What FastAPI offers beside its API."""

from typing import Any, Set, Union

from fasterapi._pattern import names_in

_NO_BODY = (204, 205, 304)


def is_body_allowed_for_status_code(status_code: Union[int, str, None]) -> bool:
    """Whether a response of that status, or range of them ("4XX", "default"), has a body."""
    if status_code is None or not str(status_code).isdigit():
        return True
    status = int(status_code)
    return not (status < 200 or status in _NO_BODY)


def get_path_param_names(path: str) -> Set[str]:
    """The names in a path."""
    return set(names_in(path))


def generate_unique_id(route: Any) -> str:
    """The operation's ID of a route that says none: its name, path and method."""
    from fasterapi._openapi._operation import default_id  # only where it is asked for

    return default_id(route)
