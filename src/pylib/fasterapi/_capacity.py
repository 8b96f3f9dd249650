"""How many requests may be in one dependency at a time: what ``max_concurrency`` says.

Each declaration has a semaphore of its own in every event loop, which is to say in every worker. It
lives as long as the declaration.
"""

from typing import Any, Optional
from weakref import WeakKeyDictionary

from fasterapi import _dependencies

_semaphores: Any = None  # of the loop that runs: a RunVar of dicts


class Capacity:
    """The limit of one ``Depends(...)``, which its copies share."""

    def __init__(self, max_concurrency: int) -> None:
        global _semaphores
        if _semaphores is None:
            with _dependencies.needed_by("max_concurrency"):
                from anyio.lowlevel import RunVar
            _semaphores = RunVar("fasterapi.semaphores")
        self.max_concurrency = max_concurrency

    def get_semaphore(self) -> Any:
        """That of the event loop that runs."""
        from anyio import Semaphore

        made = _semaphores.get(None)
        if made is None:
            made = WeakKeyDictionary()
            _semaphores.set(made)
        if self not in made:
            made[self] = Semaphore(self.max_concurrency)
        return made[self]


def capacity_of(max_concurrency: Any, known: Optional[Capacity] = None) -> Optional[Capacity]:
    """None for None, the known one where it is the same limit; ValueError for what is no number of
    requests."""
    if max_concurrency is None:
        return None
    if type(max_concurrency) is not int or max_concurrency < 1:
        raise ValueError("max_concurrency must be a positive integer or None")
    is_known = known is not None and known.max_concurrency == max_concurrency
    return known if is_known else Capacity(max_concurrency)
