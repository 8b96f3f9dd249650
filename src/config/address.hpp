#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace fasterapi::config {

struct address {
  std::string host; // without brackets
  std::uint16_t port = 0;
};

/// "127.0.0.1:9090", "[::1]:9090", ":9090" (every address: "::").
std::optional<address> parse_address(std::string_view text);

} // namespace fasterapi::config
