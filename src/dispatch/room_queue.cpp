#include "dispatch/room_queue.hpp"

namespace fasterapi::dispatch {

void room_queue::add(completion_queue& waiting) noexcept {
  // Already in: its nudge is still to come, or nudge_all() is about to give it.
  if (waiting.awaits_room_.exchange(true, std::memory_order_seq_cst)) return;
  auto* top = top_.load(std::memory_order_relaxed);
  do {
    waiting.next_waiting_ = top;
  } while (!top_.compare_exchange_weak(top, &waiting, std::memory_order_seq_cst,
                                       std::memory_order_relaxed));
}

void room_queue::nudge_all() noexcept {
  auto* waiting = top_.exchange(nullptr, std::memory_order_seq_cst);
  while (waiting != nullptr) {
    auto* next = waiting->next_waiting_; // before it may be added anew
    waiting->awaits_room_.store(false, std::memory_order_seq_cst);
    waiting->nudge();
    waiting = next;
  }
}

} // namespace fasterapi::dispatch
