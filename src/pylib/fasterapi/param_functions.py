"""The classes of fasterapi.params as users call them: typed to give Any, so that
``q: str = Query()`` is sound to a type checker. At run time they are the classes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable

from fasterapi import params

if TYPE_CHECKING:
    from typing_extensions import ParamSpec

    Options = ParamSpec("Options")


def _giving_any(made: Callable[Options, Any]) -> Callable[Options, Any]:
    return made


Path = _giving_any(params.Path)
Query = _giving_any(params.Query)
Header = _giving_any(params.Header)
Cookie = _giving_any(params.Cookie)
Body = _giving_any(params.Body)
Form = _giving_any(params.Form)
File = _giving_any(params.File)
Depends = _giving_any(params.Depends)
Security = _giving_any(params.Security)
