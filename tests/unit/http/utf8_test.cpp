#include "http/utf8.hpp"

#include <catch2/catch_test_macros.hpp>

#include <stdexcept>
#include <string>
#include <string_view>

using namespace fasterapi::http;
using namespace std::string_view_literals;

namespace {

std::string replaced(std::string_view text) {
  std::string made;
  append_replaced(made, text);
  return made;
}

std::string latin(std::string_view text) {
  std::string made;
  append_utf8_as_latin(made, text);
  return made;
}

} // namespace

TEST_CASE("utf8: each part that is none is replaced as Python replaces it") {
  const std::string mark = "\xEF\xBF\xBD";
  CHECK(replaced("a\xC3\xBC\xE6\xBC\xA2\xF0\x9F\x98\x80") ==
        "a\xC3\xBC\xE6\xBC\xA2\xF0\x9F\x98\x80");
  CHECK(replaced("\xFF"
                 "a") == mark + "a");
  CHECK(replaced("\xC3(") == mark + "(");
  CHECK(replaced("\xE2\x82x") == mark + "x");
  CHECK(replaced("\xF0\x9F\x98") == mark);
  CHECK(replaced("\xE0\x80") == mark + mark);
  CHECK(replaced("\xED\xA0\x80") == mark + mark + mark);
  CHECK(replaced("\xF4\x90\x80\x80") == mark + mark + mark + mark);
  CHECK(replaced("\xC0\xAF") == mark + mark);
}

TEST_CASE("utf8: the parts of a sequence are none") {
  const std::string_view whole = "\xF0\x9F\x98\x80"sv;
  CHECK(is_utf8(whole));
  for (std::size_t size = 1; size < whole.size(); ++size) CHECK(!is_utf8(whole.substr(0, size)));
  CHECK(!is_utf8("\xED\xA0\x80"));
  CHECK(!is_utf8("\xC0\xAF"));
}

TEST_CASE("utf8: ISO 8859-1 goes there and back") {
  std::string all;
  for (int byte = 0; byte < 256; ++byte) all += static_cast<char>(byte);
  std::string made;
  append_latin_as_utf8(made, all);
  CHECK(is_utf8(made));
  CHECK(latin(made) == all);
  CHECK_THROWS_AS(latin("\xC4\x80"), std::invalid_argument);
  CHECK_THROWS_AS(latin("\xF0\x9F\x98\x80"), std::invalid_argument);
}
