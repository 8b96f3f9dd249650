#include "require.hpp"

#include "http/head_parser.hpp"
#include "http/websocket_handshake.hpp"

#include <cstdint>
#include <string>

using namespace fasterapi;
using fuzz::require;

/// The fields of a GET.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  const fuzz::exact_copy value(text);
  const bool is_list = http::is_extension_list(value.view());
  require(!is_list || text.find_first_not_of(" \t,;=\"") != text.npos, "a list names something");
  const std::string head = "GET / HTTP/1.1\r\nHost: a\r\n" + std::string{text} + "\r\n\r\n";
  const fuzz::exact_copy bytes(head);
  const http::head_limits limits;
  http::head_parser parser(limits);
  http::request parsed;
  const auto outcome = parser.parse(bytes.view(), parsed);
  if (outcome.state != http::head_parser::outcome::done) return 0;
  if (!http::asks_for_websocket(parsed)) return 0;
  require(parsed.has_upgrade, "it has the field");
  const auto refused = http::check_websocket_handshake(parsed);
  require(!refused || refused.status == 400 || refused.status == 426, "a documented status");
  if (refused) return 0;
  require(parsed.find("sec-websocket-version") == "13", "of the one version");
  require(parsed.find("sec-websocket-key").value_or("").size() == 24, "with a key");
  return 0;
}
