"""Texts of parameters, as the package in Python reads them."""

from typing import Any, Callable

from fasterapi import _scalars


def check_int(text: bytes, made: Any) -> None:
    check(_scalars.to_int, text, made)


def check_float(text: bytes, made: Any) -> None:
    check(_scalars.to_float, text, made)


def check_bool(text: bytes, made: Any) -> None:
    check(_scalars.to_bool, text, made)


def check_text(text: bytes, made: Any) -> None:
    check(str, text, made)


def check(convert: Callable[[str], Any], text: bytes, made: Any) -> None:
    try:
        expected = convert(text.decode("utf-8", "replace"))
    except _scalars.Refused as refused:
        expected = refused.type
    assert repr(made) == repr(expected), f"{text!r} is {made!r}, not {expected!r}"
