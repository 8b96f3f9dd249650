"""The run from which CPython's compiler learns what a server's Python does (PROFILE_TASK).

What is called often here is laid out for speed, so this mirrors handlers, not benchmarks of the
language: calls with few arguments, coroutines that rarely suspend, JSON both ways, strings,
validation, exceptions, and beside them enough of everything else for the applications behind.
Everything is fixed, so two builds learn the same; it takes about 30 seconds when instrumented.
"""

import array
import asyncio
import base64
import bisect
import collections
import contextvars
import copy
import csv
import dataclasses
import datetime
import decimal
import enum
import functools
import gc
import hashlib
import heapq
import html
import http.cookies
import inspect
import io
import itertools
import json
import logging
import math
import operator
import pickle
import queue
import random
import re
import socket
import string
import struct
import sys
import textwrap
import threading
import time
import traceback
import types
import typing
import urllib.parse
import uuid
import zlib

REQUEST_ID = contextvars.ContextVar("request_id", default="-")
TRAINERS = []


def trainer(rounds):
    """Registers a function to be run that many times."""

    def register(function):
        TRAINERS.append((function, rounds))
        return function

    return register


class Color(enum.Enum):
    RED = "red"
    GREEN = "green"
    BLUE = "blue"


@dataclasses.dataclass
class Item:
    name: str
    price: float
    quantity: int = 1
    tags: list = dataclasses.field(default_factory=list)

    def total(self):
        return self.price * self.quantity


@dataclasses.dataclass(slots=True, frozen=True)
class Point:
    x: int
    y: int


class Response:
    __slots__ = ("status", "headers", "body")

    def __init__(self, body=b"", status=200, headers=None):
        self.status = status
        self.headers = headers if headers is not None else {}
        self.body = body

    @property
    def length(self):
        return len(self.body)

    def set_json(self, value):
        self.body = json.dumps(value, separators=(",", ":")).encode()
        self.headers["content-type"] = "application/json"
        return self


class HTTPError(Exception):
    def __init__(self, status, detail=None, *, headers=None):
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.headers = headers


def plain(request):
    return "Hello, World!"


def typed(item_id: int, q: str = "", limit: int = 10, *, verbose: bool = False):
    result = {"item_id": item_id, "q": q}
    if verbose:
        result["limit"] = limit
    return result


def seed_style(request, response):
    name = request["path_params"].get("name", "world")
    response.set_json({"hello": name, "length": len(name)})


def validated(body):
    errors = []
    name = body.get("name")
    if not isinstance(name, str) or not 1 <= len(name) <= 50:
        errors.append({"loc": ("body", "name"), "msg": "string expected", "type": "str"})
    price = body.get("price")
    if isinstance(price, bool) or not isinstance(price, (int, float)) or price < 0:
        errors.append({"loc": ("body", "price"), "msg": "number expected", "type": "float"})
    if errors:
        raise HTTPError(422, errors)
    item = Item(name, float(price), body.get("quantity", 1), list(body.get("tags", ())))
    return {**dataclasses.asdict(item), "total": item.total()}


@trainer(600)
def handlers():
    """Calls from C, as the server makes them."""
    call = functools.partial(typed, limit=5)
    for number in range(200):
        plain(None)
        typed(number)
        typed(number, "query", 3)
        typed(item_id=number, q="x", verbose=True)
        call(number, q="abc")
        response = Response()
        seed_style({"path_params": {"name": f"user-{number}"}}, response)
        assert response.length and response.status == 200
        validated({"name": "thing", "price": number, "tags": ["a", "b"]})
        try:
            validated({"name": "", "price": -1})
        except HTTPError as error:
            assert error.status == 422 and error.args
    list(map(typed, range(300)))
    list(map(plain, range(300)))
    sorted(range(100), key=lambda number: -number)
    functools.reduce(operator.add, range(300))


@trainer(500)
def json_both_ways():
    document = {
        "id": 12345,
        "name": "caf\u00e9 \u2013 \U0001f40d",
        "ok": True,
        "none": None,
        "score": 3.14159,
        "tags": ["alpha", "beta", "gamma"] * 5,
        "nested": {str(number): {"value": number, "half": number / 2} for number in range(30)},
        "text": 'line one\nline "two"\t' * 10,
    }
    for _ in range(12):
        text = json.dumps(document)
        json.dumps(document, separators=(",", ":"), ensure_ascii=False)
        json.dumps({"message": "Hello, World!"})
        json.dumps([1, 2.5, "three", None, False])
        assert json.loads(text) == document
        json.loads(text.encode())
        json.loads('{"name": "thing", "price": 9.5, "quantity": 3}')
    json.dumps(document, indent=2, sort_keys=True, default=str)
    try:
        json.loads('{"broken": ')
    except json.JSONDecodeError as error:
        str(error)


