"""Text and numbers to durations and back, by the rules of pydantic 2 (ISO 8601 and clock time)."""

import datetime
import math
import re
from typing import Tuple, Union

from fasterapi._schema._times import Malformed, digits, fraction

_DAY = 86_400_000_000  # microseconds
_UNITS = {"Y": 365 * _DAY, "M": 30 * _DAY, "W": 7 * _DAY, "D": _DAY}
_TIME_UNITS = {"H": 3_600_000_000, "M": 60_000_000, "S": 1_000_000}
_QUANTITY = re.compile(r"(\d+)(?:[.,](\d*))?", re.ASCII)
_DAYS = re.compile(r"(\d+) ?[Dd](?:[Aa][Yy][Ss]?|(?![Aa]))(?:, ?| )?", re.ASCII)
_COUNT = re.compile(r"\d+", re.ASCII)
_MAX_COUNT = 2**64 - 1
_MAX_DAYS = 999_999_999


def duration_of(text: str) -> datetime.timedelta:
    """``P1DT12H``, ``-PT0.5S``, ``1 day, 10:30``, ``10:30:00.5``."""
    if not text:
        raise Malformed("input is too short")
    sign, rest = (-1, text[1:]) if text[0] == "-" else (1, text[1:] if text[0] == "+" else text)
    if not rest:
        raise Malformed("input is too short")
    if rest[0] == "P":
        micros = _iso_micros(rest[1:])
    elif len(rest) < 5 or "d" in text.lower():
        micros = _day_micros(rest)
    else:
        micros = _clock(rest, _MAX_DAYS * 24)
    return _make(sign * micros)


def seconds_to_duration(seconds: Union[int, float]) -> datetime.timedelta:
    """So many seconds."""
    if math.isnan(seconds):
        raise Malformed("NaN values not permitted")
    if abs(seconds) > _MAX_DAYS * 86_400 + 86_399:
        raise Malformed("durations may not exceed 999,999,999 days")
    return datetime.timedelta(seconds=seconds)


def iso(value: datetime.timedelta) -> str:
    """``P1DT2H3M4.5S``, ``-PT1S``, ``PT0S``."""
    sign = "-" if value.days < 0 else ""
    value = abs(value)
    hours, rest = divmod(value.seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    years, days = divmod(value.days, 365)
    date = (f"{years}Y" if years else "") + (f"{days}D" if days else "")
    time = (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes else "")
    if seconds or value.microseconds:
        micros = f".{value.microseconds:06}".rstrip("0") if value.microseconds else ""
        time += f"{seconds}{micros}S"
    if not date and not time:
        time = "0S"
    return f"{sign}P{date}" + (f"T{time}" if time else "")


def words(value: datetime.timedelta) -> str:
    """``1 day and 2 hours``."""
    hours, rest = divmod(value.seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    parts = (
        (value.days, "day"),
        (hours, "hour"),
        (minutes, "minute"),
        (seconds, "second"),
        (value.microseconds, "microsecond"),
    )
    said = [f"{count} {unit}{'' if count == 1 else 's'}" for count, unit in parts if count]
    return " and ".join(said) or "0 seconds"


def _make(micros: int) -> datetime.timedelta:
    if abs(micros) >= (_MAX_DAYS + 1) * _DAY:
        raise Malformed("durations may not exceed 999,999,999 days")
    return datetime.timedelta(microseconds=micros)


def _iso_micros(text: str) -> int:
    if not text:
        raise Malformed("input is too short")
    date, time_marker, time = text.partition("T")
    micros = _quantities(date, _UNITS, "date") if date else 0
    if time_marker and not date and not time:
        raise Malformed("input is too short")
    return micros + (_quantities(time, _TIME_UNITS, "time") if time else 0)


def _quantities(text: str, units: "dict[str, int]", part: str) -> int:
    at, micros = 0, 0
    while at < len(text):
        match = _QUANTITY.match(text, at)
        if match is None:
            raise Malformed("invalid digit in duration")
        unit = units.get(text[match.end() : match.end() + 1])
        if unit is None:
            raise Malformed(f"quantity invalid in {part} part of duration")
        micros += int(match[1]) * unit
        if match[2] == "" and part == "time":
            raise Malformed("quantity fraction invalid in duration")
        if match[2]:
            micros += int(match[2]) * unit // 10 ** len(match[2])
        at = match.end() + 1
    return micros


def _day_micros(text: str) -> int:
    count = _COUNT.match(text)
    if count is None:
        raise Malformed("invalid digit in duration")
    if int(count[0]) > _MAX_COUNT:
        raise Malformed("a numeric value in the duration is too large")
    days = _DAYS.match(text)
    if days is None:
        raise Malformed('"day" identifier in duration not correctly formatted')
    if int(days[1]) > _MAX_DAYS:
        raise Malformed("durations may not exceed 999,999,999 days")
    rest = text[days.end() :]
    return int(days[1]) * _DAY + (_clock(rest, 23) if rest else 0)


def _clock(text: str, max_hours: int) -> int:
    hours, minutes, at = _hours_and_minutes(text)
    second = micros = 0
    if text[at : at + 1] == ":":
        second = digits(text, at + 1, at + 3, "second")
        if second > 59:
            raise Malformed("second value is outside expected range of 0-59")
        micros, at = fraction(text, at + 3)
    if at != len(text):
        raise Malformed("unexpected extra characters at the end of the input")
    if hours > max_hours:
        raise Malformed("durations may not exceed 999,999,999 hours")
    return ((hours * 60 + minutes) * 60 + second) * 1_000_000 + micros


def _hours_and_minutes(text: str) -> Tuple[int, int, int]:
    if len(text) < 5:
        raise Malformed("input is too short")
    end = text.find(":")
    if end < 0:
        raise Malformed("invalid character in hour")
    if end > 9:
        raise Malformed("durations may not exceed 999,999,999 hours")
    hours = digits(text, 0, end, "hour") if end else 0
    minutes = digits(text, end + 1, end + 3, "minute")
    if minutes > 59:
        raise Malformed("minute value is outside expected range of 0-59")
    return hours, minutes, end + 3
