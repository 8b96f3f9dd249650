#pragma once

#include "observe/duration_histogram.hpp"
#include "observe/stage_times.hpp"

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <vector>

namespace fasterapi::observe {

/// Answers of one kind of request (a slot: a route and a method), as one reactor counts them.
class request_counts {
public:
  /// So many different statuses are told apart; further ones count as status 0.
  static constexpr std::size_t most_statuses = 15;

  void record(unsigned status, std::chrono::nanoseconds duration) noexcept;

private:
  friend class request_totals;

  struct status_count {
    std::atomic<unsigned> status{0}; // 0: free, or what found no place, in the last one
    std::atomic<std::uint64_t> count{0};
  };
  std::array<status_count, most_statuses + 1> statuses_{};
  duration_histogram durations_;
};

/// A slot over all reactors.
class request_totals {
public:
  void add(const request_counts& part);

  std::map<unsigned, std::uint64_t> statuses;
  duration_totals durations;
};

/// What one reactor counts of its requests: written by whoever runs it, read by any thread. The
/// memory of a slot is made with its first request.
class request_metrics {
public:
  /// One request in `timed_every` is timed stage by stage; 0: none.
  request_metrics(std::size_t slots, unsigned timed_every);
  ~request_metrics();
  request_metrics(const request_metrics&) = delete;
  request_metrics& operator=(const request_metrics&) = delete;

  bool times_next() noexcept {
    if (--until_timed_ != 0) return false;
    until_timed_ = timed_every_;
    return true;
  }
  void begin() noexcept { add<std::uint64_t>(in_flight_, 1); }
  void end() noexcept { add<std::uint64_t>(in_flight_, std::uint64_t(-1)); }
  void count(std::size_t slot, unsigned status, std::chrono::nanoseconds duration);
  void record(stage of, std::chrono::nanoseconds duration) noexcept {
    stages_[static_cast<std::size_t>(of)].record(duration);
  }

  // Any thread.
  std::uint64_t in_flight() const noexcept { return in_flight_.load(std::memory_order_relaxed); }
  void add_to(request_totals& totals, std::size_t slot) const;
  const duration_histogram& of(stage which) const noexcept {
    return stages_[static_cast<std::size_t>(which)];
  }

private:
  std::vector<std::atomic<request_counts*>> slots_; // null: no request yet
  const unsigned timed_every_;
  unsigned until_timed_;
  std::atomic<std::uint64_t> in_flight_{0};
  std::array<duration_histogram, stage_count> stages_;
};

} // namespace fasterapi::observe
