"""What Python programs do, in pieces that take 3 to 200 us: prints the time of each, in us, as JSON.

Not the code that set-up trains CPython with (scripts/lib/pgo_training.py), though of the same kinds.
"""

import base64
import collections
import dataclasses
import datetime
import decimal
import functools
import hashlib
import html
import json
import math
import random
import re
import sys
import timeit
import urllib.parse
import uuid

SECONDS = 0.02  # of one measurement; the best of five is told
DOCUMENT = {"a": [1, 2, 3, {"b": "text", "c": None, "d": True, "e": 1.5}] * 20}
TEXT = json.dumps(DOCUMENT)
MAIL = re.compile(r"(\w+)@(\w+)\.com")
MESSAGE = "hello foo@bar.com and more a@b.com " * 20
FLOATS = [random.Random(5).random() for _ in range(2000)]


class Vector:
    __slots__ = ("x", "y")

    def __init__(self, x, y):
        self.x = x
        self.y = y

    def __add__(self, other):
        return Vector(self.x + other.x, self.y + other.y)


@dataclasses.dataclass
class Item:
    number: int
    name: str
    tags: list = dataclasses.field(default_factory=list)


def fibonacci(number):
    return number if number < 2 else fibonacci(number - 1) + fibonacci(number - 2)


def objects():
    return functools.reduce(lambda place, i: place + Vector(i, i), range(500), Vector(0, 0))


def branches():
    total = 0
    for number in range(3000):
        if number % 3:
            total += number * 2
        else:
            total -= number
    return total


def count_up():
    number = 0
    while number < 3000:
        number += 1


def floats():
    total = 0.0
    for number in range(2000):
        total += math.sin(number * 0.5) * 1.5 / (number + 1.0)
    return total


def fill_dict():
    counts = {}
    for number in range(1000):
        counts[number] = counts.get(number - 1, 0) + 1


def append():
    numbers = []
    for number in range(2000):
        numbers.append(number)


def raise_and_catch():
    for number in range(300):
        try:
            if number % 2:
                raise ValueError(number)
        except ValueError:
            pass


def matrix():
    rows = [[left * right for left in range(12)] for right in range(12)]
    return [[sum(x * y for x, y in zip(row, column)) for column in zip(*rows)] for row in rows]


def letters():
    return sum(ord(character) for character in MESSAGE if character.isalpha())


def sets():
    left, right = set(range(1000)), set(range(500, 1500))
    return left & right, left | right, left - right


def encode():
    digest = base64.b64encode(hashlib.sha256(MESSAGE.encode()).digest())
    return digest, urllib.parse.quote(MESSAGE), html.escape(MESSAGE)


WORKLOADS = {
    "sum of a range": lambda: sum(range(2000)),
    "calls": lambda: fibonacci(15),
    "objects": objects,
    "branches": branches,
    "while": count_up,
    "floats": floats,
    "json.dumps": lambda: json.dumps(DOCUMENT),
    "json.loads": lambda: json.loads(TEXT),
    "regular expression": lambda: MAIL.findall(MESSAGE),
    "comprehension": lambda: [number * number for number in range(1000) if number & 1],
    "generator": lambda: sum(number for number in range(1000)),
    "dict": fill_dict,
    "append": append,
    "join and split": lambda: ",".join(str(number) for number in range(500)).split(","),
    "map": lambda: list(map(str, range(1000))),
    "sort": lambda: sorted(FLOATS),
    "sort by key": lambda: sorted(FLOATS, key=lambda value: -value),
    "max, min, sum": lambda: (max(FLOATS), min(FLOATS), sum(FLOATS)),
    "sets": sets,
    "dataclass": lambda: [Item(number, "x") for number in range(200)],
    "exceptions": raise_and_catch,
    "big integer": lambda: pow(3, 2000) % (10**50 + 7),
    "decimal": lambda: sum(decimal.Decimal(number) / 7 for number in range(300)),
    "format": lambda: [f"{number:>5}|{number / 3:.2f}|{number!r}" for number in range(300)],
    "count words": lambda: collections.Counter(MESSAGE.split()).most_common(3),
    "matrix": matrix,
    "dates": lambda: [datetime.datetime(2020, 1, 1 + i % 28).isoformat() for i in range(200)],
    "letters": letters,
    "encode": encode,
    "uuid": lambda: [str(uuid.UUID(int=number << 64)) for number in range(50)],
}


def microseconds(workload, seconds):
    timer = timeit.Timer(workload)
    number = max(1, int(seconds / (timer.timeit(3) / 3)))
    return min(timer.repeat(5, number)) / number * 1e6


if __name__ == "__main__":
    seconds = float(sys.argv[1]) if sys.argv[1:] else SECONDS
    json.dump({name: microseconds(each, seconds) for name, each in WORKLOADS.items()}, sys.stdout)
