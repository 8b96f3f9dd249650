#pragma once

#include <chrono>

namespace fasterapi::dispatch {

/// An event loop that a worker may run in the place of the thread it belongs to: a reactor as
/// workers see it. One thread at a time runs it, as its loan says.
class lendable_loop {
public:
  using clock = std::chrono::steady_clock;

  /// Serves what is ready, without waiting.
  virtual void turn() = 0;
  /// Takes back the jobs that are completed, and no more. `now`, or a little earlier.
  virtual void deliver(clock::time_point now) = 0;
  /// Waits until something is ready, at most until then; turn() is to follow.
  virtual void wait(clock::time_point until) = 0;
  /// Waits also for this descriptor of the guest (an epoll's); -1: for none. Not owned.
  virtual void seat(int guest_fd) = 0;
  /// True once after the guest's descriptor became readable.
  virtual bool take_guest_ready() noexcept = 0;

protected:
  ~lendable_loop() = default;
};

} // namespace fasterapi::dispatch
