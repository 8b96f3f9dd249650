#pragma once

#include "dispatch/channel.hpp"
#include "dispatch/pipe.hpp"
#include "http/byte_buffer.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace fasterapi::dispatch {

/// One message of a WebSocket, or the last: its end.
struct websocket_message {
  enum class kind : std::uint8_t { text, binary, close };
  kind what = kind::text;
  std::uint16_t code = 0;    // with close
  http::byte_buffer payload; // with close: the reason, UTF-8
  websocket_message* next = nullptr;

  /// What it counts for: its payload, and the memory of the message itself.
  std::size_t cost() const noexcept { return payload.size() + sizeof *this + 64; }
};

using websocket_pipe = pipe<websocket_message>;

/// A WebSocket's channel, from the handshake to the end of its connection and its handler: messages
/// in either direction.
///
/// The handshake is a job like any other, which a worker answers: with an HTTP response, or by
/// accept(). From then on word goes both ways.
class websocket_channel : public channel {
public:
  /// What the answer to the handshake has beside what the protocol wants.
  struct acceptance {
    std::string subprotocol; // empty: none
    std::vector<std::pair<std::string, std::string>> fields;
  };

  explicit websocket_channel(std::size_t buffer_bytes) noexcept;

  websocket_pipe to_worker;
  websocket_pipe to_reactor;

  // The worker's thread.

  /// Before the handshake's job is handed back: the connection is to become a WebSocket.
  void accept(acceptance with, job& handshake) noexcept;
  bool is_accepted() const noexcept { return is_accepted_; } // the reactor: once the job is back

  // The reactor's thread.

  const acceptance& accepted() const noexcept { return acceptance_; }
  /// The connection was gone before it could become a WebSocket.
  void abandon() noexcept;

private:
  acceptance acceptance_;
  bool is_accepted_ = false;
};

} // namespace fasterapi::dispatch
