#include "dispatch/websocket_channel.hpp"

namespace fasterapi::dispatch {

websocket_channel::websocket_channel(std::size_t buffer_bytes) noexcept
    : channel(kind::websocket), to_worker(buffer_bytes), to_reactor(buffer_bytes) {}

void websocket_channel::accept(acceptance with, job& handshake) noexcept {
  acceptance_ = std::move(with);
  is_accepted_ = true;
  address_worker(handshake);
  address_reactor(*handshake.origin);
}

void websocket_channel::abandon() noexcept {
  leave_reactor();
  if (is_accepted_) tell_worker();
}

} // namespace fasterapi::dispatch
