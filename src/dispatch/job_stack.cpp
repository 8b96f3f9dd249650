#include "dispatch/job_stack.hpp"

namespace fasterapi::dispatch {

bool job_stack::push(job& pushed) noexcept {
  auto* top = top_.load(std::memory_order_relaxed);
  do {
    pushed.next = top;
    // In one total order with empty(): see completion_queue::prepare_sleep.
  } while (!top_.compare_exchange_weak(top, &pushed, std::memory_order_seq_cst,
                                       std::memory_order_relaxed));
  return top == nullptr;
}

job* job_stack::take_all() noexcept {
  if (top_.load(std::memory_order_relaxed) == nullptr) return nullptr; // saves a locked write
  auto* newest = top_.exchange(nullptr, std::memory_order_acquire);
  job* oldest_first = nullptr;
  while (newest != nullptr) {
    auto* older = newest->next;
    newest->next = oldest_first;
    oldest_first = newest;
    newest = older;
  }
  return oldest_first;
}

} // namespace fasterapi::dispatch
