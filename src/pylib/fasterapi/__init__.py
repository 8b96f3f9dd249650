"""FasterAPI: web applications in Python, served by fasterapi-server.

::

    from fasterapi import App

    app = App()

    @app.get("/hello/{name}")
    def hello(name: str, times: int = 1):
        return {"hello": [name] * times}

    if __name__ == "__main__":
        app.run()
"""

from typing import TYPE_CHECKING, Any, List

from fasterapi import metrics, status
from fasterapi.applications import App, FastAPI
from fasterapi.background import BackgroundTasks
from fasterapi.cpp_handlers import CppHandler
from fasterapi.exceptions import HTTPException, WebSocketException
from fasterapi.models import Field, Model
from fasterapi.param_functions import (
    Body,
    Cookie,
    Depends,
    File,
    Form,
    Header,
    Path,
    Query,
    Security,
)
from fasterapi.requests import Request
from fasterapi.responses import (
    FileResponse,
    HTMLResponse,
    JSONResponse,
    PlainTextResponse,
    RedirectResponse,
    Response,
    StreamingResponse,
)
from fasterapi.routing import APIRouter
from fasterapi.sse import EventSourceResponse, ServerSentEvent

if TYPE_CHECKING:
    from fasterapi.datastructures import UploadFile
    from fasterapi.websockets import WebSocket, WebSocketDisconnect

__version__ = "0.1.0"

__all__ = [
    "APIRouter",
    "App",
    "BackgroundTasks",
    "Body",
    "Cookie",
    "CppHandler",
    "Depends",
    "EventSourceResponse",
    "FastAPI",
    "Field",
    "File",
    "FileResponse",
    "Form",
    "HTMLResponse",
    "HTTPException",
    "Header",
    "JSONResponse",
    "Model",
    "Path",
    "PlainTextResponse",
    "Query",
    "RedirectResponse",
    "Request",
    "Response",
    "Security",
    "ServerSentEvent",
    "StreamingResponse",
    "UploadFile",
    "WebSocket",
    "WebSocketDisconnect",
    "WebSocketException",
    "metrics",
    "status",
]


def __getattr__(name: str) -> Any:
    # Starlette's, which an app without files and WebSockets does not import.
    if name in ("WebSocket", "WebSocketDisconnect"):
        from fasterapi import websockets

        return getattr(websockets, name)
    if name == "UploadFile":
        from fasterapi import datastructures

        return datastructures.UploadFile
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> List[str]:
    return sorted({*globals(), *__all__})
