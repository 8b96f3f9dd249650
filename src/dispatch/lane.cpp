#include "dispatch/lane.hpp"

#include <memory>
#include <stdexcept>
#include <thread>
#include <utility>

namespace fasterapi::dispatch {

lane::lane(std::size_t capacity, unsigned max_workers)
    : ring_{capacity}, max_workers_{max_workers},
      workers_{new std::unique_ptr<worker_port>[max_workers]}, sleepers_{max_workers} {}

lane::~lane() = default;

void lane::resize(std::size_t capacity) {
  std::destroy_at(&ring_);
  std::construct_at(&ring_, capacity); // a ring has atomics: it cannot be assigned
}

worker_port& lane::add_worker() {
  const auto index = worker_count_.load();
  if (index == max_workers_) throw std::length_error("lane: more workers than announced");
  workers_[index] = std::make_unique<worker_port>(*this, index);
  worker_count_.store(index + 1);
  return *workers_[index];
}

void lane::lend(std::vector<loan*> reactors) {
  loans_ = std::move(reactors);
  has_loans_.store(true, std::memory_order_release);
  wake_all();
}

void lane::want_loan(worker_port& by) noexcept {
  if (!has_loans_.load(std::memory_order_acquire)) return;
  for (loan* each : loans_) {
    if (by.leader().want(*each, by)) return;
  }
}

bool lane::submit(job& submitted, wake who) noexcept {
  const auto is_held_back = !waiting_for_room_.empty() && !is_half_free();
  submitted.state.store(job_state::queued, std::memory_order_relaxed); // try_push publishes it
  const bool is_timed = submitted.times.is_on;
  if (is_timed) timed_.fetch_add(1, std::memory_order_relaxed);
  if (is_held_back || !ring_.try_push(&submitted)) {
    submitted.state.store(job_state::at_reactor, std::memory_order_relaxed);
    refused_.fetch_add(1, std::memory_order_relaxed);
    if (is_timed) timed_.fetch_sub(1, std::memory_order_relaxed);
    return false;
  }
  if (who == wake::sleeper) wake_for_backlog();
  return true;
}

bool lane::withdraw(job& queued) noexcept {
  auto expected = job_state::queued;
  // Acquire when it fails, too: the reactor then reads job::worker.
  return queued.state.compare_exchange_strong(expected, job_state::withdrawn,
                                              std::memory_order_acq_rel, std::memory_order_acquire);
}

void lane::notify_room(completion_queue& who) noexcept {
  waiting_for_room_.add(who);
  // Somebody may have made the room, or closed, and found nobody waiting, just before.
  if (is_half_free() || is_closed_.load()) waiting_for_room_.nudge_all();
}

void lane::close() noexcept {
  ring_.close();
  is_closed_.store(true);
  waiting_for_room_.nudge_all();
  wake_all();
}

job* lane::take(worker_port& by) noexcept {
  while (auto* taken = pop(by)) {
    // Before it shows as running: a reactor that sees that reads who runs it.
    taken->worker = &by;
    auto expected = job_state::queued;
    if (taken->state.compare_exchange_strong(
            expected, job_state::running, std::memory_order_acq_rel, std::memory_order_relaxed)) {
      return taken;
    }
    taken->origin->complete(*taken); // withdrawn: the reactor answered without it
  }
  return nullptr;
}

/// A worker that leads runs short jobs by itself, since waking others for them costs more.
bool lane::has_work_for_others(const worker_port& than) const noexcept {
  if (!than.leader().is_leading()) return true;
  return than.typical_run() * static_cast<std::int64_t>(ring_.size_estimate()) > loan::patience;
}

job* lane::pop(const worker_port& by) noexcept {
  job* popped = nullptr;
  if (!ring_.try_pop(popped)) {
    // A closed ring that is not empty: the last submit is about to show its job, without a worker
    // that is sure to come back for it.
    while (is_closed_.load(std::memory_order_relaxed) && ring_.size_estimate() != 0) {
      if (ring_.try_pop(popped)) break;
      std::this_thread::yield();
    }
    if (popped == nullptr) return nullptr;
  }
  if (popped->times.is_on) timed_.fetch_sub(1, std::memory_order_relaxed);
  if (!waiting_for_room_.empty() && is_half_free()) waiting_for_room_.nudge_all();
  if (is_drained()) wake_all();
  if (sleepers_.any() && has_work_for_others(by)) wake_next();
  return popped;
}

// Wakes one sleeper if the ring has something for it and no other wake-up is under way: who is
// being woken looks at the ring after end_wake(), so it or its successor finds what came meanwhile.
void lane::wake_next() noexcept {
  while (ring_.has_front()) {
    const auto sleeper = sleepers_.first();
    if (!sleeper) return;
    auto waking = 0U;
    if (!waking_.compare_exchange_strong(waking, *sleeper + 1)) return;
    if (sleepers_.remove(*sleeper)) {
      workers_[*sleeper]->bell_.ring();
      return;
    }
    waking = *sleeper + 1; // it got up by itself: look again, others kept still because of us
    waking_.compare_exchange_strong(waking, 0);
  }
}

void lane::end_wake(worker_port& woken) noexcept {
  auto waking = woken.index() + 1;
  if (waking_.load() == waking) waking_.compare_exchange_strong(waking, 0);
}

void lane::wake_all() noexcept {
  const auto count = worker_count_.load();
  for (auto i = 0U; i < count; ++i) workers_[i]->wake();
}

lane::statistics lane::stats() const noexcept {
  statistics now;
  now.queued = ring_.size_estimate();
  now.capacity = ring_.capacity();
  now.submitted = ring_.pushed();
  now.refused = refused_.load(std::memory_order_relaxed);
  now.sleeping = sleepers_.count();
  add_workers_to(now);
  add_loans_to(now);
  return now;
}

void lane::add_workers_to(statistics& sums) const noexcept {
  sums.workers = worker_count_.load();
  for (auto i = 0U; i < sums.workers; ++i) {
    const worker_port::counters& its = workers_[i]->count();
    sums.taken += its.taken.load(std::memory_order_relaxed);
    sums.waited += std::chrono::nanoseconds{its.waited_ns.load(std::memory_order_relaxed)};
    sums.pool_hits += its.pool_hits.load(std::memory_order_relaxed);
    sums.pool_misses += its.pool_misses.load(std::memory_order_relaxed);
    sums.pool_kept += its.pool_kept.load(std::memory_order_relaxed);
  }
}

void lane::add_loans_to(statistics& sums) const noexcept {
  if (!has_loans_.load(std::memory_order_acquire)) return;
  for (const loan* each : loans_) {
    const loan::statistics its = each->stats();
    sums.loans.lent += its.lent;
    sums.loans.passed_on += its.passed_on;
    sums.loans.given_back += its.given_back;
    sums.loans.taken_back += its.taken_back;
  }
}

} // namespace fasterapi::dispatch
