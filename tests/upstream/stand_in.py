"""``import fastapi`` gives fasterapi, where FASTERAPI_ALIAS is set."""

import importlib
import importlib.abc
import importlib.util
import os
import sys
from pathlib import Path

NAMES = ("fastapi", "fasterapi")
PRIVATE = Path(__file__).parent / "private"  # stand-ins for modules of FastAPI's own


class Alias(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Each module of ours under both names: one object."""

    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] != NAMES[0]:
            return None
        ours = NAMES[1] + name[len(NAMES[0]) :]
        try:
            if importlib.util.find_spec(ours) is None:
                return None
        except ModuleNotFoundError:
            return None
        return importlib.util.spec_from_loader(name, self)

    def create_module(self, spec):
        module = importlib.import_module(NAMES[1] + spec.name[len(NAMES[0]) :])
        spec.fasterapi = module.__spec__, module.__loader__, module.__package__
        return module

    def exec_module(self, module):
        # Was executed under its own name, which it keeps.
        spec, loader, package = module.__spec__.fasterapi
        module.__spec__, module.__loader__, module.__package__ = spec, loader, package


class Rest(importlib.abc.MetaPathFinder):
    """FastAPI itself is out of reach, installed or not."""

    def find_spec(self, name, path=None, target=None):
        package, _, inner = name.partition(".")
        if package != NAMES[0]:
            return None
        file = PRIVATE / (inner.replace(".", "/") + ".py")
        if file.exists():
            return importlib.util.spec_from_file_location(name, file)
        raise ModuleNotFoundError(f"no {name} in fasterapi", name=name)


if os.environ.get("FASTERAPI_ALIAS"):
    sys.meta_path[:0] = [Alias(), Rest()]
    # The documents of the tests' apps have FastAPI's default title.
    importlib.import_module("fasterapi").App.__init__.__kwdefaults__["title"] = "FastAPI"
    # Names of FastAPI's own that files of tests import beside public ones.
    routing = importlib.import_module("fasterapi.routing")
    for private in (
        "_IncludedRouter",
        "_iter_included_route_candidates",
        "_restore_fastapi_scope_key",
    ):
        setattr(routing, private, getattr(routing, private, object))
