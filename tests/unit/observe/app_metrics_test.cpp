#include "captured_log.hpp"
#include "observe/app_metrics.hpp"

#include <catch2/catch_test_macros.hpp>

#include <thread>

using namespace fasterapi::observe;
using kind = metric_description::kind;
using refusal = app_metrics::refusal;

namespace {

std::string page_of(const app_metrics& metrics) {
  exposition page;
  metrics.append_to(page);
  return std::move(page).text();
}

} // namespace

TEST_CASE("app_metrics: interpreters add up what they count by themselves") {
  app_metrics metrics{10};
  const metric_description orders{"orders_total", kind::counter, "Orders.", {"shop"}, {}, false};
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      metric_shard& own = metrics.find(orders, {"a \"b\""}).cell->add_shard();
      for (int n = 0; n < 10000; ++n) own.add(1);
    });
  }
  for (int n = 0; n < 20; ++n) page_of(metrics);
  for (auto& each : threads) each.join();
  CHECK(page_of(metrics).find("# HELP orders_total Orders.\n# TYPE orders_total counter\n"
                              "orders_total{shop=\"a \\\"b\\\"\"} 40000\n") == 0);
}

TEST_CASE("app_metrics: a histogram counts what stays within each bound") {
  app_metrics metrics{10};
  const metric_description sizes{"sizes", kind::histogram, "", {}, {1, 2}, false};
  const auto cell = metrics.find(sizes, {}).cell;
  metric_shard& one = cell->add_shard();
  metric_shard& two = cell->add_shard();
  one.record(1, sizes.bounds);
  one.record(1.5, sizes.bounds);
  two.record(3, sizes.bounds);
  CHECK(cell->read().counts == std::vector<std::uint64_t>{1, 1, 1});
  CHECK(page_of(metrics).find("sizes_bucket{le=\"1\"} 1\nsizes_bucket{le=\"2\"} 2\n"
                              "sizes_bucket{le=\"+Inf\"} 3\nsizes_sum 5.5\nsizes_count 3\n") !=
        std::string::npos);
}

TEST_CASE("app_metrics: of many bounds a few are shown, and none is lost") {
  app_metrics metrics{10};
  const metric_description fine{
      "fine", kind::histogram, "", {}, {1e-05, 1.25e-05, 2.5e-05, 4e-05, 5e-05, 0.0001}, true};
  metric_shard& own = metrics.find(fine, {}).cell->add_shard();
  for (const double each : {1e-05, 1.2e-05, 2e-05, 3e-05, 6e-05, 1.0})
    own.record(each, fine.bounds);
  CHECK(page_of(metrics).find("fine_bucket{le=\"1e-05\"} 1\nfine_bucket{le=\"2.5e-05\"} 3\n"
                              "fine_bucket{le=\"5e-05\"} 4\nfine_bucket{le=\"1e-04\"} 5\n"
                              "fine_bucket{le=\"+Inf\"} 6\n") != std::string::npos);
}

TEST_CASE("app_metrics: one name is one metric") {
  app_metrics metrics{10};
  metric_description described{"a", kind::counter, "x", {}, {}, false};
  CHECK(metrics.find(described, {}).why == refusal::none);
  CHECK(metrics.find(described, {}).cell == metrics.find(described, {}).cell);
  described.what = kind::gauge;
  CHECK(metrics.find(described, {}).why == refusal::is_another);
}

TEST_CASE("app_metrics: label sets beyond the limit are dropped, counted, and logged once") {
  test::captured_log captured;
  app_metrics metrics{2};
  const metric_description described{"a", kind::counter, "x", {"user"}, {}, false};
  for (int user = 0; user < 5; ++user) {
    const auto found = metrics.find(described, {std::to_string(user)});
    CHECK((found.cell != nullptr) == (user < 2));
    if (found.dropped != nullptr) found.dropped->fetch_add(1);
  }
  CHECK(metrics.find(described, {"1"}).cell != nullptr);
  CHECK(page_of(metrics).find("fasterapi_metrics_dropped_total{metric=\"a\"} 3\n") !=
        std::string::npos);
  CHECK(captured.lines().size() == 1);
}

TEST_CASE("app_metrics: a gauge is one for all") {
  app_metrics metrics{10};
  const metric_description described{"g", kind::gauge, "x", {}, {}, false};
  metrics.find(described, {}).cell->gauge().store(2.5);
  metrics.find(described, {}).cell->gauge().fetch_add(-1);
  CHECK(page_of(metrics).find("g 1.5\n") != std::string::npos);
}
