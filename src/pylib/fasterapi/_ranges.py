"""Parts of a representation that a Range field asks for (RFC 9110, section 14)."""

import os
import re
from typing import Iterator, List, Optional, Tuple

from fasterapi._file_part import Span

_RANGE = re.compile(r"(\d*)\s*-\s*(\d*)", re.ASCII)
_MAX_DIGITS = 18  # no file has more bytes
MAX_RANGES = 100


class MalformedRange(ValueError):
    """The field is no list of ranges; its text is for the client."""


class Unsatisfiable(ValueError):
    """None of the ranges lies within the representation."""


def parse(field: str, size: int) -> Optional[List[Span]]:
    """The spans, in order and without overlaps; None where the whole is to be sent: for another
    unit than bytes, or more than MAX_RANGES. Raises MalformedRange or Unsatisfiable."""
    unit, separator, listed = field.partition("=")
    if not separator:
        raise MalformedRange("Malformed range header.")
    if unit.strip().lower() != "bytes" or listed.count(",") >= MAX_RANGES:
        return None
    found = [_RANGE.fullmatch(part.strip()) for part in listed.split(",") if part.strip()]
    pairs = [(match[1], match[2]) for match in found if match is not None]
    if len(pairs) < len(found) or not all(map(any, pairs)) or not pairs:
        raise MalformedRange("Range header: range must be requested")
    spans = [_span(first, last, size) for first, last in pairs]
    if any(_number(first) > _number(last) for first, last in pairs if first and last):
        raise MalformedRange("Range header: start must be less than end")
    within = sorted(span for span in spans if span[0] < span[1])
    if not within:
        raise Unsatisfiable(size)
    return _merged(within)


def _number(digits: str) -> int:
    return int(digits) if len(digits) <= _MAX_DIGITS else 10**_MAX_DIGITS


def _span(first: str, last: str, size: int) -> Span:
    if not first:
        return max(size - _number(last), 0), size
    return _number(first), min(_number(last) + 1, size) if last else size


def _merged(spans: List[Span]) -> List[Span]:
    made = spans[:1]
    for start, end in spans[1:]:
        if start <= made[-1][1]:
            made[-1] = made[-1][0], max(end, made[-1][1])
        else:
            made.append((start, end))
    return made


class Multipart:
    """Several spans as multipart/byteranges: what stands before each, and the end."""

    def __init__(self, spans: List[Span], size: int, content_type: str) -> None:
        self.boundary = os.urandom(13).hex()
        self._spans = spans
        self._rest = f"/{size}\r\n\r\n"
        self._head = f"--{self.boundary}\r\nContent-Type: {content_type}\r\nContent-Range: bytes "
        self.end = f"--{self.boundary}--".encode("latin-1")

    @property
    def length(self) -> int:
        """Bytes in all."""
        parts = sum(len(head) + end - start + 2 for head, (start, end) in self.parts())
        return parts + len(self.end)

    def parts(self) -> Iterator[Tuple[bytes, Span]]:
        """The head of each part, and its span, which a line end follows."""
        for start, end in self._spans:
            yield f"{self._head}{start}-{end - 1}{self._rest}".encode("latin-1"), (start, end)
