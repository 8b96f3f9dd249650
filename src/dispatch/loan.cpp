#include "dispatch/loan.hpp"

#include "dispatch/worker_port.hpp"

#include <poll.h>

namespace fasterapi::dispatch {

namespace {

constexpr int looks_before_quiet = 8; // with nothing going on between them

} // namespace

bool loan::lend_if_wanted() {
  if (wanted_by_.load(std::memory_order_relaxed) == nullptr) return false;
  worker_port* const to = wanted_by_.exchange(nullptr);
  if (to == nullptr || is_recalled_.load()) return false;
  lent_.fetch_add(1, std::memory_order_relaxed);
  hand_to(*to);
  watch();
  loop_.seat(-1);
  return true;
}

void loan::hand_to(worker_port& next) {
  const auto lent = (word_.load(std::memory_order_relaxed) & ~phase_bits) + step + away;
  word_.store(lent, std::memory_order_seq_cst);
  next.offer(*this, lent);
}

void loan::recall() noexcept {
  is_recalled_.store(true);
  wake_home();
  bell_.nudge(); // the worker may sleep in the loop
}

loan::statistics loan::stats() const noexcept {
  return {lent_.load(std::memory_order_relaxed), passed_on_.load(std::memory_order_relaxed),
          given_back_.load(std::memory_order_relaxed), taken_back_.load(std::memory_order_relaxed)};
}

bool loan::want(worker_port& by) noexcept {
  worker_port* nobody = nullptr;
  if (is_recalled_.load(std::memory_order_relaxed) ||
      !wanted_by_.compare_exchange_strong(nobody, &by)) {
    return false;
  }
  if (!is_lent()) bell_.nudge(); // who returns home looks by itself
  return true;
}

void loan::want_no_more(worker_port& by) noexcept {
  auto* wanted_by = &by;
  wanted_by_.compare_exchange_strong(wanted_by, nullptr);
}

bool loan::enter(std::uint64_t& known) noexcept {
  const auto next = (known & ~phase_bits) + step + turning;
  auto expected = known;
  // Acquire: whoever ran the loop before has left it as it is now.
  if (!word_.compare_exchange_strong(expected, next, std::memory_order_acq_rel,
                                     std::memory_order_relaxed)) {
    return false;
  }
  known = next;
  if (!is_recalled_.load(std::memory_order_relaxed)) return true;
  give_back();
  return false;
}

void loan::leave(std::uint64_t& known, phase into) noexcept {
  known = (known & ~phase_bits) + step + into;
  if (is_for_good_) return word_.store(known, std::memory_order_release);
  // First the word, then a look whether home sleeps; home does it the other way round.
  word_.store(known, std::memory_order_seq_cst);
  if (into == away && rest_.load(std::memory_order_seq_cst) == rest::quiet) wake_home();
}

void loan::give_back() noexcept {
  worker_port* const next = wanted_by_.load() == nullptr ? nullptr : wanted_by_.exchange(nullptr);
  if (next != nullptr && !is_recalled_.load()) {
    passed_on_.fetch_add(1, std::memory_order_relaxed);
    hand_to(*next);
    if (rest_.load(std::memory_order_seq_cst) == rest::quiet) wake_home();
    return;
  }
  given_back_.fetch_add(1, std::memory_order_relaxed);
  word_.store((word_.load(std::memory_order_relaxed) & ~phase_bits) + step + home,
              std::memory_order_seq_cst);
  wake_home();
}

/// Until the reactor is home: looks every now and then whether the worker has moved.
void loan::watch() {
  std::uint64_t seen = word_.load(std::memory_order_acquire);
  for (int unchanged = 0; phase_of(seen) != home;) {
    const bool has_nothing_to_see =
        is_for_good_ || (phase_of(seen) != away && unchanged >= looks_before_quiet);
    const bool is_quiet = has_nothing_to_see && !is_recalled_.load();
    sleep(is_quiet, seen);
    const auto now = word_.load(std::memory_order_acquire);
    const bool has_stood_still = now == seen && !is_for_good_;
    if (may_take_back(now, has_stood_still) && take_back(now)) return;
    unchanged = has_stood_still ? unchanged + 1 : 0;
    seen = now;
  }
}

bool loan::may_take_back(std::uint64_t word, bool has_stood_still) const noexcept {
  if (phase_of(word) == away) return has_stood_still || is_recalled_.load();
  return phase_of(word) == held && is_recalled_.load();
}

bool loan::take_back(std::uint64_t seen) noexcept {
  const auto next = (seen & ~phase_bits) + step + home;
  if (!word_.compare_exchange_strong(seen, next, std::memory_order_acq_rel,
                                     std::memory_order_relaxed)) {
    return false;
  }
  taken_back_.fetch_add(1, std::memory_order_relaxed);
  return true;
}

void loan::sleep(bool is_quiet, std::uint64_t seen) noexcept {
  rest_.store(is_quiet ? rest::quiet : rest::watching, std::memory_order_seq_cst);
  const auto word = word_.load(std::memory_order_seq_cst);
  const bool may_sleep = phase_of(word) != home &&
                         (!is_quiet || ((word == seen || is_for_good_) && !is_recalled_.load()));
  bool is_rung = false;
  if (may_sleep) {
    const timespec until_next_look{0, std::chrono::nanoseconds{between_looks}.count()};
    pollfd waited{home_bell_.get(), POLLIN, 0};
    is_rung = ::ppoll(&waited, 1, is_quiet ? nullptr : &until_next_look, nullptr) > 0;
  }
  rest_.store(rest::none, std::memory_order_seq_cst);
  // Who found us asleep may ring only now: that ends a later sleep early, no more.
  if (is_rung) home_bell_.drain();
}

void loan::wake_home() noexcept {
  if (rest_.exchange(rest::none, std::memory_order_seq_cst) != rest::none) home_bell_.notify();
}

} // namespace fasterapi::dispatch
