#include "config/document.hpp"
#include "unit/config/loading.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace fasterapi::config;
using test::error_of;

namespace {

std::string place_of(const position& at) {
  return std::to_string(at.line) + ":" + std::to_string(at.column);
}

std::string error_for(const std::string& text) {
  return error_of([&] { parse_document(text, "f"); });
}

} // namespace

TEST_CASE("document: every kind of value knows its line and column") {
  const node root = parse_document("// comment\n"
                                   "{ \"a\": 1,\n"
                                   "  \"b\":\"x\\\"y\\\\\",\n"
                                   "  /* \" */ \"c\": [true, -2.5e3 ,\n"
                                   "null], \"d\" : {\"e\":12\n"
                                   "}, \"f\":false}",
                                   "f");
  REQUIRE(root.children.size() == 5);
  CHECK(place_of(root.at) == "2:1");
  const node& a = root.children[0];
  CHECK(place_of(a.name_at) == "2:3");
  CHECK(place_of(a.at) == "2:8");
  CHECK(a.text == "1");
  const node& b = root.children[1];
  CHECK(place_of(b.name_at) == "3:3");
  CHECK(place_of(b.at) == "3:7");
  CHECK(b.text == "x\"y\\");
  const node& c = root.children[2];
  CHECK(place_of(c.name_at) == "4:11");
  CHECK(place_of(c.at) == "4:16");
  CHECK(place_of(c.children[0].at) == "4:17");
  CHECK(place_of(c.children[1].at) == "4:23");
  CHECK(c.children[1].text == "-2.5e3");
  CHECK(place_of(c.children[2].at) == "5:1");
  CHECK(place_of(root.children[3].children[0].at) == "5:19");
  CHECK(place_of(root.children[4].at) == "6:8");
}

TEST_CASE("document: columns count code points, and not the byte order mark") {
  const node root = parse_document("\xEF\xBB\xBF{\"\xC3\xA9\xE2\x82\xAC\": 1}", "f");
  CHECK(place_of(root.at) == "1:1");
  CHECK(place_of(root.children[0].at) == "1:8");
}

TEST_CASE("document: a syntax error names file, line and column") {
  CHECK(error_for("{\n  \"a\": 1,\n  ?\n}").substr(0, 7) == "f:3:3: ");
  CHECK(error_for("{\"a\":1,}").substr(0, 7) == "f:1:8: ");
  CHECK(error_for("{\"a\":").substr(0, 7) == "f:1:6: ");
  CHECK(error_for("{} x").substr(0, 7) == "f:1:4: ");
}

TEST_CASE("document: what is no object is refused") {
  CHECK(error_for("[1]") == "f:1:1: expected a JSON object, {...}");
  CHECK(error_for("\n 17") == "f:2:2: expected a JSON object, {...}");
  CHECK(error_for("").find("empty") != std::string::npos);
  CHECK(error_for(" \n\t").find("empty") != std::string::npos);
  CHECK(error_for("\xEF\xBB\xBF").find("empty") != std::string::npos);
}

TEST_CASE("document: garbage gets a short printable message") {
  std::string garbage;
  for (unsigned i = 0, value = 1; i < 100'000; ++i) {
    value = value * 1664525 + 1013904223;
    garbage += static_cast<char>(value >> 24);
  }
  for (const auto& text : {garbage, "{\"" + garbage, "{\"" + std::string(100'000, 'x'),
                           "{\"a\":\"\xC3\x28\"}" + garbage, "\xFF\xFE{" + garbage}) {
    const std::string error = error_for(text);
    CHECK(error.substr(0, 2) == "f:");
    CHECK(error.size() < 300);
    for (const char c : error) CHECK((c >= ' ' && c != 0x7f));
  }
}

TEST_CASE("document: depth and size are limited") {
  CHECK(error_for(std::string(900'000, '[')).find("nested too deeply") != std::string::npos);
  std::string objects;
  for (int i = 0; i < 100'000; ++i) objects += "{\"a\":";
  CHECK(error_for(objects).find("nested too deeply") != std::string::npos);
  CHECK(error_for(std::string(10'000'000, 'x')).find("larger than 1 MiB") != std::string::npos);
}
