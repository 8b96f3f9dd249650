#include "captured_log.hpp"
#include "observe/access_log.hpp"

#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>

#include <regex>
#include <set>

using namespace fasterapi::observe;
using test::captured_log;

namespace {

access_record example() {
  return {.client = "127.0.0.1:50312",
          .method = "GET",
          .target = "/items/42?q=a",
          .minor_version = 1,
          .status = 200,
          .body_bytes = 13,
          .duration = std::chrono::nanoseconds{123456},
          .request_id = 42};
}

} // namespace

TEST_CASE("access_log: a line of text says who asked for what and how it went") {
  captured_log captured;
  log_access(access_format::text, example());
  const auto lines = captured.lines();
  REQUIRE(lines.size() == 1);
  CHECK(lines[0].ends_with(" INFO  access: 127.0.0.1:50312 \"GET /items/42?q=a HTTP/1.1\" 200 13 "
                           "0.000123s id=" +
                           format_request_id(42)));
}

TEST_CASE("access_log: a line of JSON has a field for each, in a log of text as well") {
  for (const bool is_json : {false, true}) {
    captured_log captured{{.is_json = is_json}};
    log_access(access_format::json, example());
    const auto lines = captured.lines();
    REQUIRE(lines.size() == 1);
    const auto line = nlohmann::json::parse(lines[0]);
    CHECK(line["level"] == "info");
    CHECK(line["room"] == "access");
    CHECK(line["client"] == "127.0.0.1:50312");
    CHECK(line["method"] == "GET");
    CHECK(line["target"] == "/items/42?q=a");
    CHECK(line["protocol"] == "HTTP/1.1");
    CHECK(line["status"] == 200);
    CHECK(line["bytes"] == 13);
    CHECK(line["duration_s"] == 0.000123);
    CHECK(line["request_id"] == format_request_id(42));
    CHECK_FALSE(line.contains("message"));
  }
}

TEST_CASE("access_log: it has its own switch, not the log's threshold") {
  captured_log captured{{.threshold = level::error}};
  log_access(access_format::text, example());
  log_access(access_format::off, example());
  CHECK(captured.lines().size() == 1);
}

TEST_CASE("access_log: a target cannot forge a line or a field") {
  auto forged = example();
  forged.target = "/\" 200 0\n2026-11-23T12:00:00.123Z INFO  access: \xFF\x1b";
  captured_log captured;
  log_access(access_format::text, forged);
  log_access(access_format::json, forged);
  const auto lines = captured.lines();
  REQUIRE(lines.size() == 2);
  CHECK(lines[0].find(R"(/\x22 200 0\x0a2026)") != std::string::npos);
  CHECK(lines[0].find(R"(\xff\x1b HTTP)") != std::string::npos);
  CHECK(
      nlohmann::json::parse(lines[1])["target"].get<std::string>().starts_with("/\" 200 0\n2026"));
}

TEST_CASE("access_log: request ids differ by number and share the process's prefix") {
  const auto first = format_request_id(0);
  CHECK(std::regex_match(first, std::regex{"[0-9a-f]{8}-000000000000"}));
  std::set<std::string> ids;
  for (std::uint64_t id = 0; id < 1000; ++id) {
    ids.insert(format_request_id(id * 0x1000001));
    CHECK(format_request_id(id).substr(0, 9) == first.substr(0, 9));
  }
  CHECK(ids.size() == 1000);
  CHECK(format_request_id(~std::uint64_t{0}).substr(8) == "-ffffffffffffffff");
}
