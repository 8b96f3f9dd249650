"""Writes the OpenAPI document of each app in a folder of a FastAPI checkout, as JSON: by fasterapi
where FASTERAPI_ALIAS is set (stand_in.py), else by the checkout's FastAPI."""

import importlib
import json
import sys
import warnings
from pathlib import Path
from typing import Any, Dict

import stand_in  # noqa: F401

warnings.simplefilter("ignore")
FastAPI = importlib.import_module("fastapi").FastAPI


def main() -> None:
    checkout, folder, out = (Path(each) for each in sys.argv[1:])
    documents = {}
    for file in sorted((checkout / folder).rglob("*.py")):
        if "FastAPI(" in file.read_text(encoding="utf-8"):
            name = ".".join(file.relative_to(checkout).with_suffix("").parts)
            documents[name] = documents_of(name)
    out.write_text(json.dumps(documents), encoding="utf-8")


def documents_of(name: str) -> Dict[str, Any]:
    """By the global that has the app; under "import" why there is none."""
    if "sqlmodel" in sys.modules:  # two modules have tables of one name
        sys.modules["sqlmodel"].SQLModel.metadata.clear()
        sys.modules["sqlmodel.main"].default_registry.dispose()
    try:
        module = importlib.import_module(name)
    except Exception as error:
        return {"import": f"{type(error).__name__}: {error}".splitlines()[0]}
    apps = {key: value for key, value in vars(module).items() if isinstance(value, FastAPI)}
    return {key: document_of(app) for key, app in apps.items()}


def document_of(app: Any) -> Any:
    """Its document, or the error that it is."""
    try:
        return app.openapi()
    except Exception as error:
        return f"{type(error).__name__}: {error}".splitlines()[0]


if __name__ == "__main__":
    main()
