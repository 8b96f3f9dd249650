"""What an app says of itself: its OpenAPI document, and pages of it that need no other server."""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any, Callable, Dict, List

from fasterapi._route_options import RouteOptions
from fasterapi.requests import Request
from fasterapi.responses import HTMLResponse
from fasterapi.routing import APIRoute


def own_routes(app: Any) -> List[APIRoute]:
    """The routes of the document and its pages, but where the app has routes of its own."""
    if not app.openapi_url:
        return []
    taken = {route.path for route in app.all_routes()}
    wanted = [
        (app.openapi_url, "openapi", _document_of(app)),
        (app.docs_url, "swagger_ui_html", _page_of(app, True)),
        (app.redoc_url, "redoc_html", _page_of(app, False)),
        (
            app.docs_url and app.swagger_ui_oauth2_redirect_url,
            "swagger_ui_redirect",
            _oauth2_redirect,
        ),
    ]
    return [
        _route(url, name, endpoint) for url, name, endpoint in wanted if url and url not in taken
    ]


def _route(url: str, name: str, endpoint: Callable[..., Any]) -> APIRoute:
    options = RouteOptions(name=name, include_in_schema=False, response_model=None)
    return APIRoute(url, endpoint, methods=("GET",), options=options)


def _document_of(app: Any) -> Callable[..., Any]:
    def openapi(request: Request) -> Any:
        document: Dict[str, Any] = app.openapi()
        root: str = (request.root_path or app.root_path).rstrip("/")
        if not root or not app.root_path_in_servers:
            return document
        servers = document.get("servers", [])
        if any(server.get("url") == root for server in servers):
            return document
        return {**document, "servers": [{"url": root}, *servers]}

    return openapi


def _page_of(app: Any, tries: bool) -> Callable[..., Any]:
    def docs(request: Request) -> Any:
        root = request.root_path or app.root_path
        config = {
            "openapi": root + app.openapi_url,
            "root": root,
            "title": app.title,
            "tries": tries,
        }
        text = json.dumps(config).replace("<", "\\u003c")
        return HTMLResponse(_page().replace("CONFIG", text, 1))

    return docs


def _oauth2_redirect() -> Any:
    """For apps that serve Swagger UI themselves."""
    from fasterapi.openapi.docs import get_swagger_ui_oauth2_redirect_html

    return get_swagger_ui_oauth2_redirect_html()


@lru_cache(maxsize=1)
def _page() -> str:
    return Path(__file__).with_name("_docs_page.html").read_text(encoding="utf-8")
