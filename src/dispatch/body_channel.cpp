#include "dispatch/body_channel.hpp"

namespace fasterapi::dispatch {

body_channel::body_channel(std::size_t buffer_bytes, completion_queue& origin) noexcept
    : channel(kind::body), pieces(buffer_bytes) {
  address_reactor(origin);
  hold_word_to_worker();
}

void body_channel::attach(const job& taken) noexcept {
  address_worker(taken);
  release_word_to_worker();
}

void body_channel::want() noexcept {
  if (!is_wanted_.exchange(true, std::memory_order_acq_rel)) tell_reactor();
}

void body_channel::end() noexcept {
  note_left(0);
  is_whole_.store(true, std::memory_order_release);
  tell_worker();
}

void body_channel::break_off() noexcept {
  leave_reactor();
  tell_worker();
}

} // namespace fasterapi::dispatch
