#include "config/value.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace fasterapi::config;
using namespace std::chrono_literals;

TEST_CASE("value: a size is bytes or text with a unit") {
  CHECK(parse_size("0") == 0);
  CHECK(parse_size("17") == 17);
  CHECK(parse_size("64k") == 64 * 1024);
  CHECK(parse_size("64K") == 64 * 1024);
  CHECK(parse_size("16MiB") == 16 * 1024 * 1024);
  CHECK(parse_size("16 MiB") == 16 * 1024 * 1024);
  CHECK(parse_size("2gib") == 2ULL * 1024 * 1024 * 1024);
  CHECK(parse_size("3MB") == 3'000'000);
  CHECK(parse_size("3kB") == 3000);
  CHECK(parse_size("5B") == 5);
}

TEST_CASE("value: what is no size is refused") {
  for (const char* text : {"", "k", "-1", "+1", "1.5M", "1kk", "0x10", "1 2", "16777216T",
                           "99999999999999999999", "99999999999g"})
    CHECK_FALSE(parse_size(text));
}

TEST_CASE("value: a duration is seconds or text with a unit") {
  CHECK(parse_duration("10") == 10s);
  CHECK(parse_duration("0.5") == 500ms);
  CHECK(parse_duration("1e1") == 10s);
  CHECK(parse_duration("500ms") == 500ms);
  CHECK(parse_duration("10s") == 10s);
  CHECK(parse_duration("1.5 s") == 1500ms);
  CHECK(parse_duration("2m") == 2min);
  CHECK(parse_duration("1h") == 1h);
  CHECK(parse_duration("0.0004") == 0ms);
}

TEST_CASE("value: what is no duration is refused") {
  for (const char* text :
       {"", "s", "-1s", "nan", "inf", "infinity", "1e999", "1e30h", "10 sec", "1d", "0x1p3", "10S"})
    CHECK_FALSE(parse_duration(text));
}

TEST_CASE("value: a switch has several words") {
  for (const char* text : {"true", "TRUE", "yes", "on", "1"}) CHECK(parse_boolean(text) == true);
  for (const char* text : {"false", "No", "off", "0"}) CHECK(parse_boolean(text) == false);
  for (const char* text : {"", "2", "t", "maybe"}) CHECK_FALSE(parse_boolean(text));
}

TEST_CASE("value: the bounds of every range are inside, their neighbours outside") {
  for (const key& each : keys()) {
    const bool is_number = each.kind() == kind::integer || each.kind() == kind::size;
    const std::string unit = each.kind() == kind::duration ? "ms" : "";
    if (!is_number && unit.empty()) continue;
    INFO(each.name);
    settings into;
    CHECK(assign(each, std::to_string(each.least) + unit, into));
    CHECK(assign(each, std::to_string(each.most) + unit, into));
    CHECK_FALSE(assign(each, std::to_string(each.most + 1) + unit, into));
    if (each.least > 0) CHECK_FALSE(assign(each, std::to_string(each.least - 1) + unit, into));
  }
}

TEST_CASE("value: a refused text leaves the member alone") {
  settings into;
  into.listen.port = 77;
  CHECK_FALSE(assign(*find_key("listen.port"), "65536", into));
  CHECK(into.listen.port == 77);
}

TEST_CASE("value: a text may not hold NUL, nor be longer than its limit") {
  settings into;
  CHECK_FALSE(assign(*find_key("listen.host"), std::string_view{"a\0b", 3}, into));
  CHECK(assign(*find_key("listen.unix_socket"), std::string(107, 'x'), into));
  CHECK_FALSE(assign(*find_key("listen.unix_socket"), std::string(108, 'x'), into));
}

TEST_CASE("value: every default lies in its range") {
  for (const key& each : keys()) {
    if (each.kind() == kind::text || each.kind() == kind::list) continue;
    INFO(each.name);
    settings into;
    std::string text = to_json(each, into);
    if (each.kind() == kind::choice) text = text.substr(1, text.size() - 2);
    CHECK(assign(each, text, into));
    CHECK(to_json(each, into) == to_json(each, settings{}));
  }
}

TEST_CASE("value: durations print as seconds") {
  settings from;
  from.timeouts.queue = 2500ms;
  from.timeouts.drain = 1ms;
  CHECK(to_json(*find_key("timeouts.queue"), from) == "2.5");
  CHECK(to_json(*find_key("timeouts.drain"), from) == "0.001");
  CHECK(to_json(*find_key("timeouts.handler"), from) == "60");
}
