#pragma once

#include <cstdint>
#include <string_view>

namespace fasterapi::http {

/// Fields that say something of the message or the connection; all others are `other`.
enum class known_field : std::uint8_t {
  other,
  connection,
  content_length,
  expect,
  host,
  proxy_connection,
  te,
  trailer,
  transfer_encoding,
  upgrade,
};

/// ASCII case-insensitive. `name` must be a token (RFC 9110, section 5.1).
known_field to_known_field(std::string_view name) noexcept;

} // namespace fasterapi::http
