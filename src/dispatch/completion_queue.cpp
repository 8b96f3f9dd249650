#include "dispatch/completion_queue.hpp"

namespace fasterapi::dispatch {

void completion_queue::complete(job& done) noexcept {
  done.state.store(job_state::at_reactor, std::memory_order_release);
  done_.push(done);
  ring_if_asleep();
}

job* completion_queue::take_all() noexcept { return done_.take_all(); }

bool completion_queue::prepare_sleep() noexcept {
  // Both sides write, then read, in one total order (seq_cst): either a completion is seen here, or
  // whoever pushed it sees the announcement.
  has_announced_ = true;
  is_sleeping_.store(true, std::memory_order_seq_cst);
  if (done_.empty() && !is_nudged_.load(std::memory_order_seq_cst)) return true;
  awake();
  return false;
}

void completion_queue::awake() noexcept {
  if (!has_announced_) return;
  has_announced_ = false;
  bell_.answer(!is_sleeping_.exchange(false, std::memory_order_seq_cst));
  // An exchange, so that what the nudger wrote is seen.
  if (is_nudged_.load()) is_nudged_.exchange(false);
}

void completion_queue::nudge() noexcept {
  is_nudged_.store(true, std::memory_order_seq_cst);
  ring_if_asleep();
}

void completion_queue::ring_if_asleep() noexcept {
  if (!is_sleeping_.load(std::memory_order_seq_cst)) return;
  if (is_sleeping_.exchange(false, std::memory_order_seq_cst)) bell_.ring();
}

} // namespace fasterapi::dispatch
