#pragma once

#include "dispatch/bell.hpp"
#include "dispatch/job.hpp"
#include "dispatch/job_stack.hpp"

#include <atomic>

namespace fasterapi::dispatch {

/// Where finished jobs come back to one reactor. Workers call complete(); the reactor's thread
/// calls take_all() once a turn, and announces that it is about to sleep with prepare_sleep(): only
/// then does complete() write the eventfd, once for any number of completions.
///
/// It outlives every job that names it as origin, and the workers of every lane it waits at.
class completion_queue {
public:
  int fd() const noexcept { return bell_.fd(); } // readable during a sleep: end it

  /// Hands the job back: sets at_reactor, after which the caller must not touch it. Any thread.
  void complete(job& done) noexcept;

  job* take_all() noexcept; // reactor's thread; linked by job::next, in order of completion
  /// Reactor's thread. False: a completion or a nudge is there, take another turn instead. True:
  /// wait until fd() is readable or something else happens, then call awake().
  bool prepare_sleep() noexcept;
  void awake() noexcept; // after the sleep, whatever ended it; resets fd()
  /// Wakes the reactor without a job (room in the ring, drain). Any thread. When it is awake its
  /// next prepare_sleep() says false, once.
  void nudge() noexcept;

private:
  friend class room_queue;
  void ring_if_asleep() noexcept;

  job_stack done_;
  alignas(cache_line) std::atomic<bool> is_sleeping_{false};
  std::atomic<bool> is_nudged_{false};
  bool has_announced_ = false; // reactor's thread only
  bell bell_;
  std::atomic<bool> awaits_room_{false};     // of room_queue
  completion_queue* next_waiting_ = nullptr; // of room_queue
};

} // namespace fasterapi::dispatch
