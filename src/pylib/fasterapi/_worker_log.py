"""Output of user code -> the server's log: print, logging, and errors that nobody caught."""

import io
import logging
import sys
import threading
from typing import Any

import _fasterapi

from fasterapi._traceback import user_text


class LogWriter(io.TextIOBase):
    """A text stream whose lines are records of the server's log. What one write() brings in full
    lines is one record, so that a traceback stays together."""

    def __init__(self, level: int, name: str) -> None:
        self.level = level
        self.name = name
        self._lock = threading.RLock()
        self._line = ""

    encoding = "utf-8"
    errors = "backslashreplace"

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        with self._lock:
            whole, newline, rest = text.rpartition("\n")
            if newline:
                whole, self._line = self._line + whole, rest
                self._log(whole)
            else:
                self._line += text
        return len(text)

    def flush(self) -> None:
        """Nothing: a line is logged when it ends, and the rest with close_line()."""

    def close_line(self) -> None:
        with self._lock:
            text, self._line = self._line, ""
            if text:
                self._log(text)

    def _log(self, text: str) -> None:
        _fasterapi.log(self.level, "", text.encode("utf-8", "backslashreplace").decode())


class LogHandler(logging.Handler):
    """Records of the logging module, with their logger's name."""

    def emit(self, record: logging.LogRecord) -> None:
        try:
            name = "" if record.name == "root" else record.name
            text = self.format(record).encode("utf-8", "backslashreplace").decode()
            _fasterapi.log(record.levelno, name, text)
        except Exception:
            self.handleError(record)


class UsersFrames(logging.Formatter):
    """Exceptions without the frames of this package."""

    def formatException(self, ei: Any) -> str:
        return user_text(ei[1]).rstrip("\n") if ei[1] is not None else super().formatException(ei)


def install(is_debug: bool = False) -> None:
    """Redirects everything. The root logger's level becomes the server's. In debug, exceptions are
    logged in the user's frames."""
    sys.stdout = LogWriter(logging.INFO, "<stdout>")
    sys.stderr = LogWriter(logging.WARNING, "<stderr>")
    root = logging.getLogger()
    handler = LogHandler()
    if is_debug:
        handler.setFormatter(UsersFrames())
    root.addHandler(handler)
    root.setLevel(_fasterapi.log_level())
    sys.excepthook = _uncaught
    sys.unraisablehook = _unraisable
    threading.excepthook = _uncaught_in_thread


def close() -> None:
    """Logs lines that were begun and never ended. The hooks need modules that go soon: the
    interpreter's own take their place."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, LogWriter):
            stream.close_line()
    logging.logThreads = False  # a record would ask threading for a name
    sys.excepthook = sys.__excepthook__
    sys.unraisablehook = sys.__unraisablehook__
    threading.excepthook = threading.__excepthook__


def warning(message: str) -> None:
    logging.getLogger("fasterapi").warning(message)


def exception(message: str) -> None:
    """Logs the exception that is being handled."""
    logging.getLogger("fasterapi").exception(message)


def _uncaught(kind: Any, error: Any, traceback: Any) -> None:
    logging.getLogger().error("uncaught exception", exc_info=(kind, error, traceback))


def _unraisable(what: Any) -> None:
    logging.getLogger().error(
        "%s: %r",
        what.err_msg or "exception ignored in",
        what.object,
        exc_info=(what.exc_type, what.exc_value, what.exc_traceback),
    )


def _uncaught_in_thread(what: Any) -> None:
    if what.exc_type is SystemExit:
        return
    name = what.thread.name if what.thread is not None else "?"
    logging.getLogger().error(
        "uncaught exception in thread %s",
        name,
        exc_info=(what.exc_type, what.exc_value, what.exc_traceback),
    )
