"""Where in a handler something cannot be traced, as errors say it."""

import linecache
import sys
from types import FrameType, TracebackType
from typing import Any, Iterator, NamedTuple, Optional

from fasterapi import _binding

_WAY_OUT = (
    "a traced function only puts constants and values of the request into text, JSON and headers, "
    "without conditions and calls; work out constants before it, or make it a Python route, as "
    "with @app.get"
)


class TraceError(ValueError):
    """A handler that cannot be a response program."""


class Route(NamedTuple):
    """The route whose handler is traced. ``where`` is how errors call it."""

    where: str
    method: str
    path: str
    options: Any = None  # RouteOptions, or those of a route that has none

    def refusal(self, site: str, what: str) -> TraceError:
        """The error of an expression, or of the whole handler where site is empty."""
        said = f"{site}: {what}" if site else what
        return TraceError(f"{self.where}: {said} cannot be traced: {_WAY_OUT}")

    def foreign(self, error: Exception) -> TraceError:
        """The error where the handler itself raised one."""
        sites = [each for each in _walk(error.__traceback__) if not is_ours(each.tb_frame)]
        places = [expression_at(at.tb_frame, at.tb_lineno, at.tb_lasti) + ": " for at in sites]
        place = places[0] if places else ""
        said = f"{type(error).__name__}: {error}"
        return TraceError(f"{self.where}: {place}raises {said}, so it cannot be traced: {_WAY_OUT}")


def is_ours(frame: FrameType) -> bool:
    """Whether a frame is one of this package."""
    return str(frame.f_globals.get("__name__")).partition(".")[0] == "fasterapi"


def calling_expression() -> str:
    """That of the innermost frame that is not of this package."""
    frame: Optional[FrameType] = sys._getframe(1)
    while frame is not None and is_ours(frame):
        frame = frame.f_back
    return "" if frame is None else expression(frame)


def expression(frame: FrameType) -> str:
    """What a frame is at: "app.py:7: len(name)"; the line before Python 3.11."""
    return expression_at(frame, frame.f_lineno, frame.f_lasti)


def _walk(trace: Optional[TracebackType]) -> Iterator[TracebackType]:
    while trace is not None:
        yield trace
        trace = trace.tb_next


def expression_at(frame: FrameType, line: int, at: int) -> str:
    """The same for an instruction of its code."""
    code = frame.f_code
    place = f"{_binding._shorten(code.co_filename)}:{line}"
    source = linecache.getline(code.co_filename, line, frame.f_globals)
    positions = getattr(code, "co_positions", None)
    if positions is not None and at >= 0:
        first, last, begin, end = list(positions())[at // 2]
        if first == last == line and end:
            source = source.encode()[begin:end].decode()
    return f"{place}: {source.strip()}" if source.strip() else place
