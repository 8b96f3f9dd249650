#include "python/schema.hpp"

#include "interpreter.hpp"
#include "support/allocation_count.hpp"

#include <cstring>
#include <memory>
#include <string>
#include <string_view>

namespace fasterapi::python {

namespace {

std::unique_ptr<schema> compile(interpreter& python, const char* annotation) {
  python.run("from fasterapi._schema import compile\n"
             "from fasterapi._schema._export import export\n");
  const std::string program = std::string("export(compile(") + annotation + "))";
  std::unique_ptr<schema> made = schema::compile(python.value(program.c_str()).get());
  if (!made) PyErr_Print();
  REQUIRE(made);
  return made;
}

// The text in memory that ends right behind its padding, so that a sanitizer sees further reads.
py_ref read(const schema& as, interpreter& python, std::string_view text, misfit& why) {
  const std::unique_ptr<char[]> bytes{new char[text.size() + http::byte_buffer::padding]};
  std::memcpy(bytes.get(), text.data(), text.size());
  std::memset(bytes.get() + text.size(), '"', http::byte_buffer::padding);
  return as.read({bytes.get(), text.size()}, python.state(), why);
}

std::string outcome(const schema& as, interpreter& python, std::string_view text) {
  misfit why = misfit::unsure;
  const py_ref made = read(as, python, text, why);
  CHECK((PyErr_Occurred() != nullptr) == (!made && why == misfit::raised));
  if (!made)
    return why == misfit::unfit ? "unfit" : why == misfit::unsure ? "unsure" : python.error();
  python.set("made", made);
  return python.text("repr(made)");
}

constexpr const char* models = R"py(
from typing import *
from fasterapi.models import Model, Field, field_validator
class Item(Model):
    name: str = Field(min_length=1)
    price: float = Field(gt=0)
    tags: List[str] = []
class Tree(Model):
    below: Optional["Tree"] = None
class Reader(Model):
    text: str
    @field_validator("text")
    def _parse(cls, value):
        return _fasterapi.load_json(value.encode())
    number: int = 0
class Counted(Model):
    n: int
    @field_validator("n")
    def _check(cls, value):
        if value < 0: raise ValueError("negative")
        return [1 // value]
)py";

} // namespace

TEST_CASE("schema: reads JSON text into a model") {
  interpreter python;
  python.run(models);
  const auto item = compile(python, "Item");
  CHECK(outcome(*item, python, R"({"price":"2.5","name":"a","more":[{}]})") ==
        "Item(name='a', price=2.5, tags=[])");
  CHECK(python.text("sorted(made.model_fields_set)") == "['name', 'price']");
  CHECK(outcome(*item, python, R"({"name":"b","tags":["x"],"price":1,"price":3})") ==
        "Item(name='b', price=3.0, tags=['x'])");
}

TEST_CASE("schema: leaves to Python what does not fit, and what only Python can read") {
  interpreter python;
  python.run(models);
  const auto item = compile(python, "Item");
  for (const char* text : {R"({"name":"a"})", R"({"name":"","price":1})", "[]", "null",
                           R"({"name":"a","price":0})", R"({"name":1,"price":1})"})
    CHECK(outcome(*item, python, text) == "unfit");
  for (const char* text : {"", "{", R"({"name":"a","price":NaN})", "{} {}",
                           R"({"name":"a","price":123456789012345678901})",
                           R"({"name":"\ud800","price":1})", "{\"name\":\"\xff\",\"price\":1}"})
    CHECK(outcome(*item, python, text) == "unsure");
}

TEST_CASE("schema: follows a type that contains itself for 255 levels") {
  interpreter python;
  python.run(models);
  const auto tree = compile(python, "Tree");
  const auto nested = [](int levels) {
    std::string text = "{}";
    for (int i = 1; i < levels; ++i) text = R"({"below":)" + text + "}";
    return text;
  };
  misfit why = misfit::unfit;
  CHECK(read(*tree, python, nested(255), why));
  CHECK_FALSE(read(*tree, python, nested(256), why));
  CHECK(why == misfit::unsure);
}

TEST_CASE("schema: a user's function may parse JSON meanwhile") {
  interpreter python;
  python.run(models);
  const auto reader = compile(python, "Reader");
  CHECK(outcome(*reader, python, R"({"text":"[[1,2],{\"a\":3}]","number":4})") ==
        "Reader(text=[[1, 2], {'a': 3}], number=4)");
}

TEST_CASE("schema: what a user's function refuses is unfit, what else it raises goes on") {
  interpreter python;
  python.run(models);
  const auto counted = compile(python, "Counted");
  CHECK(outcome(*counted, python, R"({"n":1})") == "Counted(n=[1])");
  CHECK(outcome(*counted, python, R"({"n":-1})") == "unfit");
  CHECK(outcome(*counted, python, R"({"n":0})").starts_with("ZeroDivisionError"));
}

TEST_CASE("schema: a malformed program is refused") {
  interpreter python;
  for (const char* program :
       {"None", "(0, (), ())", "(5, (), (1, 2, 3, 4, 5, 6, (0, 0, None, None), False))",
        "(0, (('int', 1, 2, ()),), (1, 2, 3, 4, 5, 6, (0, 0, None, None), False))",
        "(0, (('nullable', 1, 2, (7,)),), (1, 2, 3, 4, 5, 6, (0, 0, None, None), False))"}) {
    INFO(program);
    CHECK_FALSE(schema::compile(python.value(program).get()));
    CHECK_FALSE(python.error().empty());
  }
}

TEST_CASE("schema: common misfits are told in Python's words, to the byte") {
  interpreter python;
  python.run(models);
  python.run(R"py(
import dataclasses, datetime, enum, uuid
from fasterapi._errors import plain
from fasterapi._schema import INVALID, compile
from fasterapi._schema._native import native

class Word(str, enum.Enum):
    A = "a"
    B = "b"
class Level(enum.IntEnum):
    LOW = 1
class Closed(Model):
    model_config = {"extra": "forbid", "populate_by_name": True}
    a: int = Field(1, alias="first")
class Cat(Model):
    kind: Literal["cat"]
    lives: int
class Dog(Model):
    kind: Literal["dog"]
class Film(TypedDict):
    name: str
class Pair(NamedTuple):
    a: int
    b: int
@dataclasses.dataclass
class Point:
    x: float
class Nested(Model):
    items: List[Item]
    by_name: Dict[str, Item] = {}
    cat: Optional[Cat] = None
Pet = Annotated[Union[Cat, Dog], Field(discriminator="kind")]

def outcome(annotation, text):
    node, errors = compile(annotation), []
    assert node.validate(json.loads(text), ("body",), errors) is INVALID
    expected = b",".join(_fasterapi.dump_json(plain(entry)) for entry in errors)
    return native(node).explain(text.encode()), expected

for annotation, text in [
    (Item, '{"tags": {}, "n\u00e9": 1}'), (Item, '[]'), (Item, 'null'),
    (Item, '{"name": "", "price": 0, "tags": [1, "a", null]}'), (Item, '{"name": [1], "price": "x"}'),
    (int, '"1.5"'), (int, '1.5'), (int, '1e300'), (int, '[]'), (int, '"' + "1" * 4301 + '"'),
    (Annotated[int, Field(ge=2, multiple_of=3)], '1'), (Annotated[int, Field(multiple_of=3)], '4'),
    (Annotated[int, Field(le=5)], '"18446744073709551615"'), (Annotated[int, Field(strict=True)], '"1"'),
    (Annotated[float, Field(lt=1e20)], '1e21'), (Annotated[float, Field(allow_inf_nan=False)], '"inf"'),
    (bool, '2'), (bool, '"maybe"'), (bool, '0.5'), (bool, '18446744073709551615'),
    (bool, '9223372036854775807'), (bool, '-1e19'), (None, '1'),
    (Annotated[str, Field(max_length=1)], '"ab"'), (Annotated[str, Field(pattern="^a\"+$")], '"b"'),
    (Annotated[bytes, Field(min_length=3)], '"ab"'), (Literal["a", 1, None], '"b"'), (Literal["a"], '{}'),
    (Word, '"c"'), (List[Word], '["a", "c"]'), (List[int], '{}'), (Set[int], '[1, "x"]'), (Tuple[int, int], '["x"]'),
    (Dict[str, int], '{"a": "x", "b": 1, "c": {}}'), (Dict[str, int], '[]'), (Film, '{}'), (Film, '1'),
    (Closed, '{"z": [1], "first": "x", "a": 2}'), (Pair, '"x"'), (Point, '{"x": "y"}'), (Point, '[]'),
    (Union[int, bool], '"x"'), (Union[Item, List[int]], '["x"]'), (Optional[Item], '{}'),
    (Pet, '{"kind": "cat"}'), (Pet, '{}'), (Pet, '7'),
    (Nested, '{"items": [{"name": "a", "price": 1}, {"name": "b"}], "by_name": {"k": []}, "cat": {"kind": "dog"}}'),
    (Item, '{"a": 1, "a": 2}'),
]:
    found, expected = outcome(annotation, text)
    assert found == expected, (annotation, text, found, expected)

for annotation, text in [
    (uuid.UUID, '"x"'), (datetime.date, '"x"'), (Level, '2'), (Counted, '{"n": "x"}'), (Pet, '{"kind": "cow"}'),
    (List[uuid.UUID], '["x"]'), (Tuple[int, int], '[1, 2, 3]'), (Pair, '["x", 1]'),
    (Closed, '{"z": 1, "z": 2}'), (Dict[str, int], '{"a": "x", "a": 1, "b": "y"}'),
]:
    assert outcome(annotation, text)[0] is NotImplemented, (annotation, text)
)py");
}

TEST_CASE("schema: several bodies are members of one object, and read at once") {
  interpreter python;
  python.run(models);
  python.run(R"py(
from fasterapi._schema import compile
from fasterapi._schema._native import quiet_members
several = quiet_members({"item": (compile(Item), True), "n": (compile(int), False)})
made = several.read(b'{"n":"7","item":{"name":"a","price":1},"z":0}')
assert list(made) == ["item", "n"] and type(made["item"]) is Item and made["n"] == 7
assert list(several.read(b'{"item":{"name":"a","price":1}}')) == ["item"]
for text in (b'{"n":7}', b'[]', b'{"item":null}'):
    assert several.read(text) is NotImplemented, text
assert quiet_members({"c": (compile(Counted), True)}) is None
assert quiet_members({"\ud800": (compile(int), True)}) is None
)py");
}

TEST_CASE("schema: a warm body allocates no C++ memory") {
  interpreter python;
  python.run(models);
  const auto item = compile(python, "Item");
  const std::string text =
      R"({"name":"a name","price":2.5,"tags":["a","b"]})" + std::string(64, ' ');
  const std::string_view body = std::string_view{text}.substr(0, text.size() - 64);
  misfit why = misfit::unsure;
  REQUIRE(item->read(body, python.state(), why));
  const auto before = tests::allocation_count();
  CHECK(item->read(body, python.state(), why));
  CHECK(tests::allocation_count() == before);
}

} // namespace fasterapi::python