@trainer(600)
def strings():
    for number in range(60):
        line = f"GET /items/{number}?q=some%20value&limit={number:>5} HTTP/1.1"
        method, target, version = line.split(" ", 2)[:3]
        path, _, query = target.partition("?")
        pairs = dict(pair.partition("=")[::2] for pair in query.split("&"))
        headers = {f"X-Header-{i}".lower(): f" value {i} ".strip() for i in range(8)}
        block = "\r\n".join(f"{name}: {value}" for name, value in headers.items()).encode("latin-1")
        for raw in block.split(b"\r\n"):
            name, _, value = raw.partition(b":")
            name.decode().title(), value.strip().lower()
        assert path.startswith("/items") and path.rstrip("/").endswith(str(number))
        "%s-%d-%5.2f" % (method, number, number / 7)
        "{0}:{name!r}:{1:08x}".format(version, number, name=path)
        path.replace("items", "things").upper().encode("utf-8").decode("utf-8")
        "\u00e4\u00f6\u00fc".encode().decode(), "\u4e2d\u6587".encode("utf-8")
        "a,b,,c".split(","), "one two  three".split(), "x" * 20 + "y", "abc" in path, path[1:4]
        int("123"), float("1.5"), str(number), str(number / 3), repr(pairs), "42".isdigit()
        "".join(sorted("server")), path.find("q"), path.count("i"), "tEXT".casefold()
        bytes(bytearray(b"abc") + b"def"), b"a" + b"b", b"%d" % number, memoryview(block)[2:9].tobytes()
    html.escape("<b>&\"'</b>"), html.unescape("&lt;&amp;")
    string.Template("$a and ${b}").substitute(a=1, b=2)
    textwrap.dedent("  a\n  b"), textwrap.shorten("hello brave new world", 12)


