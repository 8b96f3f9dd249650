#pragma once

#include "observe/duration_histogram.hpp"

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace fasterapi::observe {

/// Batches of one handler, as one worker counts them.
struct batch_counts {
  static constexpr std::array<double, 11> size_bounds{1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024};
  static constexpr std::array<double, 4> fill_bounds{0.25, 0.5, 0.75, 1};

  std::array<std::atomic<std::uint64_t>, size_bounds.size() + 1> sizes{};
  std::array<std::atomic<std::uint64_t>, fill_bounds.size() + 1> fills{};
  std::atomic<std::uint64_t> requests{0};
  std::atomic<double> filled{0}; // sum of size / most
  duration_histogram waits;

  void record(std::size_t size, std::size_t most, std::chrono::nanoseconds wait) noexcept;
};

/// The sum over workers.
struct batch_totals {
  std::vector<std::uint64_t> sizes =
      std::vector<std::uint64_t>(batch_counts::size_bounds.size() + 1);
  std::vector<std::uint64_t> fills =
      std::vector<std::uint64_t>(batch_counts::fill_bounds.size() + 1);
  std::uint64_t requests = 0;
  double filled = 0;
  duration_totals waits;

  void add(const batch_counts& part);
};

/// Batches of one worker: started and written by its thread, read by any.
class batch_metrics {
public:
  void start(std::size_t handlers);
  batch_counts& of(std::size_t handler) { return counts_[handler]; }
  /// Those of a route whose requests gather in Python.
  batch_counts& of_route(std::string_view route);
  /// Any thread.
  void add_to(batch_totals& totals, std::size_t handler) const;
  /// Any thread: of the routes that gather in Python.
  void add_routes_to(std::map<std::string, batch_totals>& totals) const;

private:
  std::unique_ptr<batch_counts[]> counts_;
  std::atomic<std::size_t> handlers_{0}; // written behind counts_
  mutable std::mutex mutex_;             // of the map, not of what is in it
  std::map<std::string, batch_counts, std::less<>> by_route_;
};

} // namespace fasterapi::observe
