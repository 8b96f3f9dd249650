#pragma once

#include "dispatch/bell.hpp"
#include "dispatch/job.hpp"
#include "dispatch/job_stack.hpp"
#include "dispatch/leader.hpp"
#include "dispatch/lent_body.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <vector>

namespace fasterapi::dispatch {

class lane;

/// A worker's side of the lane: its share of the ring, its inbox, its bell. One thread uses the
/// verbs; resume(), cancel_changed() and wake() are for others. Owned by the lane.
class worker_port {
public:
  worker_port(lane& home, unsigned index) noexcept : lane_{home}, index_{index} {}

  /// Next job for this worker; state is then running. Null: none. A resumed job comes before the
  /// ring's, but two in a row only when the ring is empty, so streams cannot starve new requests.
  job* take() noexcept;
  /// Announces sleep; false: there is work or a wake-up, do not sleep. True: wait until fd() is
  /// readable (together with whatever else the worker waits for), then call awake(), whatever ended
  /// the wait, and take() before anything that lasts. An untaken cancel_changed() counts as work.
  bool prepare_sleep() noexcept;
  bool awake() noexcept; // whether somebody ended the sleep, or wanted to
  int fd() const noexcept { return bell_.fd(); }

  /// A streamed answer's part was sent: the job comes back to this worker for the next. Reactor.
  /// Its state is running from here on; cancel it as a running one.
  void resume(job& streaming) noexcept;
  /// Worker: keeps `object` until the body of an answer is sent from it.
  lent_body& lend(void* object);
  /// Any thread: it may be let go of. Wakes the worker, where it sleeps.
  void take_back(lent_body& sent) noexcept;
  /// Worker: the object of one that came back; null: none.
  void* take_returned() noexcept;
  /// Worker, when it ends and no reactor runs any more: objects that are still out, one by one.
  void* reclaim() noexcept;

  /// Some running job's `cancelled` was set: the worker looks through its suspended jobs.
  void cancel_changed() noexcept;
  bool take_cancel_changed() noexcept; // worker: true once after cancel_changed()
  /// Ends this worker's sleep, or makes its next prepare_sleep() say false, once.
  void wake() noexcept;

  /// The reactor that this worker runs, if any.
  dispatch::leader& leader() noexcept { return leader_; }
  const dispatch::leader& leader() const noexcept { return leader_; }
  /// Serves the reactor that this worker leads, without Python: until there is work for it,
  /// somebody wakes it, its own descriptors are ready (true, then), or it is `until`; one round
  /// where that is over already. No exception comes out of a reactor.
  bool run_reactor(lendable_loop::clock::time_point until) noexcept;
  /// Home's thread of a reactor that this worker asked for.
  void offer(loan& offered, std::uint64_t known) noexcept;
  /// Before a sleep: asks for a reactor to lead, unless its jobs tend to take long.
  void want_loan() noexcept;
  void want_no_loan() noexcept { leader_.want_no_more(*this); } // after the sleep
  /// How long the last job took; what jobs here take of late.
  void note_run(std::chrono::nanoseconds duration) noexcept;
  std::chrono::nanoseconds typical_run() const noexcept { return typical_run_; }

  /// A job waited in the ring for so long.
  void note_wait(std::chrono::nanoseconds waited) noexcept {
    add(counters_.taken, 1);
    add(counters_.waited_ns, static_cast<std::uint64_t>(waited.count()));
  }
  /// Objects that handlers were given: so many used again, made anew, kept by user code, by now.
  void note_pools(std::uint64_t hits, std::uint64_t misses, std::uint64_t kept) noexcept {
    counters_.pool_hits.store(hits, std::memory_order_relaxed);
    counters_.pool_misses.store(misses, std::memory_order_relaxed);
    counters_.pool_kept.store(kept, std::memory_order_relaxed);
  }
  /// Written by the worker's thread only, read by any.
  struct counters {
    std::atomic<std::uint64_t> taken{0};
    std::atomic<std::uint64_t> waited_ns{0};
    std::atomic<std::uint64_t> pool_hits{0};
    std::atomic<std::uint64_t> pool_misses{0};
    std::atomic<std::uint64_t> pool_kept{0};
  };
  const counters& count() const noexcept { return counters_; }
  /// The worker waited without its interpreter and now takes it back: before, and after. Timed only
  /// when a job that is timed waits meanwhile.
  void begin_return() noexcept;
  void end_return() noexcept;
  /// The worker took it: what it waited for goes to the stages queue and interpreter.
  void note_taken(job& taken) noexcept {
    if (taken.times.is_on) [[unlikely]]
      split_wait(taken.times);
  }

  /// The lane is closed and its ring empty: no new job will come. Finish what runs, then leave.
  /// Every worker is woken when that becomes true.
  bool is_closing() const noexcept;
  bool is_draining() const noexcept; // see lane::begin_drain
  unsigned index() const noexcept { return index_; }
  /// Grows with each take(), any thread: a worker whose number stands still is inside a handler.
  std::uint64_t turns() const noexcept { return turns_.load(std::memory_order_relaxed); }
  const lane& home() const noexcept { return lane_; }

private:
  friend class lane;

  static void add(std::atomic<std::uint64_t>& counter, std::uint64_t amount) noexcept {
    counter.store(counter.load(std::memory_order_relaxed) + amount, std::memory_order_relaxed);
  }
  void split_wait(observe::stage_times& times) noexcept;
  job* take_resumed() noexcept;
  bool has_work() const noexcept;
  void* free(lent_body& back) noexcept;
  void ring_if_asleep() noexcept;

  lane& lane_;
  unsigned index_;
  dispatch::leader leader_;
  std::chrono::nanoseconds typical_run_{0}; // this and the next three: the worker's thread only
  bool has_announced_ = false;
  bool is_rings_turn_ = false;
  job* resumed_ = nullptr; // taken from the inbox, oldest first
  // The worker's thread only; both zero: not timed.
  lendable_loop::clock::time_point return_began_{};
  lendable_loop::clock::time_point returned_{};
  bell bell_;
  job_stack inbox_;
  std::vector<std::unique_ptr<lent_body>> lent_bodies_; // all there are; the worker's thread only
  lent_body* free_bodies_ = nullptr;                    // likewise, and the next
  lent_body* returned_bodies_ = nullptr;                // taken from where they came back
  std::atomic<lent_body*> came_back_{nullptr};
  std::atomic<bool> is_cancel_changed_{false};
  std::atomic<bool> is_woken_{false};
  std::atomic<std::uint64_t> turns_{0}; // written by the worker's thread only
  counters counters_;
};

} // namespace fasterapi::dispatch
