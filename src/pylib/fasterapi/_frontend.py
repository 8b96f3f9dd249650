"""The files of a built front end below a path, where no route of the app is: ``app.frontend()``."""

import os
import stat
import warnings
from email.message import Message
from typing import Any, Callable, Dict, Iterator, Optional, Tuple, Union

from fasterapi.exceptions import HTTPException
from fasterapi.requests import Request
from fasterapi.responses import FileResponse, RedirectResponse, Response
from fasterapi.staticfiles import StaticFiles, _is_file, _with_slash

PathLike = Union[str, "os.PathLike[str]"]
FALLBACKS = ("auto", "index.html", "404.html", None)
_PAGES = ("text/html", "application/xhtml+xml")


class Frontend(StaticFiles):
    """A folder with an index.html for its routes of the browser. Where nothing is found,
    ``fallback`` answers: index.html to who asks for a page, 404.html with its status, "auto" the
    one that is there, 404.html first."""

    def __init__(self, directory: PathLike, fallback: Optional[str], check_dir: bool) -> None:
        if fallback not in FALLBACKS:
            raise AssertionError("fallback must be 'auto', 'index.html', '404.html', or None")
        place = os.path.realpath(os.fspath(directory))
        super().__init__(directory=directory, html=True, check_dir=False)
        self._said = directory
        self.fallback = fallback
        self._place = place
        self._missing = (
            f"does not exist in directory '{directory}'. Resolved absolute directory: '{place}'"
        )
        if check_dir:
            self._check()
        if check_dir and fallback in ("index.html", "404.html"):
            self._fallback_page(fallback, 200)

    def _check(self) -> None:
        if not os.path.isdir(self._said):
            raise RuntimeError(
                f"Frontend directory '{self._said}' does not exist. "
                f"Resolved absolute path: '{self._place}'"
            )

    def find(self, request: Any, path: str) -> Response:
        """The response for a path below the front end's."""
        found = self._found(os.path.normpath(path) if path else ".")
        if request.method not in ("GET", "HEAD"):
            raise HTTPException(404 if found is None else 405)
        if found is None:
            self._check()
            return self._fall_back(request)
        full, info, is_index = found
        if is_index and not request.path.endswith("/"):
            return RedirectResponse(_with_slash(request))
        return FileResponse(full, 200, stat_result=info)

    def _found(self, path: str) -> Optional[Tuple[str, os.stat_result, bool]]:
        full, info = self._find(path)
        if info is not None and stat.S_ISDIR(info.st_mode):
            full, info = self._find(os.path.join(path, "index.html"))
            return (full, info, True) if info is not None and _is_file(info) else None
        return (full, info, False) if info is not None and _is_file(info) else None

    def _fall_back(self, request: Any) -> Response:
        for name, status in (("404.html", 404), ("index.html", 200)):
            is_said = self.fallback == name
            if is_said or (self.fallback == "auto" and _is_file(self._find(name)[1])):
                if status == 404 or _asks_for_a_page(request):
                    return self._fallback_page(name, status)
        raise HTTPException(404)

    def _fallback_page(self, name: str, status: int) -> Response:
        full, info = self._find(name)
        if info is None or not _is_file(info):
            raise RuntimeError(f"Frontend fallback file '{name}' {self._missing}")
        return FileResponse(full, status, stat_result=info)


def endpoint_of(frontend: Frontend) -> Callable[..., Any]:
    """The handler of its route, which leaves to other routes what is theirs: the redirect of a
    slash, and the 405."""

    def serve(request: Request) -> Response:
        match = request.app._match_routes(request.method, request.path)
        if match.location is not None:
            query = "?" + request.query_string if request.query_string else ""
            return RedirectResponse(request.root_path + match.location + query)
        if match.allow:
            raise HTTPException(405, headers={"allow": ", ".join(match.allow)})
        return frontend.find(request, request.path_params.get("path", ""))

    return serve


def check_of(directory: PathLike, check_dir: Union[bool, str]) -> bool:
    """Whether the folder has to be there. In development ("auto") that is a warning alone, as the
    build may still run."""
    if check_dir != "auto":
        return bool(check_dir)
    if "development" not in (os.environ.get("FASTERAPI_ENV"), os.environ.get("FASTAPI_ENV")):
        return True
    if not os.path.isdir(directory):
        warnings.warn(
            f"Frontend directory '{directory}' does not exist. Resolved absolute path: "
            f"'{os.path.realpath(os.fspath(directory))}'",
            stacklevel=3,
        )
    return False


def place_of(path: str) -> str:
    """The path without a slash at its end. AssertionError where it is none."""
    if not path:
        raise AssertionError("A frontend path cannot be empty")
    if not path.startswith("/"):
        raise AssertionError("A frontend path must start with '/'")
    return path.rstrip("/")


def _asks_for_a_page(request: Any) -> bool:
    accepted: Dict[str, float] = dict(_media_types(request.headers.get("accept", "")))
    return any(accepted.get(kind, 0) != 0 for kind in _PAGES)


def _media_types(accept: str) -> Iterator[Tuple[str, float]]:
    for part in accept.split(","):
        message = Message()
        message["content-type"] = part.strip()
        try:
            quality = float(str(message.get_param("q", "1")))
        except ValueError:
            quality = 1.0
        yield message.get_content_type(), quality
