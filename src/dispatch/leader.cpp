#include "dispatch/leader.hpp"

#include <utility>

namespace fasterapi::dispatch {

bool leader::accept(int guest_fd) {
  if (offered_.load(std::memory_order_relaxed) == nullptr) return is_leading();
  led_ = offered_.exchange(nullptr, std::memory_order_acquire);
  known_ = offered_word_.load(std::memory_order_relaxed);
  wanted_ = nullptr;
  lendable_loop* loop = enter();
  if (loop == nullptr) return false;
  loop->seat(guest_fd);
  leave();
  return true;
}

lendable_loop* leader::enter() noexcept {
  if (led_ == nullptr) return nullptr;
  if (led_->enter(known_)) return &led_->loop_;
  led_ = nullptr;
  return nullptr;
}

void leader::hold() noexcept {
  if (led_ == nullptr || led_->is_for_good_ || enter() == nullptr) return;
  led_->leave(known_, loan::held);
}

bool leader::want(loan& wanted, worker_port& as) noexcept {
  if (!wanted.want(as)) return false;
  wanted_ = &wanted;
  return true;
}

void leader::want_no_more(worker_port& as) noexcept {
  if (wanted_ != nullptr) std::exchange(wanted_, nullptr)->want_no_more(as);
}

void leader::give_back() noexcept {
  if (enter() == nullptr) return;
  led_->give_back();
  led_ = nullptr;
}

} // namespace fasterapi::dispatch
