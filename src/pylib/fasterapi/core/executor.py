"""The worker threads that run Python handlers."""

import difflib
import os
import signal
from typing import Any, Callable, Dict, NamedTuple, Optional

try:
    import _fasterapi
except ImportError:
    _fasterapi = None  # type: ignore[assignment]


class ExecutorConfig:
    """What an app asks of the executor; None leaves it to the configuration.

    num_workers: worker threads, 1 to 256, each with an interpreter of its own; None: as configured.
    use_subinterpreters: an interpreter with its own GIL for each worker; False: one worker, in the
    main interpreter.
    queue_capacity: requests that may wait for a worker, 1 to 16777216, rounded up to a power of two.
    """

    num_workers: Optional[int]
    use_subinterpreters: Optional[bool]
    queue_capacity: Optional[int]

    def __init__(
        self,
        *,
        num_workers: Optional[int] = None,
        use_subinterpreters: Optional[bool] = None,
        queue_capacity: Optional[int] = None,
    ) -> None:
        self.num_workers = num_workers
        self.use_subinterpreters = use_subinterpreters
        self.queue_capacity = queue_capacity

    def __setattr__(self, name: str, value: Any) -> None:
        if name not in _CHECKS:
            raise AttributeError(f"ExecutorConfig has no attribute {name!r}{_nearest(name)}")
        if value is not None:
            _CHECKS[name](name, value)
        object.__setattr__(self, name, value)

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(f"ExecutorConfig has no attribute {name!r}{_nearest(name)}")

    def __repr__(self) -> str:
        return f"ExecutorConfig({', '.join(f'{k}={v!r}' for k, v in vars(self).items())})"


class ExecutorStats(NamedTuple):
    """Figures of all workers, about now. Zeros and ``is_running=False`` outside the server."""

    is_running: bool = False
    num_workers: int = 0
    idle_workers: int = 0
    queued: int = 0
    queue_capacity: int = 0
    submitted: int = 0
    refused: int = 0  #: the queue was full


class PythonExecutor:
    """The executor of this process. There is one, so all verbs are of the class."""

    @staticmethod
    def initialize(config: Optional[ExecutorConfig] = None) -> None:
        """Asks for an executor like this. The server reads it right after the app's import, the
        last call wins; later calls are a RuntimeError. Outside the server it is remembered only."""
        global _config
        if config is not None and not isinstance(config, ExecutorConfig):
            raise TypeError(f"initialize takes an ExecutorConfig, not {type(config).__name__}")
        if _is_read:
            raise RuntimeError(
                "PythonExecutor.initialize was called after the server started: "
                "call it where the app module is imported, not in a handler or at startup"
            )
        _config = config or ExecutorConfig()

    @staticmethod
    def stats() -> ExecutorStats:
        """The figures of now, for all workers."""
        if _fasterapi is None:
            return ExecutorStats()
        now = _fasterapi.stats()
        return ExecutorStats(
            True,
            now["workers"],
            now["sleeping"],
            now["queued"],
            now["capacity"],
            now["submitted"],
            now["refused"],
        )

    @staticmethod
    def shutdown() -> None:
        """In the server: the same as SIGTERM, so it finishes what is in flight, runs shutdown
        handlers and exits. Elsewhere: forgets what initialize asked for."""
        global _config
        if _fasterapi is None:
            _config = None
        else:
            os.kill(os.getpid(), signal.SIGTERM)


def _count_up_to(most: int) -> Callable[[str, Any], None]:
    def check(name: str, value: Any) -> None:
        is_count = isinstance(value, int) and not isinstance(value, bool)
        if not is_count or not 1 <= value <= most:
            raise ValueError(f"{name} is an int from 1 to {most}, or None, not {value!r}")

    return check


def _check_flag(name: str, value: Any) -> None:
    if not isinstance(value, bool):
        raise ValueError(f"{name} is True or False, or None, not {value!r}")


_CHECKS = {
    "num_workers": _count_up_to(256),
    "use_subinterpreters": _check_flag,
    "queue_capacity": _count_up_to(16_777_216),
}
_config = None  # type: Optional[ExecutorConfig]  # PyPy 3.9 refuses an annotation beside global
_is_read = False


def _nearest(name: str) -> str:
    near = difflib.get_close_matches(name, _CHECKS, n=1, cutoff=0.5)
    return f"; did you mean {near[0]!r}?" if near else f"; there are {', '.join(_CHECKS)}"


def _requested() -> Optional[Dict[str, Any]]:
    """For the server, right after the import of the app module; see docs/boundary.md."""
    global _is_read
    _is_read = True
    return None if _config is None else dict(vars(_config))
