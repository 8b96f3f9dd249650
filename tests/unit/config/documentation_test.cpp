#include "config/value.hpp"
#include "unit/config/committed_file.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace fasterapi::config;
using namespace fasterapi::config::test;

namespace {

constexpr const char* file = "docs/configuration.md";
constexpr const char* begin_mark =
    "<!-- keys: made from src/config/keys.cpp by FASTERAPI_TEST_WRITE=1 unit_config -->\n";
constexpr const char* end_mark = "<!-- end of keys -->";

std::string default_of(const key& each) {
  const std::string value = to_json(each, settings{});
  const bool is_empty = value == "\"\"" || value == "[]";
  return is_empty ? "" : "`" + value + "`" + (each.kind() == kind::duration ? " s" : "");
}

std::string range_of(const key& each) {
  switch (each.kind()) {
  case kind::integer:
    return std::to_string(each.least) + " to " + std::to_string(each.most);
  case kind::text:
    return "text";
  case kind::list:
    return "list of texts";
  case kind::boolean:
    return "switch";
  case kind::choice: {
    std::string words;
    for (const auto& each_word : each.choices)
      words += (words.empty() ? "`" : ", `") + std::string{each_word} + "`";
    return words;
  }
  default:
    break;
  }
  const std::string words = expected(each); // "a size from 0 to 9 bytes: ..."
  return words.substr(2, words.find(':') - 2);
}

std::string table() {
  std::string made = "| key | flag, variable | value | default | what |\n|---|---|---|---|---|\n";
  for (const key& each : keys())
    made += "| `" + std::string{each.name} + "` | `" + each.flag() + "` `" + each.variable() +
            "` | " + range_of(each) + " | " + default_of(each) + " | " +
            std::string{each.description} + " |\n";
  return made;
}

} // namespace

TEST_CASE("documentation: the table in docs/configuration.md is that of the keys") {
  const std::string text = read_committed(file);
  const auto begin = text.find(begin_mark);
  const auto end = text.find(end_mark);
  REQUIRE(begin != text.npos);
  REQUIRE(end != text.npos);
  const auto table_at = begin + std::string{begin_mark}.size();
  if (writes_committed())
    write_committed(file, text.substr(0, table_at) + table() + text.substr(end));
  const std::string now = read_committed(file);
  CHECK(now.substr(table_at, now.find(end_mark) - table_at) == table());
}
