#include "dispatch/worker_port.hpp"

#include "dispatch/lane.hpp"

#include <utility>

namespace fasterapi::dispatch {

job* worker_port::take() noexcept {
  turns_.store(turns() + 1, std::memory_order_relaxed);
  if (is_rings_turn_) {
    is_rings_turn_ = false;
    if (auto* taken = lane_.take(*this)) return taken;
    return take_resumed();
  }
  if (auto* taken = take_resumed()) {
    is_rings_turn_ = true;
    return taken;
  }
  return lane_.take(*this);
}

job* worker_port::take_resumed() noexcept {
  if (resumed_ == nullptr) resumed_ = inbox_.take_all();
  if (resumed_ == nullptr) return nullptr;
  return std::exchange(resumed_, resumed_->next);
}

bool worker_port::prepare_sleep() noexcept {
  if (resumed_ != nullptr) return false;
  has_announced_ = true;
  lane_.sleepers_.add(index_);
  // First announced, then looked: who adds work does it the other way round (see sleeper_set).
  if (!has_work()) return true;
  awake();
  return false;
}

bool worker_port::has_work() const noexcept {
  return !inbox_.empty() || came_back_.load() != nullptr || is_woken_.load() ||
         is_cancel_changed_.load() || leader_.has_offer() || lane_.ring_.has_front();
}

bool worker_port::awake() noexcept {
  if (!has_announced_) return false;
  has_announced_ = false;
  const bool was_claimed = !lane_.sleepers_.remove(index_);
  bell_.answer(was_claimed);
  lane_.end_wake(*this);
  if (!is_woken_.load()) return was_claimed;
  is_woken_.exchange(false); // an exchange: what the waker wrote is seen
  return true;
}

namespace {

bool is_ahead(lendable_loop::clock::time_point time) {
  using limits = lendable_loop::clock::time_point;
  if (time == limits::max() || time == limits::min()) return time == limits::max();
  return lendable_loop::clock::now() < time;
}

} // namespace

bool worker_port::run_reactor(lendable_loop::clock::time_point until) noexcept {
  lendable_loop* const loop = leader_.enter();
  if (loop == nullptr) return false;
  bool is_guest_ready = false;
  bool is_over = false;
  while (!is_over) {
    const bool may_wait = is_ahead(until);
    if (may_wait) {
      is_over = !prepare_sleep();
      if (!is_over) {
        loop->wait(until);
        is_over = awake();
      }
    }
    loop->turn();
    is_guest_ready = loop->take_guest_ready();
    is_over |= !may_wait || is_guest_ready || has_work() || leader_.is_recalled();
  }
  leader_.leave();
  return is_guest_ready;
}

void worker_port::resume(job& streaming) noexcept {
  streaming.state.store(job_state::running, std::memory_order_relaxed);
  inbox_.push(streaming);
  ring_if_asleep();
}

lent_body& worker_port::lend(void* object) {
  if (free_bodies_ == nullptr) {
    lent_bodies_.push_back(std::make_unique<lent_body>());
    free_bodies_ = lent_bodies_.back().get();
    free_bodies_->worker = this;
  }
  lent_body& lent = *std::exchange(free_bodies_, free_bodies_->next);
  lent.object = object;
  return lent;
}

void worker_port::take_back(lent_body& sent) noexcept {
  sent.next = came_back_.load(std::memory_order_relaxed);
  while (!came_back_.compare_exchange_weak(sent.next, &sent, std::memory_order_seq_cst,
                                           std::memory_order_relaxed)) {
  }
  ring_if_asleep(); // first shown, then a look whether it sleeps
}

void* worker_port::take_returned() noexcept {
  if (returned_bodies_ == nullptr) {
    if (came_back_.load(std::memory_order_relaxed) == nullptr) return nullptr;
    returned_bodies_ = came_back_.exchange(nullptr);
  }
  return free(*std::exchange(returned_bodies_, returned_bodies_->next));
}

void* worker_port::free(lent_body& back) noexcept {
  back.next = std::exchange(free_bodies_, &back);
  return std::exchange(back.object, nullptr);
}

void* worker_port::reclaim() noexcept {
  for (const auto& each : lent_bodies_) {
    if (each->object != nullptr) return std::exchange(each->object, nullptr);
  }
  return nullptr;
}

void worker_port::cancel_changed() noexcept {
  is_cancel_changed_.store(true);
  ring_if_asleep();
}

bool worker_port::take_cancel_changed() noexcept {
  // The load saves a locked write on each of the many turns when nothing changed.
  return is_cancel_changed_.load(std::memory_order_relaxed) && is_cancel_changed_.exchange(false);
}

void worker_port::wake() noexcept {
  is_woken_.store(true);
  ring_if_asleep();
}

void worker_port::ring_if_asleep() noexcept {
  if (lane_.sleepers_.remove(index_)) bell_.ring();
}

void worker_port::offer(loan& offered, std::uint64_t known) noexcept {
  leader_.offer(offered, known);
  ring_if_asleep();
}

void worker_port::want_loan() noexcept {
  if (leader_.is_leading() || leader_.is_waiting() || typical_run_ > loan::patience) return;
  lane_.want_loan(*this);
}

void worker_port::note_run(std::chrono::nanoseconds duration) noexcept {
  typical_run_ += (duration - typical_run_) / 8;
}

void worker_port::begin_return() noexcept {
  returned_ = {};
  return_began_ = {};
  if (lane_.has_timed()) return_began_ = lendable_loop::clock::now();
}

void worker_port::end_return() noexcept {
  if (return_began_ != lendable_loop::clock::time_point{}) returned_ = lendable_loop::clock::now();
}

void worker_port::split_wait(observe::stage_times& times) noexcept {
  if (returned_ > times.mark) {
    if (return_began_ > times.mark) times.add(observe::stage::queue, return_began_);
    times.add(observe::stage::interpreter, returned_);
  }
  times.add(observe::stage::queue, lendable_loop::clock::now());
}

bool worker_port::is_draining() const noexcept { return lane_.is_draining(); }

bool worker_port::is_closing() const noexcept { return lane_.is_drained(); }

} // namespace fasterapi::dispatch
