#include "captured_log.hpp"
#include "observe/line_writer.hpp"

#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>

using namespace fasterapi::observe;
using fasterapi::test::temporary_file;
using test::lines_of;

namespace {

// 2026-11-23T12:00:00.123Z
const std::chrono::system_clock::time_point noon{std::chrono::milliseconds{1795435200123}};

} // namespace

TEST_CASE("line_writer: a line of text has time, level, room and message") {
  const temporary_file file{""};
  line_writer writer{std::make_unique<output>(file.path())};
  writer.write({noon, level::info, "server", "ready", false}, false);
  writer.write({noon + std::chrono::milliseconds{877}, level::warning, "net", "slow", false},
               false);
  writer.write({noon, level::error, "worker 3", "a\nb", false}, false);
  CHECK(lines_of(file.path()) ==
        std::vector<std::string>{"2026-11-23T12:00:00.123Z INFO  server: ready",
                                 "2026-11-23T12:00:01.000Z WARN  net: slow",
                                 "2026-11-23T12:00:00.123Z ERROR worker 3: a", "    b"});
}

TEST_CASE("line_writer: a line of JSON is an object, whatever the message holds") {
  const temporary_file file{""};
  line_writer writer{std::make_unique<output>(file.path()), true};
  writer.write({noon, level::debug, "app", "a \"b\"\n\x01\xFF", false}, false);
  const auto lines = lines_of(file.path());
  REQUIRE(lines.size() == 1);
  const auto line = nlohmann::json::parse(lines[0]);
  CHECK(line["time"] == "2026-11-23T12:00:00.123Z");
  CHECK(line["level"] == "debug");
  CHECK(line["room"] == "app");
  CHECK(line["message"] == "a \"b\"\n\x01\xEF\xBF\xBD");
}

TEST_CASE("line_writer: lines are held back while more follow, but not many") {
  const temporary_file file{""};
  line_writer writer{std::make_unique<output>(file.path())};
  writer.write({noon, level::info, "a", "1", false}, true);
  CHECK(lines_of(file.path()).empty());
  writer.write({noon, level::info, "a", "2", false}, false);
  CHECK(lines_of(file.path()).size() == 2);
  for (int i = 0; i < 1000; ++i) {
    writer.write({noon, level::info, "a", std::string(100, 'x'), false}, true);
  }
  CHECK(lines_of(file.path()).size() > 800);
  writer.flush();
  CHECK(lines_of(file.path()).size() == 1002);
}

TEST_CASE("output: a file that cannot be opened is an error that names it") {
  try {
    output{"/nowhere/at/all.log"};
    FAIL("no error");
  } catch (const std::system_error& error) {
    CHECK(std::string{error.what()}.find("/nowhere/at/all.log") != std::string::npos);
  }
}

TEST_CASE("output: in a hurry it gives up on a reader who does not read") {
  test::small_pipe pipe;
  output to{pipe.path()};
  to.hurry();
  const auto start = std::chrono::steady_clock::now();
  for (int i = 0; i < 100; ++i) to.write(std::string(1000, 'x') + '\n');
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds{5});
}
