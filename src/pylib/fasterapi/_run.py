"""``app.run()``: finds the fasterapi-server binary and becomes it, serving the module that was
run."""

import logging
import os
import shutil
import sys
from pathlib import Path
from typing import Any, Dict, List, Mapping, NoReturn, Optional

BINARY = "fasterapi-server"
SERVER_PYTHON = (3, 13)  # what the server embeds: a venv of another Python is of no use to it

logger = logging.getLogger("fasterapi")


class ServerNotFound(RuntimeError):
    """No fasterapi-server binary: the message says where it was looked for and how to build it."""


def run(app: Any, config: Mapping[str, Any], reloads: bool = False) -> None:
    """Replaces this process by the server, or its command dev. Returns only inside the server,
    where it does nothing."""
    if _is_in_server():
        logger.warning(
            'app.run() does nothing in the server; put it under if __name__ == "__main__":'
        )
        return
    command = ["dev"] if reloads else []
    arguments = [find_server(os.environ), *command, "--app", _reference(app)]
    _execute(arguments + flags({**usable_venv(), **config}, os.environ))


def flags(config: Mapping[str, Any], environment: Mapping[str, str]) -> List[str]:
    """``port=8000`` as ``--port=8000``, but for what a FASTERAPI_ variable says, and for None."""
    made = []
    for name, value in config.items():
        if value is None or environment.get("FASTERAPI_" + name.upper()):
            continue
        values = value if isinstance(value, (list, tuple)) else [value]
        flag = "--" + name.replace("_", "-")
        made += [f"{flag}={_text(each)}" for each in values]
    return made


def find_server(environment: Mapping[str, str]) -> str:
    """$FASTERAPI_SERVER; else the repository's release build where the package lies in one, else
    the Python's bin folder, else $PATH. Raises ServerNotFound."""
    named = environment.get("FASTERAPI_SERVER")
    if named:
        found = shutil.which(named)
        if found is None:
            raise ServerNotFound(f"FASTERAPI_SERVER is {named!r}, which is no executable file")
        return os.path.abspath(found)
    candidates = [Path(sys.prefix, "bin", BINARY)]
    root = _repository()
    if root is not None:
        candidates.insert(0, root / "build" / "release" / BINARY)
    for candidate in candidates:
        if os.access(candidate, os.X_OK):
            return str(candidate)
    found = shutil.which(BINARY, path=environment.get("PATH"))
    if found is not None:
        return os.path.abspath(found)
    looked = "".join(f"\n  {candidate}" for candidate in candidates)
    raise ServerNotFound(
        f"{BINARY} was not found. Looked for:{looked}\n  {BINARY} in PATH\n"
        "Build it with scripts/build in the FasterAPI repository, or name it in FASTERAPI_SERVER."
    )


def _repository() -> Optional[Path]:
    package = Path(__file__).resolve().parent  # src/pylib/fasterapi
    root = package.parents[2]
    is_one = package.parent == root / "src" / "pylib" and (root / "scripts" / "build").exists()
    return root if is_one else None


def _reference(app: Any) -> str:
    """The app as the server's --app takes it: "/path/file.py:attr" or "module:attr"."""
    main = sys.modules["__main__"]
    names = [name for name, value in vars(main).items() if value is app]
    if not names:
        raise RuntimeError(
            "app.run() serves an app that is a global of the module that was run; "
            f"__main__ has none that is this one. Otherwise start {BINARY} --app module:attr"
        )
    spec = getattr(main, "__spec__", None)
    if spec is not None:
        return f"{spec.name}:{names[0]}"
    file = getattr(main, "__file__", None)
    if file is None:
        raise RuntimeError(f"app.run() needs a file: start {BINARY} --app module:attr instead")
    return f"{os.path.abspath(file)}:{names[0]}"


def usable_venv() -> Dict[str, Optional[str]]:
    is_usable = sys.prefix != sys.base_prefix and sys.version_info[:2] == SERVER_PYTHON
    return {"python_venv": sys.prefix if is_usable else None}


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _execute(arguments: List[str]) -> NoReturn:
    sys.stdout.flush()
    sys.stderr.flush()
    os.execv(arguments[0], arguments)


def _is_in_server() -> bool:
    try:
        import _fasterapi  # noqa: F401
    except ImportError:
        return False
    return True
