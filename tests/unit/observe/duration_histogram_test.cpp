#include "observe/duration_histogram.hpp"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>

#include <thread>

using namespace fasterapi::observe;
using namespace std::chrono_literals;
using Catch::Approx;

TEST_CASE("duration_histogram: a duration falls into the first bucket that holds it") {
  for (std::size_t i = 0; i < durations::bound_count; ++i) {
    const auto bound = durations::bounds[i];
    INFO(bound);
    CHECK(durations::bucket_of(bound) == i);
    CHECK(durations::bucket_of(bound + 1) == i + 1);
  }
  CHECK(durations::bucket_of(0) == 0);
  CHECK(durations::bucket_of(~std::uint64_t{0}) == durations::bound_count);
  CHECK(durations::bounds.back() == 100'000'000'000);
}

TEST_CASE("duration_histogram: quantiles are right to about a tenth") {
  duration_histogram recorded;
  for (int i = 1; i <= 10000; ++i) recorded.record(i * 1us);
  duration_totals totals;
  totals.add(recorded);
  CHECK(totals.count() == 10000);
  CHECK(totals.seconds() == Approx(50.005));
  CHECK(totals.quantile(0.5) == Approx(0.005).epsilon(0.1));
  CHECK(totals.quantile(0.95) == Approx(0.0095).epsilon(0.1));
  CHECK(totals.quantile(0.99) == Approx(0.0099).epsilon(0.1));
}

TEST_CASE("duration_histogram: nothing, too little and too much have a quantile") {
  CHECK(duration_totals{}.quantile(0.5) == 0);
  duration_histogram recorded;
  duration_totals totals;
  recorded.record(-5ns);
  totals.add(recorded);
  CHECK(totals.quantile(0.5) <= 100e-9);
  duration_histogram long_ones;
  long_ones.record(1h);
  duration_totals long_totals;
  long_totals.add(long_ones);
  CHECK(long_totals.quantile(0.5) == Approx(100));
}

TEST_CASE("duration_histogram: parts of several threads are merged while they record") {
  std::array<duration_histogram, 3> parts;
  std::array<std::thread, 3> threads;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    threads[i] = std::thread{[&part = parts[i]] {
      for (int n = 0; n < 20000; ++n) part.record(n * 1ns);
    }};
  }
  const auto count = [&] {
    duration_totals totals;
    for (const auto& each : parts) totals.add(each);
    return totals.count();
  };
  std::uint64_t before = 0;
  for (int n = 0; n < 100; ++n) {
    const auto now = count();
    REQUIRE(now >= before);
    before = now;
  }
  for (auto& each : threads) each.join();
  CHECK(count() == 60000);
}
