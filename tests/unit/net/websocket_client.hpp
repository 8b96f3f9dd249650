#pragma once

#include "unit/net/client.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace fasterapi::net::test {

enum class opcode : unsigned {
  continuation = 0,
  text = 1,
  binary = 2,
  close = 8,
  ping = 9,
  pong = 10
};

struct frame {
  unsigned first = 0; // flags and opcode
  std::string payload;
  bool operator==(const frame&) const = default;
};

inline frame final_frame(opcode what, std::string payload) {
  return {0x80U | static_cast<unsigned>(what), std::move(payload)};
}

inline std::string big_endian(std::uint64_t value, int bytes) {
  std::string text;
  while (bytes-- > 0) text += static_cast<char>(value >> (8 * bytes) & 0xff);
  return text;
}

/// A frame of a client, masked; `first` is its first byte.
inline std::string client_frame(unsigned first, std::string_view payload) {
  std::string text(1, static_cast<char>(first));
  if (payload.size() < 126) {
    text += static_cast<char>(0x80 | payload.size());
  } else if (payload.size() < 65536) {
    text += static_cast<char>(0x80 | 126);
    text += big_endian(payload.size(), 2);
  } else {
    text += static_cast<char>(0x80 | 127);
    text += big_endian(payload.size(), 8);
  }
  const std::string mask = "\x12\x34\x56\x78";
  text += mask;
  for (std::size_t i = 0; i < payload.size(); ++i)
    text += static_cast<char>(payload[i] ^ mask[i % 4]);
  return text;
}

inline std::string close_payload(std::uint16_t code, std::string_view reason = {}) {
  return big_endian(code, 2) + std::string{reason};
}

inline std::string handshake(const std::string& target = "/ws", const std::string& fields = {}) {
  return "GET " + target +
         " HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
         "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n" +
         fields + "\r\n";
}

/// The client's side of a WebSocket, which sends what it is told.
class websocket_client : public client {
public:
  explicit websocket_client(std::uint16_t port, const std::string& target = "/ws",
                            const std::string& fields = {})
      : client(port) {
    client::send(handshake(target, fields));
    head = read_head();
  }

  void send(opcode what, std::string_view payload, bool is_final = true) {
    client::send(client_frame((is_final ? 0x80U : 0U) | static_cast<unsigned>(what), payload));
  }
  /// The next frame; first is 0 at the end of the stream.
  frame read() {
    const std::string start = read_exactly(2);
    if (start.size() < 2) return {};
    std::uint64_t size = static_cast<unsigned char>(start[1]);
    if (size >= 126) {
      std::uint64_t longer = 0;
      for (const char c : read_exactly(size == 126 ? 2 : 8))
        longer = longer << 8 | static_cast<unsigned char>(c);
      size = longer;
    }
    return {static_cast<unsigned char>(start[0]), read_exactly(size)};
  }

  std::string head; // of the handshake's answer
};

} // namespace fasterapi::net::test
