"""Values made at random that json.dumps knows, the same for the same seed."""

import collections
import enum
import random
import struct
import sys
from typing import Any, Callable, Dict, List

WHOLE = [0, -1, 2**31, 2**53 + 1, 2**63 - 1, 2**63, -(2**63), -(2**63) - 1, 2**64, 10**4299]
REAL = [0.0, -0.0, 1.0, 0.1, 1e15, 9999999999999998.0, 1e16, 1e22, 1e23, 1e-4, 9.999e-5, 5e-324]
REAL += [2.2250738585072014e-308, 2.225073858507201e-308, sys.float_info.max, 123456789.125]
ALPHABETS = ["abc xyz", 'a"\\/\b\f\n\r\t\x00\x1f\x7f', "a\x80\xe9\xff", "a\u0100\u20ac\u2028\ufffd"]
ALPHABETS += ["a\U0001f600\U0010ffff\xe9", "\ud7ff\ue000\uffff"]
LENGTHS = [0, 1, 2, 7, 8, 9, 15, 16, 17, 31, 63, 64, 65, 200, 5000]


class Text(str):
    def __str__(self) -> str:
        return "no"


class Whole(int):
    def __repr__(self) -> str:
        return "no"


class Real(float):
    def __repr__(self) -> str:
        return "no"


class Level(enum.IntEnum):
    HIGH = 3


class Word(str, enum.Enum):
    A = "ä"


Point = collections.namedtuple("Point", "x y")
OTHERS = [Text("tê"), Whole(7), Whole(2**70), Real(0.5), Level.HIGH, Word.A, Point(1, "y"), ()]


class Values:
    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def text(self) -> str:
        size = self.random.choice(LENGTHS)
        if self.random.random() < 0.7:
            return "".join(self.random.choices(self.random.choice(ALPHABETS), k=size))
        codes = (self.random.randrange(0x11000) for _ in range(size))
        return "".join(chr(code) for code in codes if not 0xD800 <= code < 0xE000)

    def whole(self) -> int:
        if self.random.random() < 0.4:
            return self.random.choice(WHOLE)
        return self.random.randrange(-1, 2) * self.random.getrandbits(self.random.randrange(1, 900))

    def real(self) -> float:
        chance = self.random.random()
        if chance < 0.3:
            return self.random.choice(REAL)
        if chance < 0.6:
            return round(self.random.uniform(-1e6, 1e6), self.random.randrange(8))
        made = struct.unpack("d", self.random.randbytes(8))[0]
        return float(made) if abs(made) <= sys.float_info.max else 0.25  # NaN, infinities

    def plain(self) -> Any:
        makers: List[Callable[[], Any]] = [self.text, self.text, self.whole, self.real, self.real]
        makers += [lambda: self.random.choice((True, False, None)), self.other]
        return self.random.choice(makers)()

    def other(self) -> Any:
        return self.random.choice(OTHERS)

    def value(self, depth: int = 4) -> Any:
        if depth == 0 or self.random.random() < 0.3:
            return self.plain()
        count = self.random.randrange(5)
        kind = self.random.choice((list, tuple, dict, dict, collections.OrderedDict))
        if kind in (list, tuple):
            return kind(self.value(depth - 1) for _ in range(count))
        return kind((self.key(), self.value(depth - 1)) for _ in range(count))

    def key(self) -> Any:
        makers: List[Callable[[], Any]] = [self.text, self.text, self.text, self.whole, self.real]
        return self.random.choice((*makers, lambda: True, lambda: None))()


def deep(levels: int) -> Any:
    made: Any = 1
    for _ in range(levels):
        made = [made]
    return made


def loop() -> Dict[str, Any]:
    made: Dict[str, Any] = {"a": []}
    made["a"].append(made)
    return made
