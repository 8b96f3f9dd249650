#include "http/characters.hpp"
#include "http/target.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>

namespace fasterapi::http {

namespace {

bool is_ipv6_address(std::string_view text) noexcept {
  std::array<char, INET6_ADDRSTRLEN> terminated{};
  if (text.size() >= terminated.size() || text.find('\0') != std::string_view::npos) return false;
  std::copy(text.begin(), text.end(), terminated.begin());
  in6_addr address{};
  return inet_pton(AF_INET6, terminated.data(), &address) == 1;
}

/// "v" 1*HEXDIG "." 1*( unreserved / sub-delims / ":" )
bool is_ip_future(std::string_view text) noexcept {
  if (text.empty() || to_lower(text.front()) != 'v') return false;
  const auto dot = text.find('.');
  if (dot == std::string_view::npos || dot == 1 || dot + 1 == text.size()) return false;
  const auto version = text.substr(1, dot - 1);
  const auto address = text.substr(dot + 1);
  return std::all_of(version.begin(), version.end(), [](char c) { return hex_value(c) >= 0; }) &&
         std::all_of(address.begin(), address.end(),
                     [](char c) { return c == ':' || is_in(c, host_character); });
}

bool is_registered_name(std::string_view text) noexcept {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (is_in(text[i], host_character)) continue;
    if (text[i] != '%' || i + 2 >= text.size()) return false;
    if (hex_value(text[i + 1]) < 0 || hex_value(text[i + 2]) < 0) return false;
    i += 2;
  }
  return true;
}

/// *DIGIT by the grammar; what no TCP port can be is refused as well.
bool is_port(std::string_view text) noexcept {
  unsigned value = 0;
  for (const char c : text) {
    if (!is_digit(c)) return false;
    value = value * 10 + static_cast<unsigned>(c - '0');
    if (value > 65535) return false;
  }
  return true;
}

} // namespace

bool is_valid_host(std::string_view host) noexcept {
  if (!host.empty() && host.front() == '[') {
    const auto end = host.find(']');
    if (end == std::string_view::npos) return false;
    const auto literal = host.substr(1, end - 1);
    const auto rest = host.substr(end + 1);
    return (is_ipv6_address(literal) || is_ip_future(literal)) &&
           (rest.empty() || (rest.front() == ':' && is_port(rest.substr(1))));
  }
  std::size_t end = 0;
  while (end != host.size() && is_in(host[end], host_character)) ++end;
  if (end == host.size()) return true;
  if (host[end] == ':') return end != 0 && is_port(host.substr(end + 1)); // a port alone is none
  const auto colon = host.find(':', end);
  return is_registered_name(host.substr(0, colon)) &&
         (colon == std::string_view::npos || is_port(host.substr(colon + 1)));
}

} // namespace fasterapi::http
