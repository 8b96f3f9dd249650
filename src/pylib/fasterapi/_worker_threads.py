"""The threads that an app has started, and how they end with their worker.

CPython refuses daemon threads in sub-interpreters, whose end would not survive them; exporters and
others start some all the same. There they are ordinary threads here: at the end what they belong to
is told by atexit, as always, and what goes on after that is left to the end of the process.
"""

import atexit
import threading
import time
from typing import Any, List, Tuple

_JOINER = "fasterapi-join"
_LAST_SECONDS = 0.2  # for daemons, once atexit has told all
_threading: Any = threading
_are_emulated = False


def allow_daemons() -> None:
    """Lets threads be daemons where they cannot."""
    global _are_emulated
    if _threading._daemon_threads_allowed():
        return
    _are_emulated = True
    start = _threading._start_joinable_thread

    def start_ordinary(function: Any, *, handle: Any, daemon: bool) -> Any:
        return start(function, handle=handle, daemon=False)

    _threading._daemon_threads_allowed = lambda: True
    _threading._start_joinable_thread = start_ordinary
    # The stand-in for the worker's own thread, whose kind others inherit.
    _threading.current_thread()._daemonic = False


def left() -> Tuple[List[threading.Thread], List[threading.Thread]]:
    """Those that an interpreter cannot end with; daemons apart."""
    return _alive(False), _alive(True) if _are_emulated else []


def end(seconds: float) -> None:
    """Ends executors and waits for threads. Not longer than that: what waits is itself a thread."""
    late, daemons = left()
    if not late and not daemons:
        return
    joiner = threading.Thread(target=_end_daemons if daemons else _threading._shutdown, name=_JOINER)
    joiner.start()
    joiner.join(seconds)


def _end_daemons() -> None:
    for call in reversed(_threading._threading_atexits):
        call()
    for thread in _alive(False):
        thread.join()
    atexit._run_exitfuncs()
    atexit.register(forget_own)
    latest = time.monotonic() + _LAST_SECONDS
    for thread in _alive(True):
        thread.join(max(0.0, latest - time.monotonic()))


def _alive(is_daemon: bool) -> List[threading.Thread]:
    own = {threading.get_ident(), threading.main_thread().ident}
    return [
        thread
        for thread in threading.enumerate()
        if thread.ident not in own and thread.daemon == is_daemon and thread.name != _JOINER
        # such as the worker's own, seen from another one
        if not isinstance(thread, threading._DummyThread)
    ]


def forget_own() -> None:
    """For atexit. The worker's thread was not started by threading, which keeps a stand-in for it
    whose destructor fails when it comes after the end of that module."""
    if hasattr(threading, "_thread_local_info"):
        threading._thread_local_info.__dict__.clear()
