#pragma once

#include <atomic>
#include <chrono>

namespace fasterapi::python {

/// How much time a worker has left to wind down. The worker's thread starts it when it sees that
/// the lane closes; whoever waits for the worker may shorten it from another thread.
class shutdown_clock {
public:
  using clock = std::chrono::steady_clock;

  explicit shutdown_clock(clock::duration allowed) noexcept : allowed_(allowed) {}

  /// Worker's thread; the first call counts.
  void start() noexcept {
    if (begin_ == clock::time_point{}) begin_ = clock::now();
  }
  /// Any thread.
  void shorten(clock::time_point end) noexcept {
    latest_.store(end.time_since_epoch().count(), std::memory_order_relaxed);
  }
  /// Worker's thread, after start(); never below zero.
  std::chrono::duration<double> left() const noexcept {
    const auto left = end() - clock::now();
    return left > clock::duration::zero() ? left : clock::duration::zero();
  }
  double share_left() const noexcept {
    const std::chrono::duration<double> whole = end() - begin_;
    return whole.count() > 0 ? left() / whole : 0;
  }

private:
  clock::time_point end() const noexcept {
    const clock::time_point latest{clock::duration{latest_.load(std::memory_order_relaxed)}};
    return latest < begin_ + allowed_ ? latest : begin_ + allowed_;
  }

  clock::duration allowed_;
  clock::time_point begin_{};
  std::atomic<clock::rep> latest_{clock::duration::max().count()};
};

} // namespace fasterapi::python
