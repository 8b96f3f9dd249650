"""What to do about an app whose import fails."""

import linecache
import re
import sys
from types import TracebackType
from typing import Iterator, Optional

OURS = "This server has FastAPI's names itself: write `from fasterapi import FastAPI`."

_REFUSED = re.compile(r"module (\S+) does not support loading in subinterpreters")
_REFUSED_ADVICE = (
    "What to do: set python.use_subinterpreters to false (--python-use-subinterpreters=false). "
    "One worker then runs in the main interpreter, where every module loads."
)
_FASTAPI = re.compile(r"\b(from|import) fastapi\b")


def advice(error: BaseException) -> Iterator[str]:
    """Lines on what is wrong and what to do."""
    errors = list(_chain(error))
    refused = next((found for each in errors if (found := _REFUSED.search(str(each)))), None)
    line = next((line for each in errors if (line := _fastapi_line(each.__traceback__))), None)
    missing = error.name or "" if isinstance(error, ModuleNotFoundError) else ""
    module = missing if refused is None else refused.group(1)
    if not module:
        return
    if refused is not None:
        yield (
            f"The extension module {module} (of {_package(module)}) cannot be loaded in a "
            "sub-interpreter: its authors have not made it ready for that (PEP 489, PEP 684)."
        )
    ours = _in_place_of(module, line)
    if ours is not None:
        yield ours
    if refused is not None:
        yield _REFUSED_ADVICE
    elif ours is None:
        yield (
            f"What to do: install {missing!r} for {sys.executable}, or name the virtual "
            "environment that has it: --python-venv."
        )


def _in_place_of(module: str, line: Optional[str]) -> Optional[str]:
    """What of ours stands for FastAPI, and for pydantic."""
    if line is not None:
        return (
            f"What to do: this server has FastAPI's names itself. Where the app says `{line}`, "
            f"write `{_FASTAPI.sub(_ours, line)}` (docs/fastapi.md)."
        )
    if _package(module) in ("pydantic", "pydantic_core"):
        return (
            "What to do: in place of `from pydantic import BaseModel, Field`, write "
            "`from fasterapi import Model, Field`, or `from fasterapi.models import BaseModel, "
            "Field`: models with pydantic's names, without its extension (docs/validation.md)."
        )
    return None


def _package(module: str) -> str:
    return module.partition(".")[0].lstrip("_")


def _fastapi_line(trace: Optional[TracebackType]) -> Optional[str]:
    """The app's line that imports FastAPI, where that is on the way."""
    while trace is not None:
        line = linecache.getline(trace.tb_frame.f_code.co_filename, trace.tb_lineno).strip()
        if _FASTAPI.search(line):
            return line
        if trace.tb_frame.f_globals.get("__name__", "").partition(".")[0] == "fastapi":
            return None
        trace = trace.tb_next
    return None


def _ours(found: "re.Match[str]") -> str:
    return f"{found[1]} fasterapi"


def _chain(error: Optional[BaseException]) -> Iterator[BaseException]:
    seen = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__
