"""What the server's commands tell about an app."""

import json
import os
import sys
import sysconfig
import traceback
from typing import Any, Set

from fasterapi._general import REQUEST_ONLY
from fasterapi._websocket_route import METHOD
from fasterapi.routing import CompiledRoute

_MOUNT = "mount("
_INSTALLED = (os.sep + "site-packages" + os.sep, os.sep + "dist-packages" + os.sep)
_noted: Set[str] = set()  # files of modules that did not import


def openapi(app: Any) -> str:
    """Its OpenAPI document, for people and files."""
    return json.dumps(app.openapi(), indent=2, ensure_ascii=False)


def files(app: Any) -> str:
    """The source files that were imported or tried, one a line, without those of the standard
    library, of installed packages and of this one."""
    imported = (getattr(module, "__file__", None) for module in list(sys.modules.values()))
    found = {os.path.abspath(file) for file in imported if file} | _noted
    left_out = (sysconfig.get_path("stdlib"), os.path.dirname(__file__))
    return "\n".join(
        sorted(
            file
            for file in found
            if not file.startswith(left_out)
            and not any(part in file for part in _INSTALLED)
            and "\n" not in file
        )
    )


def note_files(error: BaseException) -> None:
    """Has files() name those that an exception comes from."""
    frames = traceback.extract_tb(error.__traceback__)
    names = [frame.filename for frame in frames] + [getattr(error, "filename", None)]
    _noted.update(os.path.abspath(name) for name in names if name and os.path.isfile(name))


def kind_of(route: CompiledRoute) -> str:
    """How a route is served: in C++ without Python ("C++", or "traced" from Python), with arguments
    that the server binds ("native") or the package does ("general"), or as "batch", "mount" or
    "websocket"."""
    if route.origin.startswith(_MOUNT):
        return "mount"
    if METHOD in route.methods:
        return "websocket"
    if route.native is not None:
        return "C++" if isinstance(route.native, str) else "traced"
    if route.batch is not None:
        return "batch"
    return "general" if route.plan is REQUEST_ONLY else "native"
