"""How a server finds the app of a test."""

import os
import sys
import sysconfig
from types import ModuleType
from typing import Any, Iterator, List, Tuple


def reference_of(app: Any) -> str:
    """The app as ``--app`` takes it: "module:attr" in a package, else "/path/file.py:attr". A
    string is one already. Raises TypeError where no module has the app as a global."""
    if isinstance(app, str):
        return app
    found = list(_places(app))
    if not found:
        raise TypeError(
            "the server imports the app by name, so it must be a global of a module with a file: "
            f"no module has this {type(app).__name__}. Apps that a test function makes are for "
            "fasterapi.testclient."
        )
    # Who made it was imported before the others that have it; a test that makes one has it alone.
    module, name = min(found, key=lambda each: _is_test(each[0]))
    if module.__name__ != "__main__" and module.__package__:
        return f"{module.__name__}:{name}"
    assert module.__file__ is not None
    return f"{os.path.abspath(module.__file__)}:{name}"


def search_path() -> List[str]:
    """Folders that this Python looks in before its own and those of installed packages."""
    standard = sysconfig.get_path("stdlib")
    return [
        os.path.abspath(each)
        for each in sys.path
        if os.path.isdir(each or ".")
        and not each.startswith(standard)
        and os.path.basename(each) not in ("site-packages", "dist-packages")
    ]


def _places(app: Any) -> Iterator[Tuple[ModuleType, str]]:
    for module in list(sys.modules.values()):
        if not isinstance(module, ModuleType) or getattr(module, "__file__", None) is None:
            continue
        for name, value in list(vars(module).items()):
            if value is app:
                yield module, name


def _is_test(module: ModuleType) -> bool:
    name = module.__name__.rpartition(".")[2]
    return name in ("conftest", "__main__") or name.startswith("test_") or name.endswith("_test")
