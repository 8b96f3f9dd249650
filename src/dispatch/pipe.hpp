#pragma once

#include "dispatch/mpmc_ring.hpp"

#include <atomic>
#include <cstddef>
#include <memory>
#include <utility>

namespace fasterapi::dispatch {

/// Items on their way from one thread to another, in order. It is bounded by its capacity and
/// one item: the sender stops when it is full, and goes on when half is free again. What was
/// taken counts until it is given back, so a receiver that holds items holds up the sender.
///
/// An Item has `next`, a link, and `cost()`: the bytes that it counts for, its own included.
/// Sender and receiver tell each other by other means (channel) when to look.
template <class Item>
class pipe {
public:
  explicit pipe(std::size_t capacity_bytes) noexcept : capacity_(capacity_bytes) {}
  ~pipe() {
    while (take()) {
    }
  }
  pipe(const pipe&) = delete;
  pipe& operator=(const pipe&) = delete;

  // The sender's thread.

  void push(std::unique_ptr<Item> sent) noexcept {
    load_.fetch_add(sent->cost(), std::memory_order_seq_cst);
    Item* const pushed = sent.release();
    pushed->next = newest_.load(std::memory_order_relaxed);
    while (!newest_.compare_exchange_weak(pushed->next, pushed, std::memory_order_release,
                                          std::memory_order_relaxed)) {
    }
  }
  bool is_full() const noexcept { return load_.load(std::memory_order_seq_cst) >= capacity_; }
  /// True: full, and the receiver will say when there is room. False: there is room.
  bool wait_for_room() noexcept {
    if (!is_full()) return false;
    // First announced, then looked; the receiver does it the other way round (docs/websockets.md).
    has_waiting_sender_.store(true, std::memory_order_seq_cst);
    if (!has_room()) return true;
    has_waiting_sender_.store(false, std::memory_order_seq_cst);
    return false;
  }

  // The receiver's thread.

  /// The next item; null: none. Its cost counts until give_back().
  std::unique_ptr<Item> take() noexcept {
    if (taken_ == nullptr) take_all();
    if (taken_ == nullptr) return nullptr;
    return std::unique_ptr<Item>{std::exchange(taken_, taken_->next)};
  }
  /// True, once: the sender waits and there is room again: tell it.
  bool give_back(std::size_t cost) noexcept {
    load_.fetch_sub(cost, std::memory_order_seq_cst);
    return has_waiting_sender_.load(std::memory_order_seq_cst) && has_room() &&
           has_waiting_sender_.exchange(false, std::memory_order_seq_cst);
  }

private:
  bool has_room() const noexcept { return load_.load(std::memory_order_seq_cst) <= capacity_ / 2; }
  void take_all() noexcept {
    if (newest_.load(std::memory_order_relaxed) == nullptr) return;
    Item* newest = newest_.exchange(nullptr, std::memory_order_acquire);
    while (newest != nullptr) {
      Item* const older = std::exchange(newest->next, taken_);
      taken_ = newest;
      newest = older;
    }
  }

  const std::size_t capacity_;
  alignas(cache_line) std::atomic<Item*> newest_{nullptr}; // a Treiber stack
  std::atomic<std::size_t> load_{0};
  std::atomic<bool> has_waiting_sender_{false};
  Item* taken_ = nullptr; // the receiver's, oldest first
};

} // namespace fasterapi::dispatch
