"""Other people's packages, which the cold parts build on (docs/dependencies.md): where they are
found, and what is said where they are not.

In the server set-up's folder of them is last in sys.path, behind the user's virtual environment.
Here the same is done where the package lies in its repository.
"""

import contextlib
import os
import sys
from typing import Iterator

_REQUIREMENTS = {
    "anyio": "anyio",
    "httpx": "httpx",
    "jinja2": "jinja2",
    "opentelemetry": "opentelemetry-api",
    "python_multipart": "python-multipart",
    "starlette": "starlette",
}
_PYTHON = (3, 11)  # the oldest that set-up's versions run on


def add_folder(folder: str) -> None:
    """Puts a folder last in sys.path, unless it is not there."""
    if folder and folder not in sys.path and os.path.isdir(folder):
        sys.path.append(folder)


@contextlib.contextmanager
def needed_by(user: str) -> Iterator[None]:
    """Around an import of theirs: where it is missing, the error says what to install."""
    try:
        yield
    except ModuleNotFoundError as error:
        missing = _REQUIREMENTS.get((error.name or "").partition(".")[0])
        if missing is None:
            raise
        raise ModuleNotFoundError(
            f"{user} needs {missing}, which {sys.executable or 'this Python'} does not have: "
            f"pip install {missing} (on Debian: apt-get install python3-{missing})",
            name=error.name,
        ) from None


def _folder_of_repository() -> str:
    if sys.version_info < _PYTHON or sys.implementation.name != "cpython":
        return ""
    package = os.path.dirname(os.path.realpath(__file__))
    settings = os.path.join(package, "..", "..", "..", "build", "setup.env")
    try:
        with open(settings, encoding="utf-8") as lines:
            values = dict(line.rstrip("\n").partition("=")[::2] for line in lines)
    except OSError:
        return ""
    return values.get("FASTERAPI_PYTHON_PACKAGES", "")


if "_fasterapi" not in sys.modules:
    add_folder(_folder_of_repository())
