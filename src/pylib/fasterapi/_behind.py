"""Front ends come behind routes: what a route has taken is not theirs."""

from typing import Any, Iterable, List, Sequence

from fasterapi._api_route import APIRoute
from fasterapi._matching import place_of


def behind(routes: Sequence[Any], frontends: Iterable[APIRoute]) -> List[Any]:
    """The routes, and of the front ends the methods that are free at their place."""
    taken = {
        (method, place_of(route.path))
        for route in routes
        if isinstance(route, APIRoute)
        for method in route.ordered_methods
    }
    kept: List[Any] = list(routes)
    for frontend in frontends:
        place = place_of(frontend.path)
        free = [method for method in frontend.ordered_methods if (method, place) not in taken]
        if len(free) == len(frontend.ordered_methods):
            kept.append(frontend)
        elif free:
            kept.append(frontend.only(free))
    return kept
