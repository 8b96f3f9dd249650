"""Dates, times and durations."""

import datetime
import decimal
from typing import Any, Callable, Dict, Union

from fasterapi._schema import _durations, _times
from fasterapi._schema._constraints import Constraints, bounds, failing
from fasterapi._schema._definitions import Definitions, Mode
from fasterapi._schema._dump import DumpOptions, iso_time
from fasterapi._schema._node import Node
from fasterapi._schema._state import EXACT, INVALID, LAX, STRICT, State


class _Moment(Node):
    """What these types share: how strict they are, and bounds."""

    type: Any
    type_error: str
    parsing_error: str
    format: str

    def __init__(self, constraints: Constraints) -> None:
        self.strict = bool(constraints.strict)
        self.checks = [
            (type_, check, {name: self._shown(bound) for name, bound in ctx.items()})
            for type_, check, ctx in bounds(constraints)
        ]

    @staticmethod
    def _shown(bound: Any) -> str:
        return iso_time(bound)

    def run(self, value: Any, state: State) -> Any:
        made = self._made(value, state)
        if made is not INVALID and self.checks:
            failed = failing(made, self.checks)
            if failed is not None:
                shown = made if self.type is datetime.timedelta else value
                return state.fail(failed[0], shown, failed[2])
        return made

    def _made(self, value: Any, state: State) -> Any:
        if self._is_instance(value):
            state.floor(EXACT if type(value) is self.type else STRICT)
            return value
        if self.strict or state.strict:
            if state.mode != "json" or not isinstance(value, str):
                return state.fail(self.type_error, value)
        elif state.mode != "json":
            state.floor(LAX)
        try:
            return self._converted(value, state)
        except _times.Malformed as malformed:
            type_ = malformed.type or self.parsing_error
            if type_ == "parsing":
                type_ = self.type_error.replace("_type", "_parsing")
            return state.fail(type_, value, {"error": malformed.error})

    def _is_instance(self, value: Any) -> bool:
        return isinstance(value, self.type)

    def _converted(self, value: Any, state: State) -> Any:
        if isinstance(value, (str, bytes)):
            return self._from_text(_bytewise(value))
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return self._from_number(value)
        if isinstance(value, decimal.Decimal):
            return self._from_number(float(value))
        return state.fail(self.type_error, value)

    def _from_text(self, text: str) -> Any:
        raise NotImplementedError

    def _from_number(self, number: Union[int, float]) -> Any:
        raise NotImplementedError

    def json_schema(self, definitions: Definitions, mode: Mode) -> Dict[str, Any]:
        return {"type": "string", "format": self.format}


def _bytewise(value: Any) -> str:
    """Text as characters that are its bytes, by which lengths and places are counted."""
    if isinstance(value, str):
        if value.isascii():
            return value
        value = value.encode("utf-8", "surrogatepass")
    return str(value, "latin-1")


class DateTimeNode(_Moment):
    """RFC 3339 text, a date, or Unix time (seconds; above 2e10 milliseconds)."""

    label = "datetime"
    type = datetime.datetime
    type_error = "datetime_type"
    parsing_error = "datetime_parsing"
    format = "date-time"

    def _converted(self, value: Any, state: State) -> Any:
        if isinstance(value, datetime.date):
            return datetime.datetime(value.year, value.month, value.day)
        return super()._converted(value, state)

    def _from_text(self, text: str) -> datetime.datetime:
        try:
            return _times.datetime_of(text)
        except _times.Malformed as malformed:
            if malformed.type:
                raise
            if "unix timestamps" in malformed.error and "." not in text:
                raise _times.Malformed(malformed.error, "datetime_from_date_parsing") from None
        try:
            date = _times.date_of(text)
        except _times.Malformed as malformed:
            raise _times.Malformed(
                malformed.error, malformed.type or "datetime_from_date_parsing"
            ) from None
        return datetime.datetime(date.year, date.month, date.day)

    def _from_number(self, number: Union[int, float]) -> Any:
        return _times.unix(number)

    def dump(self, value: Any, options: DumpOptions) -> Any:
        if options.mode == "python" or not isinstance(value, datetime.datetime):
            return super().dump(value, options)
        return iso_time(value)


class DateNode(_Moment):
    """``2020-02-29``; lax: a datetime or Unix time that falls on midnight."""

    label = "date"
    type = datetime.date
    type_error = "date_type"
    parsing_error = "date_from_datetime_parsing"
    format = "date"

    def _is_instance(self, value: Any) -> bool:
        return isinstance(value, datetime.date) and not isinstance(value, datetime.datetime)

    def _converted(self, value: Any, state: State) -> Any:
        made = value
        if not isinstance(value, datetime.datetime):
            made = super()._converted(value, state)
        if isinstance(made, datetime.datetime):
            if made.time() != datetime.time():
                return state.fail("date_from_datetime_inexact", value)
            return made.date()
        return made

    def _from_text(self, text: str) -> Any:
        return (
            _times.date_of(text)
            if text[4:5] == "-" and len(text) == 10
            else _times.datetime_of(text)
        )

    def _from_number(self, number: Union[int, float]) -> Any:
        return _times.unix(number)


class TimeNode(_Moment):
    """``12:30:00.5+01:00``; lax: seconds since midnight."""

    label = "time"
    type = datetime.time
    type_error = "time_type"
    parsing_error = "time_parsing"
    format = "time"

    def _from_text(self, text: str) -> Any:
        return _times.time_of(text)

    def _from_number(self, number: Union[int, float]) -> Any:
        return _times.time_after_midnight(number)


class TimedeltaNode(_Moment):
    """ISO 8601 or ``1 day, 10:30``; lax: seconds."""

    label = "timedelta"
    type = datetime.timedelta
    type_error = "time_delta_type"
    parsing_error = "time_delta_parsing"
    format = "duration"

    @staticmethod
    def _shown(bound: Any) -> str:
        return _durations.words(bound)

    def _converted(self, value: Any, state: State) -> Any:
        return super()._converted(int(value) if isinstance(value, bool) else value, state)

    def _from_text(self, text: str) -> Any:
        return _durations.duration_of(text)

    def _from_number(self, number: Union[int, float]) -> Any:
        return _durations.seconds_to_duration(number)


MOMENTS: Dict[Any, Callable[[Constraints], Node]] = {
    datetime.datetime: DateTimeNode,
    datetime.date: DateNode,
    datetime.time: TimeNode,
    datetime.timedelta: TimedeltaNode,
}
