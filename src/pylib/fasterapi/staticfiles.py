"""A folder's files under a path: ``app.mount("/static", StaticFiles(directory="static"))``."""

import errno
import importlib.util
import os
import stat
from typing import Any, List, Optional, Sequence, Tuple, Union
from urllib.parse import quote

from fasterapi.exceptions import HTTPException
from fasterapi.responses import FileResponse, RedirectResponse, Response

PathLike = Union[str, "os.PathLike[str]"]
Found = Tuple[str, Optional[os.stat_result]]


class StaticFiles:
    """Files of a directory, and of packages' ``statics`` (or another folder: ``("pkg", "files")``).

    ``html``: a folder's index.html answers for it, and 404.html where nothing is found.
    ``check_dir``: RuntimeError at once where the directory does not exist. What lies outside is not
    served: not by "..", and by a symbolic link only with ``follow_symlink``."""

    def __init__(
        self,
        *,
        directory: Optional[PathLike] = None,
        packages: Optional[Sequence[Union[str, Tuple[str, str]]]] = None,
        html: bool = False,
        check_dir: bool = True,
        follow_symlink: bool = False,
    ) -> None:
        self.directory = directory
        self.packages = packages
        self.html = html
        self.follow_symlink = follow_symlink
        if check_dir and directory is not None and not os.path.isdir(directory):
            raise RuntimeError(f"Directory '{directory}' does not exist")
        own = [] if directory is None else [os.fspath(directory)]
        self.all_directories: List[str] = own + [_folder_of(package) for package in packages or ()]

    def answer(self, request: Any, path: str) -> Response:
        """The response for a path below the mount. Raises HTTPException 404, 405, or 401 where
        folders may not be read."""
        if request.method not in ("GET", "HEAD"):
            raise HTTPException(405, headers={"Allow": "GET, HEAD"})
        full, found = self._find(path)
        if _is_file(found):
            return _file(request, full, found)
        if self.html:
            return self._page(request, path, found)
        raise HTTPException(404)

    def lookup_path(self, path: str) -> Found:
        """The file's path and what stat says of it; ("", None) where there is none to be served."""
        if os.path.isabs(path) or ".." in path.split("/") or (os.altsep and os.altsep in path):
            return "", None
        place = os.path.abspath if self.follow_symlink else os.path.realpath
        for directory in self.all_directories:
            root, full = place(directory), place(os.path.join(directory, path))
            if os.path.commonpath([root, full]) != root:
                continue
            try:
                return full, os.stat(full)
            except (FileNotFoundError, NotADirectoryError):
                continue
        return "", None

    def _page(self, request: Any, path: str, found: Optional[os.stat_result]) -> Response:
        if found is not None and stat.S_ISDIR(found.st_mode):
            full, index = self._find(os.path.join(path, "index.html"))
            if _is_file(index):
                if request.path.endswith("/"):
                    return _file(request, full, index)
                return RedirectResponse(_with_slash(request))
        full, missing = self._find("404.html")
        if not _is_file(missing):
            raise HTTPException(404)
        return _file(request, full, missing, 404)

    def _find(self, path: str) -> Found:
        try:
            return self.lookup_path(path)
        except PermissionError:
            raise HTTPException(401) from None
        except ValueError:  # NUL, or what the file system cannot name
            raise HTTPException(404) from None
        except OSError as error:
            if error.errno in (errno.ENAMETOOLONG, errno.ELOOP):
                raise HTTPException(404) from None
            raise


def _is_file(found: Optional[os.stat_result]) -> bool:
    return found is not None and stat.S_ISREG(found.st_mode)


def _file(request: Any, path: str, found: Any, status: int = 200) -> FileResponse:
    response = FileResponse(path, status, stat_result=found)
    response.answer(request)
    return response


def _with_slash(request: Any) -> str:
    query = "?" + request.query_string if request.query_string else ""
    return quote(request.root_path + request.path) + "/" + query


def _folder_of(package: Union[str, Tuple[str, str]]) -> str:
    name, folder = (package, "statics") if isinstance(package, str) else package
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        raise RuntimeError(f"Package {name!r} could not be found.")
    path = os.path.join(os.path.dirname(spec.origin), folder)
    if not os.path.isdir(path):
        raise RuntimeError(f"Directory {folder!r} in package {name!r} could not be found.")
    return path
