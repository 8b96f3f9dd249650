#include "observe/batch_metrics.hpp"

#include <catch2/catch_test_macros.hpp>

#include <array>
#include <atomic>
#include <map>
#include <string>
#include <thread>
#include <vector>

using namespace fasterapi::observe;
using namespace std::chrono_literals;

TEST_CASE("batch_metrics: size, fill and wait of batches add up over workers") {
  std::array<batch_metrics, 2> workers;
  for (auto& each : workers) {
    each.start(2);
    each.of(1).record(3, 10, 2ms);
    each.of(1).record(10, 10, 1ms);
  }
  batch_totals totals;
  for (const auto& each : workers) each.add_to(totals, 1);
  CHECK(totals.requests == 26);
  CHECK(totals.sizes[2] == 2); // 3: up to 4
  CHECK(totals.sizes[4] == 2); // 10: up to 16
  CHECK(totals.fills == std::vector<std::uint64_t>{0, 2, 0, 2, 0});
  CHECK(totals.waits.count() == 4);
  batch_totals none;
  workers[0].add_to(none, 0);
  workers[0].add_to(none, 7);
  CHECK(none.requests == 0);
}

TEST_CASE("batch_metrics: a worker that has not started adds nothing") {
  batch_metrics counted;
  batch_totals totals;
  counted.add_to(totals, 0);
  counted.start(1);
  counted.of(0).record(1, 1, 1ms);
  CHECK(totals.requests == 0);
  counted.add_to(totals, 0);
  CHECK(totals.requests == 1);
}

TEST_CASE("batch_metrics: those of routes that gather in Python go by the route's name") {
  std::array<batch_metrics, 2> workers;
  for (auto& each : workers) {
    each.of_route("/a").record(2, 4, 1ms);
    each.of_route("/a").record(4, 4, 1ms);
  }
  workers[1].of_route("/b").record(1, 4, 1ms);
  std::map<std::string, batch_totals> totals;
  for (const auto& each : workers) each.add_routes_to(totals);
  CHECK(totals.size() == 2);
  CHECK(totals["/a"].requests == 12);
  CHECK(totals["/b"].waits.count() == 1);
}

TEST_CASE("batch_metrics: the page is rendered while a worker starts and meets new routes") {
  constexpr std::uint64_t batches = 2000;
  batch_metrics counted;
  std::atomic<bool> is_over{false};
  std::thread worker{[&] {
    counted.start(1);
    for (std::uint64_t i = 0; i < batches; ++i) {
      counted.of(0).record(3, 4, 1us);
      counted.of_route("/" + std::to_string(i % 50)).record(1, 1, 1us);
    }
    is_over = true;
  }};
  std::uint64_t before = 0;
  bool has_shrunk = false;
  while (!is_over) {
    batch_totals totals;
    std::map<std::string, batch_totals> routes;
    counted.add_to(totals, 0);
    counted.add_routes_to(routes);
    has_shrunk |= totals.requests < before || routes.size() > 50;
    before = totals.requests;
  }
  worker.join();
  CHECK_FALSE(has_shrunk);
  batch_totals totals;
  std::map<std::string, batch_totals> routes;
  counted.add_to(totals, 0);
  counted.add_routes_to(routes);
  CHECK(totals.requests == 3 * batches);
  CHECK(routes.size() == 50);
  CHECK(routes["/7"].requests == batches / 50);
}
