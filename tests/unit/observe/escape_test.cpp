#include "observe/escape.hpp"

#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>

#include <random>

using namespace fasterapi::observe;
using namespace std::string_literals;

namespace {

std::string json(std::string_view bytes) {
  std::string to;
  append_json_escaped(to, bytes);
  return to;
}

std::string message(std::string_view bytes) {
  std::string to;
  append_message(to, bytes);
  return to;
}

std::string quoted(std::string_view bytes) {
  std::string to;
  append_quoted(to, bytes);
  return to;
}

} // namespace

TEST_CASE("escape: JSON strings keep text and escape what JSON wants escaped") {
  CHECK(json("plain text / 100%") == "plain text / 100%");
  CHECK(json("\"\\\n\r\t\x01\x1f"s) == R"(\"\\\n\r\t\u0001\u001f)");
  CHECK(json("\0"s) == R"(\u0000)");
  CHECK(json("Grüße, 世界 🎉") == "Grüße, 世界 🎉");
}

TEST_CASE("escape: bytes that are not UTF-8 become replacement characters in JSON") {
  const std::string bad = "\xEF\xBF\xBD";
  CHECK(json("a\xFFz") == "a" + bad + "z");
  CHECK(json("\xC3") == bad);                               // cut off
  CHECK(json("\xC0\x80") == bad + bad);                     // overlong NUL
  CHECK(json("\xE0\x80\x80") == bad + bad + bad);           // overlong
  CHECK(json("\xED\xA0\x80") == bad + bad + bad);           // surrogate
  CHECK(json("\xF4\x90\x80\x80") == bad + bad + bad + bad); // beyond U+10FFFF
  CHECK(json("\xF0\x9F\x8E") == bad + bad + bad);           // cut off
  CHECK(json("\xF4\x8F\xBF\xBF") == "\xF4\x8F\xBF\xBF");    // U+10FFFF
}

TEST_CASE("escape: any bytes make a valid JSON string") {
  std::mt19937 random{1};
  for (int round = 0; round < 20000; ++round) {
    std::string bytes(random() % 12, '\0');
    for (auto& each : bytes) each = static_cast<char>(random() % (round % 2 == 0 ? 256 : 0x30));
    REQUIRE(nlohmann::json::accept('"' + json(bytes) + '"'));
  }
}

TEST_CASE("escape: a message keeps its lines together, indented behind the first") {
  CHECK(message("Traceback:\n  File \"a.py\"\r\nValueError\n\n") ==
        "Traceback:\n      File \"a.py\"\n    ValueError");
  CHECK(message("") == "");
  CHECK(message("\n") == "");
  CHECK(message("tab\there") == "tab\there");
}

TEST_CASE("escape: a message cannot move the terminal's cursor") {
  CHECK(message("\x1b[2J\x07") == "\\x1b[2J\\x07");
  CHECK(message("over\rwritten") == "over\\x0dwritten");
  CHECK(message("\xC2\x9B"
                "2J") == "\\x9b2J"); // U+009B, CSI in one character
  CHECK(message("\x7F") == "\\x7f");
  CHECK(message("é\xFF") == "é\xEF\xBF\xBD");
}

TEST_CASE("escape: a quoted field shows everything but printable ASCII in hexadecimal") {
  CHECK(quoted("/items?q=1") == "/items?q=1");
  CHECK(quoted("\"\\\n\xC3\xA9") == R"(\x22\x5c\x0a\xc3\xa9)");
}
