#include "observe/request_metrics.hpp"

#include "observe/process_metrics.hpp"

#include <catch2/catch_test_macros.hpp>

#include <map>
#include <numeric>
#include <string>
#include <thread>

using namespace fasterapi::observe;
using namespace std::chrono_literals;

TEST_CASE("request_metrics: answers are counted by slot and status") {
  request_metrics metrics{3, 1};
  metrics.count(1, 200, 1ms);
  metrics.count(1, 200, 1ms);
  metrics.count(1, 404, 1ms);
  request_totals totals;
  for (std::size_t slot = 0; slot < 3; ++slot) metrics.add_to(totals, slot);
  CHECK(totals.statuses == std::map<unsigned, std::uint64_t>{{200, 2}, {404, 1}});
  CHECK(totals.durations.count() == 3);
}

TEST_CASE("request_metrics: statuses beyond the limit are counted together") {
  request_metrics metrics{1, 1};
  for (unsigned status = 200; status < 240; ++status) metrics.count(0, status, 1ms);
  request_totals totals;
  metrics.add_to(totals, 0);
  CHECK(totals.statuses.size() == request_counts::most_statuses + 1);
  CHECK(totals.statuses[0] == 40 - request_counts::most_statuses);
  CHECK(totals.durations.count() == 40);
}

TEST_CASE("request_metrics: one request of so many is timed, the first among them") {
  request_metrics metrics{1, 4};
  std::string timed;
  for (int i = 0; i < 10; ++i) timed += metrics.times_next() ? 'x' : '.';
  CHECK(timed == "x...x...x.");
  request_metrics never{1, 0};
  for (int i = 0; i < 1000; ++i) REQUIRE_FALSE(never.times_next());
}

TEST_CASE("request_metrics: other threads read while one counts") {
  request_metrics metrics{2, 1};
  std::thread counting{[&] {
    for (int i = 0; i < 20000; ++i) {
      metrics.begin();
      metrics.record(stage::parse, 100ns);
      metrics.count(i % 2, 200 + i % 3, 1us);
      metrics.end();
    }
  }};
  for (int i = 0; i < 100; ++i) {
    request_totals totals;
    metrics.add_to(totals, 0);
    metrics.add_to(totals, 1);
    CHECK(metrics.in_flight() <= 1);
  }
  counting.join();
  request_totals totals;
  metrics.add_to(totals, 0);
  metrics.add_to(totals, 1);
  CHECK(totals.durations.count() == 20000);
  CHECK(metrics.in_flight() == 0);
}

TEST_CASE("stage_times: a lap is what was since the one before") {
  stage_times times;
  times.lap(stage::parse);
  CHECK(times.spent[0] == 0ns);
  const auto start = stage_times::clock::now();
  times.start(start);
  times.add(stage::parse, start + 3us);
  times.add(stage::queue, start + 10us);
  times.add(stage::queue, start + 11us);
  CHECK(times.spent[static_cast<std::size_t>(stage::parse)] == 3us);
  CHECK(times.spent[static_cast<std::size_t>(stage::queue)] == 8us);
}

TEST_CASE("process_metrics: memory, descriptors and CPU of this process") {
  exposition page;
  append_process_metrics(page);
  const auto text = std::move(page).text();
  for (const auto* name :
       {"process_cpu_seconds_total", "process_resident_memory_bytes", "process_open_fds",
        "process_max_fds", "process_threads", "process_start_time_seconds"}) {
    INFO(name);
    const auto at = text.find(std::string{"\n"} + name + " ");
    REQUIRE((at != text.npos || text.starts_with(name)));
  }
  const auto value = text.find("\nprocess_resident_memory_bytes ");
  CHECK(std::stod(text.substr(value + 31)) > 1e6);
}
