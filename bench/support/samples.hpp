#pragma once

#include "support/report.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace fasterapi::bench {

using clock = std::chrono::steady_clock;

inline double to_nanoseconds(clock::duration spent) noexcept {
  return std::chrono::duration<double, std::nano>(spent).count();
}

/// Times of single requests. Each includes one reading of the clock.
class samples {
public:
  explicit samples(std::size_t count) { times_.reserve(count); }

  void add(clock::duration spent) {
    times_.push_back(static_cast<std::uint32_t>(std::min<std::int64_t>(
        std::chrono::duration_cast<std::chrono::nanoseconds>(spent).count(), UINT32_MAX)));
  }
  /// Appends mean, p50, p95 and p99.
  void describe(row& into) {
    std::sort(times_.begin(), times_.end());
    double sum = 0;
    for (const auto each : times_) sum += each;
    into.figures.emplace_back("mean_ns", sum / static_cast<double>(times_.size()));
    into.figures.emplace_back("p50_ns", at(0.50));
    into.figures.emplace_back("p95_ns", at(0.95));
    into.figures.emplace_back("p99_ns", at(0.99));
  }

private:
  double at(double share) const noexcept {
    return times_[static_cast<std::size_t>(share * static_cast<double>(times_.size() - 1))];
  }

  std::vector<std::uint32_t> times_; // nanoseconds
};

/// Repeated measurements of the same thing: median and quartiles. Not empty.
class spread {
public:
  explicit spread(std::vector<double> runs) : runs_(std::move(runs)) {
    std::sort(runs_.begin(), runs_.end());
  }
  double median() const noexcept { return runs_[runs_.size() / 2]; }
  void describe(row& into, const std::string& unit = "ns") const {
    into.figures.emplace_back("median_" + unit, median());
    into.figures.emplace_back("low_" + unit, runs_[runs_.size() / 4]);
    into.figures.emplace_back("high_" + unit, runs_[runs_.size() * 3 / 4]);
  }

private:
  std::vector<double> runs_;
};

} // namespace fasterapi::bench
