"""Text and numbers to dates and times, by the rules of pydantic 2 (RFC 3339, Unix time)."""

import calendar
import datetime
import math
import re
from typing import Tuple, Union

_WATERSHED = 20_000_000_000  # greater numbers are milliseconds
_EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
_FIRST, _LAST = -62_167_219_200, 253_402_300_799  # years 0 and 9999, in seconds
_NUMBER = re.compile(r"[+-]?(?:\d{1,19}|(\d+\.\d*|\.\d+))", re.ASCII)
_ZONE = re.compile(r"([+-])(\d\d):?(\d\d)", re.ASCII)
_MINUS = "\xe2\x88\x92"  # U+2212 in UTF-8, for a hyphen


class Malformed(Exception):
    """Not a date or time; the argument says why. ``type`` is set where the error has another type
    than the caller's."""

    def __init__(self, error: str, type: str = "") -> None:
        super().__init__(error)
        self.error = error
        self.type = type


def date_of(text: str) -> datetime.date:
    """``2020-02-29``."""
    year, month, day = _date_parts(text)
    if len(text) > 10:
        raise Malformed("unexpected extra characters at the end of the input")
    return _make_date(year, month, day)


def datetime_of(text: str) -> datetime.datetime:
    """``2020-02-29T12:30:00.5Z``, or Unix time as digits."""
    try:
        year, month, day = _date_parts(text)
        if len(text) == 10:
            raise Malformed("input is too short")
        if text[10] not in "Tt _":
            raise Malformed("invalid datetime separator, expected `T`, `t`, `_` or space")
        time = _time_part(text[11:])
    except Malformed:
        number = _NUMBER.fullmatch(text)
        if number is None:
            raise
        return unix(float(text) if number[1] else int(text))
    return datetime.datetime.combine(_make_date(year, month, day), time)


def time_of(text: str) -> datetime.time:
    """``12:30``, ``12:30:00.5+01:00``."""
    return _time_part(text)


def unix(seconds: Union[int, float]) -> datetime.datetime:
    """The time, in UTC, so many seconds after 1970, or milliseconds if that is over 2e10."""
    if math.isnan(seconds):
        raise Malformed("NaN values not permitted")
    micros = _scaled(seconds, 1_000 if abs(seconds) > _WATERSHED else 1_000_000)
    if micros > _LAST * 1_000_000 + 999_999:
        raise Malformed("dates after 9999 are not supported as unix timestamps")
    if micros < _FIRST * 1_000_000:
        raise Malformed("dates before 0000 are not supported as unix timestamps")
    try:
        return _EPOCH + datetime.timedelta(microseconds=micros)
    except OverflowError:
        raise Malformed("year 0 is out of range", "datetime_parsing") from None


def time_after_midnight(seconds: Union[int, float]) -> datetime.time:
    """The time of day, in UTC, so many seconds after midnight."""
    if math.isnan(seconds):
        raise Malformed("NaN values not permitted")
    if seconds < 0:
        raise Malformed("time in seconds should be positive")
    if seconds >= 86_400:
        raise Malformed("numeric times may not exceed 86,399 seconds")
    return (_EPOCH + datetime.timedelta(microseconds=_scaled(seconds, 1_000_000))).timetz()


def _scaled(number: Union[int, float], factor: int) -> int:
    """A number, in units of which each is so many microseconds, as microseconds."""
    if isinstance(number, int):
        return number * factor
    if math.isinf(number):
        return 10**30 if number > 0 else -(10**30)
    whole = math.floor(number)
    return whole * factor + round((number - whole) * factor)


def digits(text: str, start: int, end: int, what: str) -> int:
    """The number at these places."""
    part = text[start:end]
    if not (part.isascii() and part.isdigit()):
        raise Malformed(f"invalid character in {what}")
    return int(part)


def _date_parts(text: str) -> Tuple[int, int, int]:
    if len(text) < 10:
        raise Malformed("input is too short")
    year = digits(text, 0, 4, "year")
    if text[4] != "-":
        raise Malformed("invalid date separator, expected `-`")
    month = digits(text, 5, 7, "month")
    if text[7] != "-":
        raise Malformed("invalid date separator, expected `-`")
    day = digits(text, 8, 10, "day")
    if not 1 <= month <= 12:
        raise Malformed("month value is outside expected range of 1-12")
    if not 1 <= day <= calendar.monthrange(year or 2000, month)[1]:
        raise Malformed("day value is outside expected range")
    return year, month, day


def _make_date(year: int, month: int, day: int) -> datetime.date:
    if year == 0:
        raise Malformed("year 0 is out of range", "parsing")
    return datetime.date(year, month, day)


def _time_part(text: str) -> datetime.time:
    if len(text) < 5:
        raise Malformed("input is too short")
    hour = digits(text, 0, 2, "hour")
    if text[2] != ":":
        raise Malformed("invalid time separator, expected `:`")
    minute = digits(text, 3, 5, "minute")
    _check_range(hour, minute)
    second, micros, at = _seconds(text)
    return datetime.time(hour, minute, second, micros, _zone(text[at:]))


def _check_range(hour: int, minute: int) -> None:
    if hour > 23:
        raise Malformed("hour value is outside expected range of 0-23")
    if minute > 59:
        raise Malformed("minute value is outside expected range of 0-59")


def _seconds(text: str) -> Tuple[int, int, int]:
    """Seconds, microseconds and where they end, in a time after its minutes."""
    if text[5:6] != ":":
        return 0, 0, 5
    if len(text) < 8:
        raise Malformed("input is too short")
    second = digits(text, 6, 8, "second")
    if second > 59:
        raise Malformed("second value is outside expected range of 0-59")
    micros, at = fraction(text, 8)
    return second, micros, at


def fraction(text: str, at: int) -> Tuple[int, int]:
    """Microseconds of ``.123`` at a place, further digits cut off, and where it ends."""
    if text[at : at + 1] not in (".", ","):
        return 0, at
    end = at + 1
    while end < len(text) and text[end] in "0123456789":
        end += 1
    if end == at + 1:
        raise Malformed("second fraction digits missing after `.`")
    return int(text[at + 1 : end][:6].ljust(6, "0")), end


def _zone(text: str) -> Union[datetime.timezone, None]:
    if not text:
        return None
    if text in ("Z", "z"):
        return datetime.timezone.utc
    if text[0] in "Zz":
        raise Malformed("unexpected extra characters at the end of the input")
    if text.startswith(_MINUS):
        text = "-" + text[len(_MINUS) :]
    if text[0] not in "+-":
        raise Malformed("invalid timezone sign")
    match = _ZONE.match(text)
    if match is None:
        hour = text[1:3]
        is_hour = len(hour) == 2 and hour.isascii() and hour.isdigit()
        raise Malformed(f"invalid timezone {'minute' if is_hour else 'hour'}")
    minutes = int(match[2]) * 60 + int(match[3])
    if int(match[3]) > 59:
        raise Malformed("timezone minute value is outside expected range of 0-59")
    if minutes >= 1440:
        raise Malformed("timezone offset must be less than 24 hours")
    if match.end() != len(text):
        raise Malformed("unexpected extra characters at the end of the input")
    return datetime.timezone(datetime.timedelta(minutes=minutes if match[1] == "+" else -minutes))
