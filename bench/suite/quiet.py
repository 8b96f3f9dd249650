"""Whether other processes used the machine's cores during a measurement."""

import resource
import time
from pathlib import Path
from typing import Callable, Optional, Tuple, TypeVar

QUIET = 0.15  # cores
_POLL_S = 2.0
_TICKS_PER_S = 100  # USER_HZ: what /proc/stat counts in, on every architecture of ours
Measured = TypeVar("Measured")


class Watch:
    """CPU seconds of everybody, less those of child processes of ours that have ended."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._others = _others_seconds()

    def others(self) -> float:
        """Cores that others used since."""
        elapsed = max(time.monotonic() - self._began, 1 / _TICKS_PER_S)
        return max(0.0, (_others_seconds() - self._others) / elapsed)


def measure(run: Callable[[], Measured], patience_s: float) -> Tuple[Measured, float]:
    """Runs when the machine is quiet, and again while it was not, for about that long; the quietest
    run, and how many cores others used meanwhile."""
    end = time.monotonic() + patience_s
    best: Optional[Tuple[Measured, float]] = None
    while True:
        _wait(end)
        watch = Watch()
        measured, cores = run(), watch.others()
        if best is None or cores < best[1]:
            best = measured, cores
        if best[1] <= QUIET or time.monotonic() >= end:
            return best
        print(f"others used {cores:.2f} cores: once more", flush=True)


def _wait(end: float) -> None:
    while time.monotonic() < end:
        watch = Watch()
        time.sleep(_POLL_S)
        if watch.others() <= QUIET:
            return


def _others_seconds() -> float:
    """User, nice, system, irq, softirq and steal, of all cores."""
    fields = [int(each) for each in Path("/proc/stat").read_text().split()[1:9]]
    user, nice, system, _idle, _iowait, irq, softirq, steal = fields
    ours = resource.getrusage(resource.RUSAGE_CHILDREN)
    everybody = (user + nice + system + irq + softirq + steal) / _TICKS_PER_S
    return everybody - ours.ru_utime - ours.ru_stime
