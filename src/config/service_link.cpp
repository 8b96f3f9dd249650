#include "config/service_link.hpp"

#include <algorithm>
#include <array>

namespace fasterapi::config {
namespace {

constexpr std::array<std::string_view, 3> protocols{"TCP", "UDP", "SCTP"};
constexpr std::array<std::string_view, 4> parts{"", "_PROTO", "_PORT", "_ADDR"};

bool is_url(std::string_view value) {
  return value.starts_with("tcp://") || value.starts_with("udp://") || value.starts_with("sctp://");
}

/// "80_TCP_ADDR": behind "_PORT_".
bool is_port_part(std::string_view text) {
  const auto digits = std::min(text.find_first_not_of("0123456789"), text.size());
  if (digits == 0 || digits == text.size() || text[digits] != '_') return false;
  text.remove_prefix(digits + 1);
  for (const auto protocol : protocols) {
    if (!text.starts_with(protocol)) continue;
    return std::find(parts.begin(), parts.end(), text.substr(protocol.size())) != parts.end();
  }
  return false;
}

/// "_SERVICE_PORT" or "_SERVICE_PORT_HTTP" at the end.
bool names_service_port(std::string_view variable) {
  constexpr std::string_view words = "_SERVICE_PORT";
  const auto at = variable.find(words);
  if (at == variable.npos) return false;
  const auto rest = variable.substr(at + words.size());
  return rest.empty() || (rest.size() > 1 && rest.front() == '_');
}

} // namespace

bool is_service_link(std::string_view variable, std::string_view value) {
  if (!variable.starts_with("FASTERAPI_")) return false;
  if (variable.ends_with("_SERVICE_HOST") || names_service_port(variable)) return true;
  if (variable.ends_with("_PORT") && is_url(value)) return true;
  constexpr std::string_view words = "_PORT_";
  const auto at = variable.find(words);
  return at != variable.npos && is_port_part(variable.substr(at + words.size()));
}

} // namespace fasterapi::config
