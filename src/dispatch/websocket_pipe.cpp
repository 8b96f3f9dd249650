#include "dispatch/websocket_pipe.hpp"

#include <utility>

namespace fasterapi::dispatch {

websocket_pipe::~websocket_pipe() {
  while (take()) {
  }
}

void websocket_pipe::push(std::unique_ptr<websocket_message> sent) noexcept {
  load_.fetch_add(sent->cost(), std::memory_order_seq_cst);
  websocket_message* const pushed = sent.release();
  pushed->next = newest_.load(std::memory_order_relaxed);
  while (!newest_.compare_exchange_weak(pushed->next, pushed, std::memory_order_release,
                                        std::memory_order_relaxed)) {
  }
}

bool websocket_pipe::wait_for_room() noexcept {
  if (!is_full()) return false;
  // First announced, then looked; the receiver does it the other way round (docs/websockets.md).
  has_waiting_sender_.store(true, std::memory_order_seq_cst);
  if (!has_room()) return true;
  has_waiting_sender_.store(false, std::memory_order_seq_cst);
  return false;
}

std::unique_ptr<websocket_message> websocket_pipe::take() noexcept {
  if (taken_ == nullptr) take_all();
  if (taken_ == nullptr) return nullptr;
  return std::unique_ptr<websocket_message>{std::exchange(taken_, taken_->next)};
}

bool websocket_pipe::give_back(std::size_t cost) noexcept {
  load_.fetch_sub(cost, std::memory_order_seq_cst);
  return has_waiting_sender_.load(std::memory_order_seq_cst) && has_room() &&
         has_waiting_sender_.exchange(false, std::memory_order_seq_cst);
}

void websocket_pipe::take_all() noexcept {
  if (newest_.load(std::memory_order_relaxed) == nullptr) return;
  websocket_message* newest = newest_.exchange(nullptr, std::memory_order_acquire);
  while (newest != nullptr) {
    websocket_message* const older = std::exchange(newest->next, taken_);
    taken_ = newest;
    newest = older;
  }
}

} // namespace fasterapi::dispatch
