#pragma once

#include <array>
#include <cstdint>
#include <string>

struct sockaddr_storage;

namespace fasterapi::http {

/// The other end of a connection. A Unix socket's has neither host nor port.
struct peer_address {
  enum class family : std::uint8_t { local, v4, v6 };

  family of = family::local;
  std::uint16_t port = 0;
  std::array<unsigned char, 16> bytes{}; // in network order; 4 of them for v4

  static peer_address from(const sockaddr_storage& address) noexcept;

  std::string host() const; // "192.0.2.1", "2001:db8::1" (RFC 5952), ""
  std::string text() const; // "192.0.2.1:80", "[2001:db8::1]:80", "unix"
};

} // namespace fasterapi::http
