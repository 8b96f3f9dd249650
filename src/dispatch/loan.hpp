#pragma once

#include "dispatch/completion_queue.hpp"
#include "dispatch/event_fd.hpp"
#include "dispatch/lendable_loop.hpp"
#include "dispatch/mpmc_ring.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>

namespace fasterapi::dispatch {

class worker_port;

/// Who may run a reactor: the thread it belongs to (its home), or a worker it is lent to, so that
/// short handlers run where their request was read. Home meanwhile watches: when the worker has
/// been in one handler for too long, home takes the reactor back and connections go on.
///
/// All of it is one word: the phase, and a number that grows with each change, so that whoever
/// comes late fails its compare-and-swap. docs/dispatch.md, "The lent reactor", has the argument.
class loan {
public:
  using clock = std::chrono::steady_clock;
  /// A handler known to take longer is not run by whoever runs the reactor.
  static constexpr std::chrono::microseconds patience{200};
  /// How often home looks whether the worker has moved, while there is traffic.
  static constexpr std::chrono::microseconds between_looks{500};

  struct statistics {
    std::uint64_t lent = 0;
    std::uint64_t passed_on = 0;  // by a worker to another, before a handler known to be slow
    std::uint64_t given_back = 0; // likewise, but there was no other
    std::uint64_t taken_back = 0; // from a worker that did not come back from a handler
  };

  /// `bell` ends home's sleep in the loop. Both outlive the loan.
  loan(lendable_loop& loop, completion_queue& bell) noexcept : loop_{loop}, bell_{bell} {}
  loan(const loan&) = delete;
  loan& operator=(const loan&) = delete;

  /// Before anybody wants it: it stays with its worker however long a handler takes.
  void lend_for_good() noexcept { is_for_good_ = true; }

  // Home's thread.

  /// Lends the reactor if a worker asked for it, and keeps watch until it is home again. False: at
  /// once, since none did.
  bool lend_if_wanted();

  // Any thread.

  /// True while a worker has it; exact on the thread that runs the loop.
  bool is_lent() const noexcept { return phase_of(word_.load(std::memory_order_relaxed)) != home; }
  /// From now on it is lent no more, and comes home soon.
  void recall() noexcept;
  statistics stats() const noexcept;

private:
  friend class leader;

  // The lower bits of the word. While it is away home may take it; while it turns nobody may, and
  // while it is held only after a recall.
  enum phase : std::uint64_t { home = 0, away = 1, turning = 2, held = 3 };
  static constexpr std::uint64_t phase_bits = 3;
  static constexpr std::uint64_t step = 4;
  static phase phase_of(std::uint64_t word) noexcept { return phase(word & phase_bits); }

  // The worker's side. Who wants it gets it when it is home, or when its worker gives it away.
  bool want(worker_port& by) noexcept; // false: another does already
  void want_no_more(worker_port& by) noexcept;
  bool enter(std::uint64_t& known) noexcept;
  void leave(std::uint64_t& known, phase into = away) noexcept;
  void give_back() noexcept;

  void hand_to(worker_port& next);
  void watch();
  bool may_take_back(std::uint64_t word, bool has_stood_still) const noexcept;
  bool take_back(std::uint64_t seen) noexcept;
  void sleep(bool is_quiet, std::uint64_t seen) noexcept;
  void wake_home() noexcept;

  // How home sleeps: not at all, until the next look, or until it is rung.
  enum class rest : std::uint8_t { none, watching, quiet };

  lendable_loop& loop_;
  completion_queue& bell_;
  alignas(cache_line) std::atomic<std::uint64_t> word_{home};
  std::atomic<rest> rest_{rest::none};
  std::atomic<bool> is_recalled_{false};
  bool is_for_good_ = false;
  std::atomic<worker_port*> wanted_by_{nullptr};
  std::atomic<std::uint64_t> lent_{0};
  std::atomic<std::uint64_t> passed_on_{0};
  std::atomic<std::uint64_t> given_back_{0};
  std::atomic<std::uint64_t> taken_back_{0};
  event_fd home_bell_;
};

} // namespace fasterapi::dispatch