@trainer(1200)
def containers():
    numbers = list(range(200))
    squares = {number: number * number for number in numbers}
    for number in numbers:
        squares[number] += 1
        squares.get(number + 1000), squares.setdefault(number, 0), number in squares
    for key, value in squares.items():
        assert value == key * key + 1
    [value for value in squares.values() if value % 3 == 0]
    {value % 17 for value in numbers} | {1, 2} & {2, 3}
    tuple(zip(numbers, reversed(numbers))), list(enumerate(numbers, 1))
    any(value > 150 for value in numbers), all(numbers), sum(numbers), max(numbers), min(numbers)
    stack = []
    for number in numbers:
        stack.append(number)
        if len(stack) > 20:
            stack.pop(), stack.pop(0), stack.insert(3, number)
    stack.sort(reverse=True), stack.extend(numbers), stack[::2], stack[-5:], stack.index(20)
    first, *rest = numbers
    merged = {"a": 1, **{"b": 2}, "c": [*rest, first]}
    copy.copy(merged), copy.deepcopy({"a": [1, {"b": (2, 3)}]})
    merged.update(d=4), merged.pop("a"), list(merged), merged | {"e": 5}
    deque = collections.deque(numbers, 50)
    deque.appendleft(1), deque.popleft(), deque.rotate(3)
    collections.Counter("mississippi").most_common(2)
    grouped = collections.defaultdict(list)
    for number in numbers:
        grouped[number % 7].append(number)
    ordered = collections.OrderedDict(grouped)
    ordered.move_to_end(3), ordered.popitem()
    collections.namedtuple("Pair", "left right")(1, 2).left
    heap = []
    for number in numbers:
        heapq.heappush(heap, (number * 7919) % 211)
    [heapq.heappop(heap) for _ in range(100)], bisect.bisect(numbers, 77)
    list(itertools.chain(numbers, itertools.islice(itertools.count(), 50)))
    list(itertools.groupby(numbers, key=lambda number: number // 50))
    array.array("I", numbers).tobytes(), struct.unpack("!IHB", struct.pack("!IHB", 1, 2, 3))


class Base:
    registry = {}
    limit = 5

    def __init__(self, value):
        self.value = value
        self._cache = None

    def __eq__(self, other):
        return isinstance(other, Base) and self.value == other.value

    def __hash__(self):
        return hash(self.value)

    def __lt__(self, other):
        return self.value < other.value

    def __len__(self):
        return self.limit

    def __getitem__(self, index):
        return self.value + index

    def __contains__(self, item):
        return item == self.value

    def __call__(self, factor=1):
        return self.value * factor

    def __enter__(self):
        return self

    def __exit__(self, *_):
        return False

    def __getattr__(self, name):
        if name.startswith("dyn_"):
            return name[4:]
        raise AttributeError(name)

    @classmethod
    def make(cls, value):
        return cls(value)

    @staticmethod
    def double(value):
        return value * 2

    @functools.cached_property
    def cached(self):
        return self.value + 1

    def method(self, a, b=2, *args, key=None, **kwargs):
        return a + b + len(args) + len(kwargs) + (key or 0)


class Derived(Base):
    def method(self, a, b=2, *args, **kwargs):
        return super().method(a, b, *args, **kwargs) + 1


@trainer(500)
def classes():
    for number in range(120):
        thing = Derived.make(number)
        thing.method(1), thing.method(1, 3, 4, key=5, other=6), thing(3), thing[2], len(thing)
        thing.cached, thing.double(4), thing.dyn_name, thing == Base(number), thing < Base(5)
        hasattr(thing, "missing"), getattr(thing, "missing", None), isinstance(thing, Base)
        setattr(thing, "value", number + 1), vars(thing), number in thing, hash(thing)
        with thing as entered:
            entered.value += 1
        point = Point(number, number + 1)
        {point: 1}[point], dataclasses.replace(point, x=3), point == Point(1, 2)
        Color("red"), Color.GREEN.value, Color["BLUE"].name, Color.RED is Color.RED
        match {"kind": number % 3, "point": (number, 1)}:
            case {"kind": 0, "point": (x, y)}:
                x + y
            case {"kind": 1 | 2 as kind}:
                kind


@trainer(800)
def arithmetic():
    total = 0
    for number in range(1500):
        total += number * 3 // 2 - number % 7
        if number & 1 and not number ^ 3 == 2 or number > 1000:
            total -= number >> 1
    value = 0.5
    for number in range(600):
        value = value * 0.9 + number / 3.0 - abs(value) ** 0.5
    x = 12345678901234567890
    for _ in range(40):
        x = (x * 31 + 7) % (2**89 - 1)
    round(value, 2), divmod(total, 17), abs(-total), int(value), float(total), bool(total), hex(total)
    index = 0
    while index < 500:
        index += 1
        if index % 5 == 0:
            continue


def fibonacci(number):
    return number if number < 2 else fibonacci(number - 1) + fibonacci(number - 2)


class Vector:
    __slots__ = ("x", "y")

    def __init__(self, x, y):
        self.x = x
        self.y = y

    def __add__(self, other):
        return Vector(self.x + other.x, self.y + other.y)


@trainer(300)
def computing():
    """Handlers that compute: beyond the small integers, floats, text by the character."""
    fibonacci(9)
    sum(range(1000)), max(range(300, 900)), sum(number * number for number in range(300, 900))
    squares = [number * number for number in range(300, 900) if number & 1]
    floats = [number / 7.0 for number in squares]
    sum(floats), max(floats), min(floats), any(value < 0.0 for value in floats), sorted(floats)
    sorted(squares, key=lambda value: -value), functools.reduce(operator.add, squares)
    functools.reduce(lambda left, right: left + right, squares), squares[::-1], squares + floats
    list(map(str, squares)), ",".join(str(value) for value in squares).split(",")
    [f"{value:>5}|{value / 3:.2f}|{value!r}" for value in squares[:60]]
    math.fsum(math.sqrt(value) + math.sin(value) * 1.5 for value in floats)
    counts, left, right = {}, set(squares), set(range(300, 90_000, 7))
    for value in squares:
        counts[value] = counts.get(value - 1, 0) + 1
    len(left & right), len(left | right), len(left - right), left <= right
    place = Vector(0, 0)
    for value in squares[:100]:
        place = place + Vector(value, value)
    rows = [[left * right for left in range(9)] for right in range(9)]
    [[sum(x * y for x, y in zip(row, column)) for column in zip(*rows)] for row in rows]
    primes = bytearray(b"\1") * 600
    for number in range(2, 25):
        if primes[number]:
            primes[number * number :: number] = bytes(len(primes[number * number :: number]))
    letters = 0
    for character in "Text by the character, 42 of them at a time. " * 5:
        if character.isalpha() and character != "t":
            letters += ord(character)
    for octet in b"octets, one by one":
        letters ^= octet << 3


def numbers_until(limit):
    for number in range(limit):
        received = yield number
        if received:
            return received


def delegating(limit):
    yield from numbers_until(limit)
    yield from (number * 2 for number in range(limit))


@trainer(1200)
def generators():
    for _ in range(15):
        sum(delegating(60))
        generator = numbers_until(50)
        next(generator)
        try:
            while True:
                generator.send(None)
        except StopIteration:
            pass
        numbers_until(3).close()
        counter = itertools.count()
        [next(counter) for _ in range(30)]

    def outer(value):
        def inner(step=1):
            nonlocal value
            value += step
            return value

        return inner

    bump = outer(1)
    for _ in range(200):
        bump()


def raiser(depth):
    if depth == 0:
        raise ValueError("deep")
    try:
        raiser(depth - 1)
    finally:
        depth += 1


@trainer(600)
def exceptions():
    for number in range(40):
        try:
            raiser(5)
        except (KeyError, ValueError) as error:
            try:
                raise RuntimeError("outer") from error
            except RuntimeError as outer:
                assert outer.__cause__ is error
        try:
            {}["missing"]
        except KeyError:
            pass
        try:
            [][number]
        except (IndexError, TypeError):
            pass
        try:
            int("not a number")
        except ValueError as error:
            str(error)
        try:
            None.attribute
        except AttributeError:
            pass
    try:
        raiser(3)
    except ValueError:
        traceback.format_exc()


async def never_suspends(value):
    return {"value": value}


async def calls_others(value):
    first = await never_suspends(value)
    REQUEST_ID.set(str(value))
    return first["value"] + len(REQUEST_ID.get())


async def suspends(value):
    await asyncio.sleep(0)
    return value


async def stream(count):
    for number in range(count):
        yield b"chunk %d" % number


class AsyncScope:
    async def __aenter__(self):
        return self

    async def __aexit__(self, *_):
        return None


async def asgi(scope, receive, send):
    message = await receive()
    body = json.dumps({"path": scope["path"], "size": len(message["body"])}).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": False})


async def middleware(scope, receive, send):
    started = time.perf_counter()

    async def wrapped(message):
        if message["type"] == "http.response.start":
            message["headers"].append((b"x-time", b"%.6f" % (time.perf_counter() - started)))
        await send(message)

    await asgi(scope, receive, wrapped)


def drive(coroutine):
    try:
        coroutine.send(None)
    except StopIteration as stop:
        return stop.value
    raise RuntimeError("suspended")


@trainer(800)
def coroutines_by_hand():
    context = contextvars.copy_context()

    async def receive():
        return {"type": "http.request", "body": b"hello", "more_body": False}

    async def send(message):
        message["type"]

    for number in range(150):
        drive(never_suspends(number))
        drive(calls_others(number))
        context.run(typed, number)
        contextvars.copy_context().run(REQUEST_ID.get)
        scope = {"type": "http", "method": "GET", "path": f"/items/{number}", "headers": []}
        drive(middleware(scope, receive, send))


async def event_loop():
    loop = asyncio.get_running_loop()
    for number in range(40):
        await asyncio.gather(*(suspends(value) for value in range(10)))
        task = asyncio.create_task(calls_others(number))
        await task
        asyncio.Task(suspends(number), loop=loop, eager_start=True)
        future = loop.create_future()
        loop.call_soon(future.set_result, number)
        await future
        async with asyncio.timeout(5), AsyncScope():
            await asyncio.wait_for(suspends(1), 5)
        [chunk async for chunk in stream(10)]
        waiting = asyncio.create_task(asyncio.sleep(30))
        await asyncio.sleep(0)
        waiting.cancel()
        try:
            await waiting
        except asyncio.CancelledError:
            assert asyncio.current_task()
    jobs = asyncio.Queue()
    lock, event = asyncio.Lock(), asyncio.Event()

    async def consumer():
        while (job := await jobs.get()) is not None:
            async with lock:
                await never_suspends(job)
        event.set()

    async with asyncio.TaskGroup() as group:
        group.create_task(consumer())
        for number in range(100):
            await jobs.put(number)
        await jobs.put(None)
        await event.wait()
    await asyncio.to_thread(sum, range(100))


async def echo_streams():
    left, right = socket.socketpair()
    reader, writer = await asyncio.open_connection(sock=left)
    other_reader, other_writer = await asyncio.open_connection(sock=right)

    async def server():
        while line := await other_reader.readline():
            other_writer.write(b"echo " + line)
            await other_writer.drain()
        other_writer.close()

    serving = asyncio.create_task(server())
    for number in range(200):
        writer.write(b"message %d\n" % number)
        assert (await reader.readline()).startswith(b"echo")
    writer.close()
    await serving


@trainer(50)
def asyncio_work():
    asyncio.run(event_loop())
    asyncio.run(echo_streams())


ROUTE = re.compile(r"^/users/(?P<id>\d+)/posts/(?P<slug>[a-z0-9-]+)$")
WORD = re.compile(r"\w+", re.ASCII)


@trainer(600)
def regular_expressions():
    for number in range(40):
        match = ROUTE.match(f"/users/{number}/posts/some-post-{number}")
        assert match and match.groupdict()["id"] == str(number)
        ROUTE.match("/nothing/here")
        WORD.findall("the quick brown fox jumps over the lazy dog")
        WORD.sub(lambda found: found.group().upper(), "replace these words")
        re.split(r"[,;]\s*", "a, b; c,d"), re.search("fox|dog", "lazy dog"), re.escape("a.b")
        re.fullmatch(r"[^@\s]+@[^@\s]+\.[a-z]{2,}", "user@example.org")
    re._compiler.compile(r"(a|b)*c+?\d{2,3}$")


@trainer(300)
def dates_and_numbers():
    start = datetime.datetime(2026, 1, 31, 12, 30, tzinfo=datetime.timezone.utc)
    for number in range(50):
        moment = start + datetime.timedelta(days=number, seconds=number)
        assert datetime.datetime.fromisoformat(moment.isoformat()) == moment
        moment.strftime("%a, %d %b %Y %H:%M:%S GMT"), moment.timestamp(), moment.date()
        datetime.date.fromisoformat("2026-02-03"), moment - start, moment > start
        amount = decimal.Decimal("10.25") * number + decimal.Decimal(1)
        amount.quantize(decimal.Decimal("0.01")), str(amount)
        str(uuid.UUID(int=number << 64)), uuid.UUID("12345678-1234-5678-1234-567812345678")
        time.time(), time.monotonic(), time.perf_counter_ns()


@trainer(200)
def library():
    for number in range(10):
        urllib.parse.parse_qs("a=1&b=two&b=three%20four"), urllib.parse.quote("a b/\u00e9")
        urllib.parse.urlsplit("https://user@example.org:8080/path;p?q=1#frag").hostname
        urllib.parse.urlencode({"a": 1, "b": "x y"}), urllib.parse.unquote("%7Euser%2Fa")
        base64.b64encode(b"user:password"), base64.urlsafe_b64decode(b"dXNlcg==")
        hashlib.sha256(b"data" * 20).hexdigest(), hashlib.md5(b"data").digest()
        zlib.decompress(zlib.compress(b"compressible " * 40))
        cookie = http.cookies.SimpleCookie("session=abc; theme=dark")
        cookie["session"].value
        pickle.loads(pickle.dumps({"a": [1, 2, Item("x", 1.0)], "b": (None, True, "text")}))
        buffer = io.BytesIO()
        buffer.write(b"line\n" * 20), buffer.seek(0), buffer.readlines(), buffer.getvalue()
        text = io.StringIO("a,b\n1,2\n3,4\n")
        list(csv.DictReader(text))
        random.Random(number).choice("abc"), random.Random(number).random()
    inspect.signature(typed).bind(1, q="x")
    typing.get_type_hints(typed), typing.Optional[int], list[int], int | None
    types.SimpleNamespace(a=1).a


@trainer(80)
def logs():
    log = logging.getLogger("training")
    log.propagate = False
    handler = logging.StreamHandler(io.StringIO())
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    log.handlers[:] = [handler]
    log.setLevel(logging.INFO)
    for number in range(100):
        log.info("request %s took %.3f ms", number, number / 3)
        log.debug("not written %d", number)
    for _ in range(50):
        print("printed", 1, file=handler.stream, flush=True)


@trainer(30)
def threads():
    jobs, done = queue.Queue(), queue.SimpleQueue()

    def work():
        while (job := jobs.get()) is not None:
            done.put(sum(range(job)))

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for number in range(200):
        jobs.put(number)
    for _ in workers:
        jobs.put(None)
    for worker in workers:
        worker.join()


@trainer(18)
def compiling():
    """What the start of an application and of each interpreter spends its time on."""
    source = inspect.getsource(sys.modules["dataclasses"])
    code = compile(source, "dataclasses", "exec")
    exec(code, {"__name__": "compiled"})
    import marshal

    marshal.loads(marshal.dumps(code))
    for name in ("colorsys", "fractions", "statistics", "sched"):
        sys.modules.pop(name, None)
        __import__(name)


@trainer(18)
def rubbish():
    for _ in range(3000):
        cycle = {}
        cycle["self"] = [cycle, Base(1)]
    gc.collect()


def main():
    sys.setrecursionlimit(5000)
    clock = "--times" in sys.argv
    for function, rounds in TRAINERS:
        started = time.perf_counter()
        for _ in range(rounds):
            function()
        if clock:
            print(f"{time.perf_counter() - started:6.2f} s  {function.__name__}")


if __name__ == "__main__":
    main()
