"""A folder's files under a path: ``app.mount("/static", StaticFiles(directory="static"))``.

Starlette's, which finds the files; apps of ours answer with a FileResponse of ours, which the
server reads as it sends it. A subclass that finds or answers in its own way is asked in ASGI.
"""

import errno
import os
import stat
from typing import Any, Callable, Optional, Tuple
from urllib.parse import quote

from fasterapi import _dependencies
from fasterapi.exceptions import HTTPException
from fasterapi.responses import FileResponse, RedirectResponse, Response

with _dependencies.needed_by("StaticFiles"):
    from starlette import staticfiles

_OVERRIDDEN = ("__call__", "get_path", "get_response", "file_response")
Found = Tuple[str, Optional[os.stat_result]]


class StaticFiles(staticfiles.StaticFiles):
    """Files of a directory, and of packages' ``statics`` (or another folder: ``("pkg", "files")``).

    ``html``: a folder's index.html answers for it, and 404.html where nothing is found.
    ``check_dir``: RuntimeError at once where the directory does not exist. What lies outside is not
    served: not by "..", and by a symbolic link only with ``follow_symlink``."""

    @property
    def __fasterapi_answer__(self) -> Optional[Callable[[Any, str], Response]]:
        """What takes a request and the path below the mount."""
        cls = type(self)
        is_plain = all(getattr(cls, n) is getattr(StaticFiles, n) for n in _OVERRIDDEN)
        return self._answer if is_plain else None

    def _answer(self, request: Any, path: str) -> Response:
        """Raises HTTPException 404, 405, or 401 where folders may not be read."""
        if request.method not in ("GET", "HEAD"):
            raise HTTPException(405, headers={"Allow": "GET, HEAD"})
        full, found = self._find(path)
        if _is_file(found):
            return _file(request, full, found)
        if self.html:
            return self._page(request, path, found)
        raise HTTPException(404)

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
        if os.path.isabs(path) or ".." in path.split("/"):
            return "", None
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
