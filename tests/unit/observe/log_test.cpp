#include "captured_log.hpp"

#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <thread>

using namespace fasterapi::observe;
using test::captured_log;
using test::count_with;

namespace {

void log_from_threads(unsigned threads, unsigned lines) {
  std::vector<std::thread> running;
  for (auto thread = 0U; thread < threads; ++thread) {
    running.emplace_back([=] {
      const auto room = "worker " + std::to_string(thread);
      for (auto i = 0U; i < lines; ++i) log(level::info, room, std::to_string(i));
    });
  }
  for (auto& each : running) each.join();
}

/// Standard error, led into a file meanwhile.
class captured_standard_error {
public:
  captured_standard_error() : kept_{::dup(2)} {
    const int fd = ::open(file_.path().c_str(), O_WRONLY | O_APPEND | O_CLOEXEC);
    ::dup2(fd, 2);
    ::close(fd);
  }
  ~captured_standard_error() { restore(); }
  std::vector<std::string> lines() {
    restore();
    return test::lines_of(file_.path());
  }

private:
  void restore() {
    if (kept_ < 0) return;
    ::dup2(kept_, 2);
    ::close(kept_);
    kept_ = -1;
  }

  fasterapi::test::temporary_file file_{""};
  int kept_;
};

} // namespace

TEST_CASE("log: what is logged before the start goes to standard error at once") {
  captured_standard_error captured;
  { const captured_log ended; } // whatever ran before: stopped
  start_log({.threshold = level::info, .is_json = false, .file = "", .queue_lines = 16});
  log(level::info, "server", "queued");
  stop_log();
  log(level::warning, "server", "after the stop");
  const auto lines = captured.lines();
  REQUIRE(lines.size() == 2);
  CHECK(lines[0].ends_with(" INFO  server: queued"));
  CHECK(lines[1].ends_with(" WARN  server: after the stop"));
}

TEST_CASE("log: lines below the threshold are not written") {
  captured_log captured{{.threshold = level::warning}};
  CHECK_FALSE(is_enabled(level::info));
  CHECK(is_enabled(level::error));
  log(level::info, "server", "low");
  log(level::warning, "server", "high");
  set_threshold(level::debug);
  log(level::debug, "server", "debugging");
  log(level::trace, "server", "tracing");
  set_threshold(level::off);
  CHECK_FALSE(is_enabled(level::error));
  CHECK_FALSE(is_enabled(level::off));
  log(level::off, "server", "never");
  const auto lines = captured.lines();
  REQUIRE(lines.size() == 2);
  CHECK(lines[0].ends_with("server: high"));
  CHECK(lines[1].ends_with("server: debugging"));
}

TEST_CASE("log: lines of many threads are all written, each thread's in order") {
  constexpr auto threads = 4U;
  constexpr auto each = 2000U;
  captured_log captured{{.queue_lines = threads * each + 1}};
  const auto dropped = dropped_lines();
  log_from_threads(threads, each);
  const auto lines = captured.lines();
  REQUIRE(lines.size() == threads * each);
  CHECK(dropped_lines() == dropped);
  std::vector<unsigned> next(threads, 0);
  for (const auto& line : lines) {
    const auto thread = static_cast<std::size_t>(line[line.find("worker ") + 7] - '0');
    REQUIRE(line.ends_with(": " + std::to_string(next.at(thread)++)));
  }
}

TEST_CASE("log: nobody who logs waits for a reader who does not read, and the loss is told") {
  test::small_pipe pipe;
  const auto dropped = dropped_lines();
  start_log({.threshold = level::info, .is_json = false, .file = pipe.path(), .queue_lines = 64});
  constexpr auto lines = 20000U;
  const auto start = std::chrono::steady_clock::now();
  log_from_threads(2, lines / 2);
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds{20});
  const auto lost = dropped_lines() - dropped;
  CHECK(lost > lines / 2);

  std::string all;
  pipe.close_writer();
  std::thread reader{[&] { all = pipe.read_all(); }};
  flush_log(); // before stop_log(), which would not wait for long
  stop_log();
  start_log({}); // closes the pipe's last writer
  reader.join();
  stop_log();
  const auto written = static_cast<unsigned>(std::count(all.begin(), all.end(), '\n'));
  const auto reports = [&] {
    unsigned count = 0;
    for (auto at = all.find("lines dropped"); at != std::string::npos;
         at = all.find("lines dropped", at + 1)) {
      ++count;
    }
    return count;
  }();
  CHECK(reports > 0);
  CHECK(written - reports + (dropped_lines() - dropped) >= lines);
  CHECK(written - reports + lost <= lines + 1); // the flush's marker may count among the lost
}

TEST_CASE("log: the stop does not hang on a reader who does not read") {
  test::small_pipe pipe;
  start_log({.threshold = level::info, .is_json = false, .file = pipe.path(), .queue_lines = 64});
  log_from_threads(1, 1000);
  const auto start = std::chrono::steady_clock::now();
  stop_log();
  stop_log();
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds{5});
  start_log({});
  stop_log();
}

TEST_CASE("log: stop and start amid logging lose nothing") {
  fasterapi::test::temporary_file file{""};
  const log_settings settings{
      .threshold = level::info, .is_json = false, .file = file.path(), .queue_lines = 100000};
  start_log(settings);
  std::thread logging{[] { log_from_threads(2, 5000); }};
  for (int i = 0; i < 20; ++i) {
    stop_log();
    std::this_thread::yield();
    start_log(settings);
  }
  logging.join();
  stop_log();
  CHECK(test::lines_of(file.path()).size() == 10000);
}

TEST_CASE("log: a file that cannot be opened leaves the log as it was") {
  captured_log captured;
  CHECK_THROWS_AS(start_log({.threshold = level::off,
                             .is_json = true,
                             .file = "/nowhere/at/all.log",
                             .queue_lines = 16}),
                  std::system_error);
  log(level::info, "server", "still here");
  CHECK(count_with(captured.lines(), "INFO  server: still here") == 1);
}

TEST_CASE("log: a traceback is one record of JSON") {
  captured_log captured{{.is_json = true}};
  log(level::error, "worker 0", "Traceback (most recent call last):\n  File\nValueError: no\n");
  const auto lines = captured.lines();
  REQUIRE(lines.size() == 1);
  const auto line = nlohmann::json::parse(lines[0]);
  CHECK(line["level"] == "error");
  CHECK(line["room"] == "worker 0");
  CHECK(line["message"] == "Traceback (most recent call last):\n  File\nValueError: no\n");
}
