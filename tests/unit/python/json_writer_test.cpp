#include "python/json_writer.hpp"

#include "interpreter.hpp"

#include <string>

namespace fasterapi::python {

namespace {

std::string body_of(http::byte_buffer& bytes, http::response& answer) {
  answer.finish();
  const std::string all{bytes.view()};
  return all.substr(all.find("\r\n\r\n") + 4);
}

// The JSON of an expression, or the exception that it meets.
std::string dump(interpreter& python, const char* expression) {
  http::byte_buffer bytes;
  http::response answer;
  answer.start(bytes, {});
  const py_ref value = python.value(expression);
  if (!write_json(value.get(), answer, python.state())) return python.error();
  return body_of(bytes, answer);
}

constexpr const char* differential = R"py(
import enum, random, collections

class Colour(enum.IntEnum):
    RED = 3

class Text(str):
    pass

class Whole(int):
    def __repr__(self): return "no"
    __str__ = __repr__

class Half(float):
    def __repr__(self): return "no"

Point = collections.namedtuple("Point", "x y")

def expected(value):
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()

random.seed(3)
alphabets = ["abc", "a\"\\/\b\f\n\r\t\x00\x1f\x7f", "a\x80\xe9\xff", "a\u0100\u20ac\ufffd\n", "a\U0001f600\U0010ffff\u00e9\""]

def text():
    return "".join(random.choices(random.choice(alphabets), k=random.choice((0, 1, 3, 7, 8, 9, 15, 16, 17, 63, 64, 65, 300))))

def number():
    kind = random.randrange(5)
    if kind == 0: return random.randrange(-10, 10)
    if kind == 1: return random.randrange(-2**70, 2**70)
    if kind == 2: return random.choice((2**63 - 1, -2**63, 2**63, -2**63 - 1, 2**200))
    if kind == 3: return random.choice((0.0, -0.0, 1.0, 1e15, 1e16, 1e17, 1e-4, 1e-5, 5e-324, 1.7976931348623157e308, 123456789012345.6))
    return random.uniform(-1e6, 1e6)

def value(depth):
    kind = random.randrange(12 if depth else 6)
    if kind < 2: return text()
    if kind < 4: return number()
    if kind == 4: return random.choice((True, False, None))
    if kind == 5: return random.choice((Colour.RED, Text("té"), Whole(7), Half(0.5), Point(1, "y")))
    if kind < 8: return [value(depth - 1) for _ in range(random.randrange(5))]
    if kind == 8: return tuple(value(depth - 1) for _ in range(random.randrange(5)))
    if kind == 9: return collections.OrderedDict((text(), value(depth - 1)) for _ in range(3))
    return {random.choice((text, number, lambda: True, lambda: None))(): value(depth - 1) for _ in range(random.randrange(5))}

for _ in range(4000):
    made = value(4)
    assert _fasterapi.dump_json(made) == expected(made), made
)py";

} // namespace

TEST_CASE("json_writer: random values are written as json.dumps writes them") {
  interpreter python;
  python.run(differential);
}

