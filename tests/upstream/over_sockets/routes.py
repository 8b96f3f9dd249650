"""Whether two processes have the same app."""

from typing import Any


def routes_of(app: Any) -> str:
    """A text that differs where routes, middleware or handlers of errors do."""
    routes = [_text_of(route) for route in app.routes]
    added = [str(getattr(each, "cls", each)) for each in app.user_middleware]
    handled = [str(each) for each in app.exception_handlers]
    return "\n".join([*routes, *added, *handled, app.openapi_url or "", app.root_path])


def _text_of(route: Any) -> str:
    path = getattr(route, "path", type(route).__name__)  # what include_router leaves has none
    return f"{path} {sorted(getattr(route, 'methods', None) or ())}"
