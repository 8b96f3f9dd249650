"""The module that the server imports: the app that UPSTREAM_APP names ("module:attr"), with
fasterapi in FastAPI's place. Writes to UPSTREAM_ROUTES what it has, for the test to compare with
its own."""

import importlib
import os
from pathlib import Path

os.environ["FASTERAPI_ALIAS"] = "1"
importlib.import_module("stand_in")
routes_of = importlib.import_module("over_sockets.routes").routes_of

module, _, attribute = os.environ["UPSTREAM_APP"].partition(":")
app = getattr(importlib.import_module(module), attribute)
Path(os.environ["UPSTREAM_ROUTES"]).write_text(routes_of(app), encoding="utf-8")
