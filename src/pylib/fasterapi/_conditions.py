"""Conditions of a request, held against the fields of the answer to it (RFC 9110, section 13)."""

import re
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from typing import List, Optional, Tuple

from fasterapi._headers import Headers

Tag = Tuple[bool, str]  # whether it is weak, and the rest

# A tag's quotes may hold commas. What has none is no tag, and may be what an answer has all the same.
_TAG = re.compile(r'(W/)?("[^"]*"|[^\s,]+)')
_ASCTIME = re.compile(r"[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4}", re.ASCII)


def evaluate(own: Headers, asked: Headers) -> int:
    """412 where a condition forbids the answer, 304 where the client has it, else 200; in the order
    of section 13.2.2."""
    tag = _tag(own["etag"])
    matching = _tags(asked, "if-match")
    if matching is not None:
        if "*" not in matching and (tag[0] or tag not in map(_tag, matching)):
            return 412
    elif _has_changed(own, asked.get("if-unmodified-since")):
        return 412
    known = _tags(asked, "if-none-match")
    if known is not None:
        return 304 if "*" in known or tag[1] in [_tag(each)[1] for each in known] else 200
    return 304 if _has_changed(own, asked.get("if-modified-since")) is False else 200


def is_range_wanted(own: Headers, asked: Headers) -> bool:
    """Whether If-Range, if it is there, names just what the answer has (section 13.1.5)."""
    condition = asked.get("if-range")
    if condition is None or condition == own["last-modified"]:
        return True
    return condition == own["etag"] and not _tag(condition)[0]


def _tags(asked: Headers, name: str) -> Optional[List[str]]:
    lines = asked.getlist(name)
    return [match[0] for match in _TAG.finditer(", ".join(lines))] if lines else None


def _tag(text: str) -> Tag:
    is_weak = text.startswith("W/")
    return is_weak, text[2:] if is_weak else text


def _has_changed(own: Headers, since: Optional[str]) -> Optional[bool]:
    """None where one of the dates is none."""
    if since is None:
        return None
    modified, then = _date(own["last-modified"]), _date(since)
    return modified > then if modified and then else None


def _date(text: str) -> Optional[datetime]:
    """None for what is no date, or one without its zone, which asctime's alone does not say."""
    try:
        found = parsedate_to_datetime(text)
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
    if found.tzinfo is not None:
        return found
    return found.replace(tzinfo=timezone.utc) if _ASCTIME.fullmatch(text) else None
