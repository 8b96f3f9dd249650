#include "dispatch/websocket_channel.hpp"

#include "dispatch/completion_queue.hpp"
#include "dispatch/worker_port.hpp"

namespace fasterapi::dispatch {

websocket_channel::websocket_channel(std::size_t buffer_bytes) noexcept
    : to_worker(buffer_bytes), to_reactor(buffer_bytes) {
  worker_word_.carrier.is_word = true;
  reactor_word_.carrier.is_word = true;
}

void websocket_channel::accept(acceptance with, job& handshake) noexcept {
  acceptance_ = std::move(with);
  is_accepted_ = true;
  worker_word_.carrier.worker = handshake.worker;
  worker_word_.carrier.handler = handshake.handler;
  reactor_word_.carrier.origin = handshake.origin;
}

void websocket_channel::tell_reactor() noexcept {
  if (has_reactor_left() || !start(reactor_word_)) return;
  reactor_word_.carrier.origin->complete(reactor_word_.carrier);
}

void websocket_channel::tell_worker() noexcept {
  if (has_worker_left() || !start(worker_word_)) return;
  worker_word_.carrier.worker->resume(worker_word_.carrier);
}

void websocket_channel::abandon() noexcept {
  leave_reactor();
  if (is_accepted_) tell_worker();
}

/// What was pushed before is seen by whoever clears the mark, if it was set already.
bool websocket_channel::start(word& sent) noexcept {
  if (sent.is_under_way.exchange(true, std::memory_order_seq_cst)) return false;
  sent.carrier.websocket = shared_from_this();
  return true;
}

std::shared_ptr<websocket_channel> websocket_channel::take_word(job& arrived) noexcept {
  std::shared_ptr<websocket_channel> about = std::move(arrived.websocket);
  about->word_of(arrived).is_under_way.exchange(false, std::memory_order_seq_cst);
  return about;
}

websocket_channel::word& websocket_channel::word_of(const job& carrier) noexcept {
  return &carrier == &worker_word_.carrier ? worker_word_ : reactor_word_;
}

} // namespace fasterapi::dispatch
