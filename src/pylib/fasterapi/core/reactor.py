"""The threads that read and write connections."""

from typing import Any, Dict, NamedTuple, Optional

try:
    import _fasterapi
except ImportError:
    _fasterapi = None  # type: ignore[assignment]


class ReactorStats(NamedTuple):
    """``num_threads``: event loops that run; 0 outside the server, and before it listens."""

    is_running: bool = False
    num_threads: int = 0


class Reactor:
    """The I/O threads of this process, each with its own share of the connections."""

    @staticmethod
    def initialize(num_threads: int = 0) -> None:
        """Asks for that many threads, up to 256; 0 leaves it to the configuration. No more run than
        there are workers to lend them to. The server reads it right after the app's import, later
        calls are a RuntimeError."""
        global _num_threads
        is_count = isinstance(num_threads, int) and not isinstance(num_threads, bool)
        if not is_count or not 0 <= num_threads <= _MOST:
            raise ValueError(f"num_threads is an int from 0 to {_MOST}, not {num_threads!r}")
        if _is_read:
            raise RuntimeError(
                "Reactor.initialize was called after the server started: "
                "call it where the app module is imported, not in a handler or at startup"
            )
        _num_threads = num_threads

    @staticmethod
    def stats() -> ReactorStats:
        """The figures of now."""
        if _fasterapi is None:
            return ReactorStats()
        return ReactorStats(True, _fasterapi.stats()["io_threads"])


_MOST = 256
_num_threads = None  # type: Optional[int]  # PyPy 3.9 refuses an annotation beside global
_is_read = False


def _requested() -> Optional[Dict[str, Any]]:
    """For the server, right after the import of the app module; see docs/boundary.md."""
    global _is_read
    _is_read = True
    return None if _num_threads is None else {"num_threads": _num_threads or None}
