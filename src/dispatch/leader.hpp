#pragma once

#include "dispatch/lendable_loop.hpp"
#include "dispatch/loan.hpp"

#include <atomic>
#include <cstdint>

namespace fasterapi::dispatch {

/// A worker's side of a loan: what it was offered, and the loop that it runs. The worker's thread
/// only, but offer().
///
/// Between enter() and leave() the loop is the worker's; outside it may be taken back at any time,
/// which the next enter() tells. So: in the loop between the two, in Python outside.
class leader {
public:
  /// Home's thread: the reactor waits for this worker, whose word on it is `known`.
  void offer(loan& offered, std::uint64_t known) noexcept {
    offered_word_.store(known, std::memory_order_relaxed);
    offered_.store(&offered, std::memory_order_seq_cst); // before a look whether it sleeps
  }
  bool has_offer() const noexcept { return offered_.load(std::memory_order_seq_cst) != nullptr; }

  /// Takes up an offer; `guest_fd` is what else the worker waits for. True: it leads.
  bool accept(int guest_fd);
  bool is_leading() const noexcept { return led_ != nullptr; }
  /// The loop to be run, until leave(); null: it was taken back.
  lendable_loop* enter() noexcept;
  void leave() noexcept { led_->leave(known_); }
  /// What comes next runs here however long it takes: home does not take the loop back meanwhile.
  void hold() noexcept;
  bool is_recalled() const noexcept { return led_->is_recalled_.load(std::memory_order_relaxed); }
  /// Lets go of it: what comes next takes long.
  void give_back() noexcept;
  /// Has asked, and takes nothing back yet.
  bool is_waiting() const noexcept { return wanted_ != nullptr; }
  bool want(loan& wanted, worker_port& as) noexcept;
  /// Something else came up. An offer may be on its way all the same.
  void want_no_more(worker_port& as) noexcept;

private:
  std::atomic<loan*> offered_{nullptr};
  std::atomic<std::uint64_t> offered_word_{0}; // a wrong one fails in the loan
  loan* led_ = nullptr;
  std::uint64_t known_ = 0;
  loan* wanted_ = nullptr;
};

} // namespace fasterapi::dispatch
