"""What a route says of an ASGI scope, for libraries that ask an app's routes as they would ask
Starlette's: which of them a request is for, to name it in metrics or to find its handler. What is
served is matched elsewhere, by the server or by fasterapi._matching."""

import functools
from typing import Any, Container, Dict, Iterable, Optional, Tuple

from fasterapi import _matching

Said = Tuple[Any, Dict[str, Any]]  #: Starlette's Match, and what a child scope has more


def of_route(route: Any, scope: Dict[str, Any], kind: str, methods: Container[str] = ()) -> Said:
    """What a route of an endpoint says, of requests or of WebSockets."""
    from starlette.routing import Match  # its callers have imported it

    found = _params(route.path, scope) if scope["type"] == kind else None
    if found is None:
        return Match.NONE, {}
    known = not methods or _matching.ANY_METHOD in methods
    method = scope.get("method", "GET").replace("HEAD", "GET")
    match = Match.FULL if known or method in methods else Match.PARTIAL
    return match, {"endpoint": route.endpoint, "path_params": _joined(scope, found)}


def of_mount(mount: Any, scope: Dict[str, Any]) -> Said:
    """What a mount says, of requests and WebSockets."""
    from starlette.routing import Match

    is_served = scope["type"] in ("http", "websocket")
    found = _params(mount.path + "/{path:path}", scope) if is_served else None
    if found is None:
        return Match.NONE, {}
    root, rest = scope.get("root_path", ""), "/" + found.pop("path")
    return Match.FULL, {
        "path_params": _joined(scope, found),
        "app_root_path": scope.get("app_root_path", root),
        "root_path": root + _path_in(scope)[: -len(rest)],
        "endpoint": mount.app,
    }


def of_all(routes: Iterable[Any], scope: Dict[str, Any]) -> Said:
    """What the first says that takes it, or else the first that would in another method."""
    from starlette.routing import Match

    partial: Optional[Said] = None
    for route in routes:
        said: Said = route.matches(scope)
        if said[0] is Match.FULL:
            return said
        if partial is None and said[0] is Match.PARTIAL:
            partial = said
    return partial or (Match.NONE, {})


def _params(path: str, scope: Dict[str, Any]) -> Optional[Dict[str, Any]]:
    found = _pattern_of(path).fullmatch(_path_in(scope))
    return None if found is None else _matching.path_params(path, found.groups())


@functools.lru_cache(maxsize=4096)
def _pattern_of(path: str) -> Any:
    return _matching.pattern_of(path)


def _path_in(scope: Dict[str, Any]) -> str:
    root: str = scope.get("root_path", "")
    path: str = scope["path"]
    return path[len(root) :] if root and path.startswith(root) else path


def _joined(scope: Dict[str, Any], params: Dict[str, Any]) -> Dict[str, Any]:
    return {**scope.get("path_params", {}), **params}
