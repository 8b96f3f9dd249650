"""Of several routes with one method and place, the first: the order of registration counts."""

import logging
from typing import Any, Dict, List, Sequence, Tuple

from fasterapi._api_route import APIRoute
from fasterapi._matching import place_of

_logger = logging.getLogger("fasterapi")


def reachable(routes: Sequence[Any]) -> List[Any]:
    """The routes without what others have taken; the log says what that is. A route that takes a
    method from one of several keeps the others."""
    taken: Dict[Tuple[str, str], APIRoute] = {}
    kept: List[Any] = []
    for route in routes:
        if not isinstance(route, APIRoute):
            kept.append(route)
            continue
        place = place_of(route.path)
        free = [m for m in route.ordered_methods if (m, place) not in taken]
        for method in route.ordered_methods:
            other = taken.setdefault((method, place), route)
            if other is not route and other.options.include_in_schema:
                _logger.warning(
                    "%s %s at %s is never reached: %s at %s comes first",
                    method, route.path, route.origin, other.path, other.origin,
                )  # fmt: skip
        if len(free) == len(route.ordered_methods):
            kept.append(route)
        elif free:
            kept.append(route.only(free))
    return kept
