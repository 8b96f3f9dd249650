"""The threads that read and write connections."""

from typing import Any, Dict, NamedTuple, Optional

try:
    import _fasterapi
except ImportError:
    _fasterapi = None  # type: ignore[assignment]


class ReactorStats(NamedTuple):
    """``num_threads`` is what initialize asked for; 0: one for every four cores."""

    is_running: bool = False
    num_threads: int = 0


class Reactor:
    """The I/O threads of this process, each with its own share of the connections."""

    @staticmethod
    def initialize(num_threads: int = 0) -> None:
        """Asks for that many threads; 0 leaves it to the configuration. The server reads it right
        after the app's import, later calls are a RuntimeError."""
        global _num_threads
        is_count = isinstance(num_threads, int) and not isinstance(num_threads, bool)
        if not is_count or num_threads < 0:
            raise ValueError(f"num_threads is an int of at least 0, not {num_threads!r}")
        if _is_read:
            raise RuntimeError(
                "Reactor.initialize was called after the server started: "
                "call it where the app module is imported, not in a handler or at startup"
            )
        _num_threads = num_threads

    @staticmethod
    def stats() -> ReactorStats:
        """Whether the threads run: in the server they do."""
        return ReactorStats(_fasterapi is not None, _num_threads or 0)


_num_threads = None  # type: Optional[int]  # PyPy 3.9 refuses an annotation beside global
_is_read = False


def _requested() -> Optional[Dict[str, Any]]:
    """For the server, right after the import of the app module; see docs/boundary.md."""
    global _is_read
    _is_read = True
    return None if _num_threads is None else {"num_threads": _num_threads or None}
