#include "python/json_reader.hpp"

#include "interpreter.hpp"

#include <cstring>
#include <memory>
#include <string>
#include <string_view>

namespace fasterapi::python {

namespace {

// The text in memory that ends right behind its padding, so that a sanitizer sees further reads.
py_ref load(interpreter& python, std::string_view text) {
  const std::unique_ptr<char[]> bytes{new char[text.size() + http::byte_buffer::padding]};
  std::memcpy(bytes.get(), text.data(), text.size());
  std::memset(bytes.get() + text.size(), '"', http::byte_buffer::padding);
  return read_json({bytes.get(), text.size()}, python.state());
}

} // namespace

TEST_CASE("json_reader: reads what json.loads reads") {
  interpreter python;
  for (const char* text : {
           R"({"a":1,"b":[true,false,null],"c":{"d":"\u00e9\n\ud83d\ude00"}})",
           "[]",
           "{}",
           "\"text\"",
           " \t\r\n 1 ",
           "null",
           "-0",
           "-0.0",
           "0.1",
           "1E5",
           "123456789012345678901234567890",
           "18446744073709551615",
           "-9223372036854775808",
           "-9223372036854775809",
           "1e400",
           "1e-400",
           R"({"a":1,"a":2})",
           R"({"":0})",
           R"(["\ud800"])",
           R"(["\udc00x"])",
           R"({"\ud800":1})",
           "[1.7976931348623157e308,5e-324,2.2250738585072011e-308]",
           "{\"ключ\":\"значение\"}",
       }) {
    INFO(text);
    const py_ref value = load(python, text);
    if (!value) FAIL(python.error());
    python.set("value", value);
    python.set("text", py_ref::steal(PyUnicode_FromString(text)));
    CHECK(python.text("repr(value) == repr(json.loads(text))") == "True");
  }
}

TEST_CASE("json_reader: what is no JSON is refused in json's own words") {
  interpreter python;
  python.run(R"py(
texts = ['', ' ', '{', '[1,]', '{"a":}', '{"a" 1}', '{a:1}', "'a'", '"abc', '"\\x"', '"a\nb"', '01', '1.',
         '.5', '+1', 'tru', 'nul', '[1] 2', '{"a":1,}', '"\\u12"', '[1 2]', 'é', '"\x01"', '--1', '1e', '-']
def outcome(load, argument):
    try:
        return repr(load(argument))
    except json.JSONDecodeError as error:
        return error.msg, error.pos, error.doc
for text in texts:
    assert outcome(_fasterapi.load_json, text.encode()) == outcome(json.loads, text), text
)py");
}

TEST_CASE("json_reader: mutated documents fare as with json.loads") {
  interpreter python;
  python.run(R"py(
import random
random.seed(11)
seed = '{"id": 12, "name": "J\\u00f6rg \\"x\\"", "tags": ["a", 1.5e3, null, true], "in": {"k": -0.25}}'
alphabet = '{}[]",:\\ 0123456789.eE+-truefalsn\n\u00e9u'
def outcome(load, argument):
    try:
        return repr(load(argument))
    except json.JSONDecodeError as error:
        return error.msg, error.pos
for _ in range(20000):
    text = list(seed)
    for _ in range(random.randrange(1, 4)):
        place = random.randrange(len(text))
        text[place:place + random.randrange(2)] = random.choices(alphabet, k=random.randrange(3))
    text = "".join(text)
    assert outcome(_fasterapi.load_json, text.encode()) == outcome(json.loads, text), text
)py");
}

TEST_CASE("json_reader: NaN and infinities are refused at their place") {
  interpreter python;
  const struct {
    const char* text;
    const char* error;
  } cases[] = {
      {"NaN", "json.decoder.JSONDecodeError: Expecting value: line 1 column 1 (char 0)"},
      {R"({"I N \" N":[1, -Infinity]})",
       "json.decoder.JSONDecodeError: Expecting value: line 1 column 17 (char 16)"},
      {"[Infinity]", "json.decoder.JSONDecodeError: Expecting value: line 1 column 2 (char 1)"},
  };
  for (const auto& one : cases) {
    INFO(one.text);
    CHECK_FALSE(load(python, one.text));
    const std::string error = python.error();
    CHECK(error.substr(error.find("Expecting")) ==
          std::string(one.error).substr(std::string(one.error).find("Expecting")));
  }
}

TEST_CASE("json_reader: malformed UTF-8 is a UnicodeDecodeError, a byte order mark is skipped") {
  interpreter python;
  CHECK_FALSE(load(python, "\"\xff\""));
  CHECK(python.error().starts_with("UnicodeDecodeError"));
  CHECK_FALSE(load(python, "[\"\xed\xa0\x80\"]"));
  CHECK(python.error().starts_with("UnicodeDecodeError"));
  CHECK(load(python, "\xEF\xBB\xBF[1]"));
}

TEST_CASE("json_reader: nesting has a limit") {
  interpreter python;
  CHECK(load(python, std::string(1000, '[') + std::string(1000, ']')));
  for (const char* inside : {"", "1", "[]", "[1]"}) {
    INFO(inside);
    const std::size_t outside = 1024 - (*inside == '[' ? 1 : 0);
    const std::string open(outside, '['), closed(outside, ']');
    CHECK(load(python, open + inside + closed));
    CHECK_FALSE(load(python, '[' + open + inside + closed + ']'));
    CHECK(python.error().starts_with("RecursionError"));
  }
  CHECK_FALSE(load(python, std::string(100'000, '[')));
  CHECK(python.error().starts_with("RecursionError"));
  CHECK_FALSE(load(python, std::string(5'000, '[')));
  CHECK(python.error().starts_with("RecursionError"));
  CHECK(load(python, "[\"" + std::string(5'000, '[') + "\", 123456789012345678901234567890]"));
  CHECK_FALSE(load(python, std::string(5'000, '[') + std::string(5'000, ']')));
  CHECK(python.error().starts_with("RecursionError"));
}

TEST_CASE("json_reader: an integer over Python's limit of digits is a ValueError") {
  interpreter python;
  CHECK_FALSE(load(python, std::string(5000, '1')));
  CHECK(python.error().starts_with("ValueError: Exceeds the limit"));
}

TEST_CASE("json_reader: the memory of a large text is given back") {
  interpreter python;
  REQUIRE(load(python, "[" + std::string(1'000'000, ' ') + "]"));
  CHECK_FALSE(python.state().codec.parser);
  REQUIRE(load(python, "[]"));
  CHECK(python.state().codec.parser);
}

TEST_CASE("key_cache: keys are the same objects again, whatever the client sends") {
  interpreter python;
  key_cache keys;
  const py_ref first = keys.get("name");
  CHECK(keys.get("name").get() == first.get());
  for (int i = 0; i < 10'000; ++i) {
    const std::string key = "k" + std::to_string(i);
    const py_ref made = keys.get(key);
    REQUIRE(PyUnicode_CompareWithASCIIString(made.get(), key.c_str()) == 0);
  }
  const py_ref wide = keys.get("é");
  CHECK(PyUnicode_GetLength(wide.get()) == 1);
  CHECK(PyUnicode_GetLength(keys.get("").get()) == 0);
}

} // namespace fasterapi::python
