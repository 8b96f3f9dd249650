"""What is said of a keyword that there is not."""

from typing import Iterable, Optional

_NEAR = 0.85  # of 1, as difflib counts


def unknown_keyword(name: str, names: Iterable[str], where: str) -> TypeError:
    """The error, with the one of the names that may be meant."""
    near = _nearest(name, names, 0.6)
    hint = "" if near is None else f"; is {near!r} meant?"
    return TypeError(f"{where}: there is no keyword {name!r}{hint}")


def refuse_misspelled(given: Iterable[str], names: Iterable[str], where: str) -> None:
    """TypeError for what looks like one of these names; anything else may be the user's own."""
    for name in given:
        if _nearest(name, names, _NEAR) is not None:
            raise unknown_keyword(name, names, where)


def _nearest(name: str, names: Iterable[str], cutoff: float) -> Optional[str]:
    import difflib  # only where something is wrong

    return next(iter(difflib.get_close_matches(name, list(names), 1, cutoff)), None)
