"""Imports the module of an app, and says in full why where that fails."""

import importlib
import importlib.util
import os
import sys
from dataclasses import dataclass
from types import ModuleType
from typing import Any, Dict, List, Tuple

from fasterapi import _starlette
from fasterapi._import_advice import OURS, advice
from fasterapi._reports import kind_of, note_files
from fasterapi._traceback import user_text
from fasterapi.applications import App
from fasterapi.core import executor, reactor
from fasterapi.routing import CompiledRoute


class LoadError(Exception):
    """The app cannot be served; ``text`` says what was looked for, what is there, what to do."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


@dataclass(frozen=True)
class LoadedApp:
    """An app, the routes it has, and what its module asked of the server."""

    spec: str
    app: App
    routes: List[CompiledRoute]
    executor: Dict[str, Any]
    reactor: Dict[str, Any]

    @property
    def http_exceptions(self) -> Tuple[Any, ...]:
        return _starlette.http_exceptions()

    @property
    def kinds(self) -> List[str]:
        """How each route is served, for people."""
        return [kind_of(route) for route in self.routes]

    @property
    def redirect_slashes(self) -> bool:
        return bool(self.app.redirect_slashes)


def load_app(spec: str) -> LoadedApp:
    """Imports ``module:attr``, ``module`` or ``path/file.py:attr``; ``attr`` is ``app`` unless
    said."""
    target, _, attribute = spec.partition(":")
    attribute = attribute or "app"
    module = _import(spec, target)
    app = _check(spec, _find(spec, module, attribute))
    try:
        routes = app._compile_routes()
    except BaseException as error:
        text = f"The routes of {spec} cannot be served.\n{describe_error(error)}"
        raise LoadError(text) from None
    return LoadedApp(spec, app, routes, executor._requested() or {}, reactor._requested() or {})


def describe_error(error: BaseException) -> str:
    """The traceback in the user's frames, and advice where there is any."""
    note_files(error)
    return user_text(error) + "\n".join(advice(error))


def _import(spec: str, target: str) -> ModuleType:
    is_file = target.endswith(".py") or os.sep in target
    folder = os.path.dirname(os.path.abspath(target)) if is_file else os.getcwd()
    if is_file and not os.path.isfile(target):
        raise LoadError(_no_file(spec, target))
    sys.path.insert(0, folder)
    try:
        return _import_file(target) if is_file else importlib.import_module(target)
    except ModuleNotFoundError as error:
        if not is_file and error.name and (target + ".").startswith(error.name + "."):
            raise LoadError(_no_module(spec, error.name, folder)) from None
        raise LoadError(_failed(spec, error)) from None
    except BaseException as error:
        raise LoadError(_failed(spec, error)) from None


def _import_file(path: str) -> ModuleType:
    name = os.path.splitext(os.path.basename(path))[0]
    if name in sys.modules or not name.isidentifier():
        name = "__fasterapi_app__"  # a file may be called json.py
    found = importlib.util.spec_from_file_location(name, os.path.abspath(path))
    assert found is not None and found.loader is not None
    module = importlib.util.module_from_spec(found)
    sys.modules[name] = module
    found.loader.exec_module(module)
    return module


def _find(spec: str, module: ModuleType, attribute: str) -> Any:
    found: Any = module
    for name in attribute.split("."):
        if not hasattr(found, name):
            apps = [each for each, value in vars(module).items() if isinstance(value, App)]
            there = f"It has the apps: {', '.join(apps)}." if apps else "It has no fasterapi.App."
            do = (
                f"Say {spec.partition(':')[0]}:{apps[0]}."
                if apps
                else ("Make one: app = fasterapi.App().")
            )
            raise LoadError(
                f"{spec}: module {module.__name__!r} ({module.__file__}) has no attribute "
                f"{attribute!r}. {there} {do}"
            )
        found = getattr(found, name)
    return found


def _check(spec: str, found: Any) -> App:
    if isinstance(found, App):
        return found
    kind = f"{type(found).__module__}.{type(found).__qualname__}"
    if isinstance(found, type) and issubclass(found, App):
        do = "Name an instance of it, not the class."
    elif callable(found) and type(found).__name__ == "function":
        do = "A function that makes the app is not called: name the app itself."
    else:
        do = OURS if kind.startswith("fastapi.") else "This server runs fasterapi.App objects."
    raise LoadError(f"{spec} is a {kind}, not a fasterapi.App. {do}")


def _no_file(spec: str, path: str) -> str:
    folder = os.path.dirname(os.path.abspath(path))
    return f"{spec}: there is no file {os.path.abspath(path)}.{_python_files(folder)}"


def _no_module(spec: str, name: str, folder: str) -> str:
    looked = "\n".join(f"  {each}" for each in sys.path if each)
    return (
        f"{spec}: no module named {name!r}.{_python_files(folder)}\nLooked in:\n{looked}\n"
        "Start the server in the app's folder, add it with --python-path, or name the file: "
        "path/file.py:app."
    )


def _python_files(folder: str) -> str:
    try:
        names = sorted(each for each in os.listdir(folder) if each.endswith(".py"))
    except OSError:
        return f" There is no folder {folder} either."
    return f" In {folder}: {', '.join(names[:8]) or 'no Python files'}."


def _failed(spec: str, error: BaseException) -> str:
    if isinstance(error, SystemExit):
        ended = f"{spec} ended its own import with SystemExit({error.code!r})."
        return f"{ended}\n{describe_error(error)}"
    return f"The import of {spec} failed.\n{describe_error(error)}"
