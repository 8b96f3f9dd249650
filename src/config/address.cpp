#include "config/address.hpp"

#include <charconv>

namespace fasterapi::config {

std::optional<address> parse_address(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == text.npos) return std::nullopt;
  std::string_view host = text.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  address made{std::string{host.empty() ? "::" : host}, 0};
  const char* const end = text.data() + text.size();
  const auto read = std::from_chars(text.data() + colon + 1, end, made.port);
  if (read.ec != std::errc{} || read.ptr != end) return std::nullopt;
  return made;
}

} // namespace fasterapi::config