TEST_CASE("json_writer: every escape and every length of text up to two blocks") {
  interpreter python;
  python.run(R"py(
for code in [*range(0x180), 0x7ff, 0x800, 0xd7ff, 0xe000, 0xffff, 0x10000]:
    for length in range(18):
        for place in (0, length // 2, length):
            made = "x" * place + chr(code) + "y" * (length - place)
            assert _fasterapi.dump_json(made) == json.dumps(made, ensure_ascii=False).encode(), made
)py");
}

TEST_CASE("json_writer: an OrderedDict keeps its own order") {
  interpreter python;
  python.run("import collections\n"
             "d = collections.OrderedDict(a=1, b=2)\n"
             "d.move_to_end('a')\n");
  CHECK(dump(python, "d") == R"({"b":2,"a":1})");
}

TEST_CASE("json_writer: what JSON does not know is written as FastAPI writes it") {
  interpreter python;
  python.run(R"py(
import collections, dataclasses, datetime, decimal, enum, ipaddress, pathlib, uuid, typing

class Colour(enum.Enum):
    RED = datetime.date(2026, 1, 2)

@dataclasses.dataclass
class Inner:
    at: datetime.datetime

@dataclasses.dataclass
class Outer:
    b: int
    a: Inner
    shared: typing.ClassVar[int] = 5

@dataclasses.dataclass(slots=True)
class Slotted:
    x: int = 1

class Model:
    def model_dump(self, **options): return {"options": options}
)py");
  const struct {
    const char* expression;
    const char* json;
  } cases[] = {
      {"Colour.RED", "\"2026-01-02\""},
      {"Outer(1, Inner(datetime.datetime(2026, 1, 2, 3, 4, 5, 6)))",
       R"({"b":1,"a":{"at":"2026-01-02T03:04:05.000006"}})"},
      {"Slotted()", R"({"x":1})"},
      {"datetime.time(1, 2)", "\"01:02:00\""},
      {"datetime.timedelta(minutes=1, microseconds=500000)", "60.5"},
      {"uuid.UUID(int=1)", "\"00000000-0000-0000-0000-000000000001\""},
      {"[decimal.Decimal('1'), decimal.Decimal('1.0'), decimal.Decimal('1E+2')]", "[1,1.0,100]"},
      {"{1}", "[1]"},
      {"frozenset([2])", "[2]"},
      {"collections.deque([3, 4])", "[3,4]"},
      {"(i for i in range(3))", "[0,1,2]"},
      {"(i for i in ())", "[]"},
      {"b'\\xc3\\xbc'", "\"ü\""},
      {"pathlib.PurePosixPath('/a/b')", "\"/a/b\""},
      {"ipaddress.ip_address('::1')", "\"::1\""},
      {"Model()", R"({"options":{"mode":"json","by_alias":true}})"},
  };
  for (const auto& one : cases) {
    INFO(one.expression);
    CHECK(dump(python, one.expression) == one.json);
  }
}

TEST_CASE("json_writer: the package's own encoder writes the same") {
  interpreter python;
  python.run(R"py(
import datetime, decimal, enum, collections, dataclasses, pathlib, ipaddress, uuid
from fasterapi import _json

class Colour(enum.Enum):
    RED = "r"

@dataclasses.dataclass
class Pair:
    a: int
    b: object

class Model:
    def model_dump(self, **options): return options

own = _json._encode
for made in (
    Colour.RED, Pair(1, Pair(2, None)), datetime.timedelta(days=1), decimal.Decimal("1.50"), uuid.UUID(int=7),
    {1}, frozenset((1,)), collections.deque((1, 2)), b"ab", pathlib.PurePath("a"), Model(),
    ipaddress.ip_network("10.0.0.0/8"), datetime.datetime(2026, 1, 1, tzinfo=datetime.timezone.utc),
):
    assert own(made).encode() == _fasterapi.dump_json(made), made
)py");
}

TEST_CASE("json_writer: a refusal names the place of the value") {
  interpreter python;
  python.run("import decimal\n"
             "loop = {'a': []}\n"
             "loop['a'].append(loop)\n"
             "deep = []\n"
             "for _ in range(200): deep = [deep]\n");
  const struct {
    const char* expression;
    const char* error;
  } cases[] = {
      {"{'items': [0, 1, 2, {'price': float('nan')}]}",
       "ValueError: Out of range float values are not JSON compliant: nan at $.items[3].price"},
      {"[float('-inf')]",
       "ValueError: Out of range float values are not JSON compliant: -inf at $[0]"},
      {"[decimal.Decimal('NaN')]",
       "ValueError: Out of range float values are not JSON compliant: nan at $[0]"},
      {"{'a b': (object(),)}",
       "TypeError: Object of type object is not JSON serializable at $['a b'][0]"},
      {"{'a': {(1,): 2}}",
       "TypeError: keys must be str, int, float, bool or None, not tuple at $.a[(1,)]"},
      {"loop", "ValueError: Circular reference detected at $.a[0]"},
      {"{7: {1: object}}", "TypeError: Object of type type is not JSON serializable at $[7][1]"},
  };
  for (const auto& one : cases) {
    INFO(one.expression);
    CHECK(dump(python, one.expression) == one.error);
  }
  CHECK(dump(python, "{'name': 'a\\ud800'}").find(" at $.name") != std::string::npos);
  CHECK(dump(python, "['\\ud800\\U0001f600']").starts_with("ValueError: "));
  CHECK(dump(python, "{'\\udc00': 1}").starts_with("ValueError: "));
  CHECK(dump(python, "deep").starts_with("RecursionError: "));
  CHECK(dump(python, "deep[0]").starts_with("[[["));
  CHECK(dump(python, "10**5000").starts_with("ValueError: Exceeds the limit"));
}

TEST_CASE("json_writer: the same object twice is no cycle") {
  interpreter python;
  python.run("a = [1]\n");
  CHECK(dump(python, "[a, a, {'a': a}]") == R"([[1],[1],{"a":[1]}])");
}

TEST_CASE("json_writer: an exception of foreign code goes on, with the place as a note") {
  interpreter python;
  python.run("def fail():\n"
             "    yield 1\n"
             "    raise KeyError('inside')\n"
             "try:\n"
             "    _fasterapi.dump_json({'rows': fail()})\n"
             "except KeyError as error:\n"
             "    notes = error.__notes__\n");
  CHECK(python.text("notes[0]") == "while serialising $.rows[1]");
}

TEST_CASE("json_writer: containers that foreign code changes on the way do no harm") {
  interpreter python;
  python.run(R"py(
def expect(error, value):
    try:
        _fasterapi.dump_json(value)
    except error:
        return
    assert error is None

def clearing(container):
    container.clear()
    yield 1

d = {}
d["a"] = clearing(d)
d["b"] = "x" * 100
expect(RuntimeError, d)

l = []
l.extend((clearing(l), "y" * 100))
assert _fasterapi.dump_json(l) == b"[[1]]"

class Endless:
    def model_dump(self, **options): return Endless()
expect(RecursionError, Endless())

class Mirror:
    def model_dump(self, **options): return self
expect(ValueError, Mirror())
)py");
}

TEST_CASE("json_writer: foreign code that reaches the answer itself breaks no memory") {
  interpreter python;
  http::byte_buffer bytes;
  http::response answer;
  answer.start(bytes, {});
  python.run("held = None\n");
  // A generator that makes the same answer grow in the middle of it.
  static http::response* reached = nullptr;
  reached = &answer;
  static PyMethodDef grow = {"grow",
                             [](PyObject*, PyObject*) -> PyObject* {
                               reached->append_body(std::string(100'000, 'x'));
                               Py_RETURN_NONE;
                             },
                             METH_NOARGS, nullptr};
  python.set("grow", py_ref::steal(PyCFunction_New(&grow, nullptr)));
  python.run("def parts():\n"
             "    yield 1\n"
             "    grow()\n"
             "    yield 'abc' * 1000\n");
  const py_ref value = python.value("[1, parts(), 2]");
  REQUIRE(write_json(value.get(), answer, python.state()));
  CHECK(body_of(bytes, answer).ends_with("abc\"],2]"));
}

} // namespace fasterapi::python
