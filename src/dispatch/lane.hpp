#pragma once

#include "dispatch/completion_queue.hpp"
#include "dispatch/job.hpp"
#include "dispatch/loan.hpp"
#include "dispatch/mpmc_ring.hpp"
#include "dispatch/room_queue.hpp"
#include "dispatch/sleeper_set.hpp"
#include "dispatch/worker_port.hpp"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace fasterapi::dispatch {

/// The way from reactors to workers: one bounded ring, and who sleeps beside it.
///
/// submit() never blocks. A worker is woken only when one sleeps, one per submitted job at most and
/// one at a time: a worker that comes up and leaves work behind wakes the next. When the ring is
/// full the reactor keeps the job, stops reading that connection, asks notify_room() and is nudged
/// when half the ring is free again. docs/dispatch.md argues why no wake-up is lost.
///
/// It outlives its workers' threads; the completion queues outlive it.
class lane {
public:
  struct statistics {
    std::size_t queued = 0; // now, about; withdrawn jobs count until a worker meets them
    std::size_t capacity = 0;
    std::uint64_t submitted = 0;
    std::uint64_t refused = 0; // no room; each attempt counts
    unsigned workers = 0;
    unsigned sleeping = 0;
    // Of all workers: jobs that they took from the ring, how long these waited in it together, and
    // what they gave to handlers (worker_port::note_pools).
    std::uint64_t taken = 0;
    std::chrono::nanoseconds waited{0};
    std::uint64_t pool_hits = 0;
    std::uint64_t pool_misses = 0;
    std::uint64_t pool_kept = 0;
    loan::statistics loans; // of all reactors
  };

  /// Throws std::length_error for more than mpmc_ring and sleeper_set can hold.
  lane(std::size_t capacity, unsigned max_workers);
  ~lane();
  lane(const lane&) = delete;
  lane& operator=(const lane&) = delete;

  /// Another capacity: before the first submit, and while no worker takes yet.
  void resize(std::size_t capacity);

  /// By one thread, while others serve as well; throws std::length_error beyond max_workers. Lives
  /// as long as the lane.
  worker_port& add_worker();

  /// Once, before the first of them is lent: idle workers ask for these reactors. They outlive the
  /// lane.
  void lend(std::vector<loan*> reactors);

  /// Who looks after a submitted job: a sleeper is woken, or the caller's thread takes it itself.
  enum class wake : bool { nobody, sleeper };

  /// Any thread. False: no room, or closed; the job is still the caller's. While a reactor waits
  /// for room nobody gets in before half is free, so that one busy reactor cannot starve another.
  bool submit(job& submitted, wake who = wake::sleeper) noexcept;
  /// Wakes a sleeper if there is something for it: what was submitted for nobody to be woken.
  void wake_for_backlog() noexcept {
    if (sleepers_.any()) wake_next();
  }
  /// The reactor's thread gives up on a queued job: true if no worker has it yet; the job then
  /// comes back through its completion queue some time later, its exchange untouched. False: it
  /// runs, and job::worker says where, or it is done.
  bool withdraw(job& queued) noexcept;
  /// Nudges `who` once when half the ring is free or the lane is closed, at once if it is so.
  void notify_room(completion_queue& who) noexcept;

  /// The server is about to stop: workers say so in the answers they still write. Any thread.
  void begin_drain() noexcept { is_draining_.store(true, std::memory_order_relaxed); }
  bool is_draining() const noexcept { return is_draining_.load(std::memory_order_relaxed); }

  /// Whether the ring holds a job whose stages are timed, about.
  bool has_timed() const noexcept { return timed_.load(std::memory_order_relaxed) != 0; }

  /// No more submits; what is queued is still taken. Workers wake and, when the ring is empty, see
  /// worker_port::is_closing(). Any thread, more than once.
  void close() noexcept;
  bool is_closed() const noexcept { return is_closed_.load(); }

  statistics stats() const noexcept; // any thread

private:
  friend class worker_port;

  job* take(worker_port& by) noexcept;
  job* pop(const worker_port& by) noexcept;
  bool has_work_for_others(const worker_port& than) const noexcept;
  void want_loan(worker_port& by) noexcept;
  void wake_next() noexcept;
  void end_wake(worker_port& woken) noexcept;
  void wake_all() noexcept;
  void add_workers_to(statistics& sums) const noexcept;
  void add_loans_to(statistics& sums) const noexcept;
  bool is_half_free() const noexcept { return ring_.size_estimate() <= ring_.capacity() / 2; }
  bool is_drained() const noexcept { return is_closed_.load() && ring_.size_estimate() == 0; }

  mpmc_ring<job*> ring_;
  const unsigned max_workers_;
  const std::unique_ptr<std::unique_ptr<worker_port>[]> workers_;
  std::atomic<unsigned> worker_count_{0};
  std::atomic<bool> is_closed_{false};
  std::atomic<bool> is_draining_{false};
  std::atomic<std::uint64_t> refused_{0};
  std::atomic<unsigned> timed_{0}; // jobs in the ring whose stages are timed
  room_queue waiting_for_room_;
  std::vector<loan*> loans_; // written once, before has_loans_
  std::atomic<bool> has_loans_{false};
  alignas(cache_line) sleeper_set sleepers_;
  std::atomic<unsigned> waking_{0}; // 1 + index of the worker whom wake_next() rang, until it is up
};

} // namespace fasterapi::dispatch
