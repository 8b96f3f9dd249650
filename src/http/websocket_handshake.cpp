#include "http/websocket_handshake.hpp"

#include "http/characters.hpp"
#include "http/field_syntax.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace fasterapi::http {

namespace {

constexpr std::size_t key_size = 24; // 16 bytes in base64, padding included
constexpr std::size_t most_subprotocols = 64;

bool has_element(const request& in, std::string_view name, std::string_view wanted) noexcept {
  for (const field& each : in.fields) {
    if (!iequals(each.name, name)) continue;
    for (std::string_view left = each.value; !left.empty();) {
      if (iequals(take_item(left, ','), wanted)) return true;
    }
  }
  return false;
}

/// The value of a field that must be there once; empty otherwise.
std::string_view find_only(const request& in, std::string_view name) noexcept {
  std::string_view found;
  std::size_t count = 0;
  for (const field& each : in.fields) {
    if (!iequals(each.name, name)) continue;
    found = each.value;
    ++count;
  }
  return count == 1 ? found : std::string_view{};
}

bool is_key(std::string_view text) noexcept {
  if (text.size() != key_size || !text.ends_with("==")) return false;
  for (const char c : text.substr(0, key_size - 2)) {
    const bool is_letter = to_lower(c) >= 'a' && to_lower(c) <= 'z';
    if (!is_letter && !is_digit(c) && c != '+' && c != '/') return false;
  }
  return true;
}

/// Tokens, each once (RFC 6455, section 4.1, item 10).
class subprotocol_set {
public:
  bool add_list(std::string_view list) noexcept {
    std::size_t commas = static_cast<std::size_t>(std::count(list.begin(), list.end(), ','));
    do {
      if (!add(take_item(list, ','))) return false;
    } while (commas-- != 0);
    return true;
  }

private:
  bool add(std::string_view name) noexcept {
    const auto end = seen_.begin() + static_cast<std::ptrdiff_t>(count_);
    if (!is_token(name) || count_ == seen_.size() || std::find(seen_.begin(), end, name) != end)
      return false;
    seen_[count_++] = name;
    return true;
  }

  std::array<std::string_view, most_subprotocols> seen_;
  std::size_t count_ = 0;
};

bool are_subprotocols_valid(const request& in) noexcept {
  subprotocol_set seen;
  for (const field& each : in.fields) {
    if (iequals(each.name, "sec-websocket-protocol") && !seen.add_list(each.value)) return false;
  }
  return true;
}

bool are_extensions_valid(const request& in) noexcept {
  for (const field& each : in.fields) {
    if (iequals(each.name, "sec-websocket-extensions") && !is_extension_list(each.value))
      return false;
  }
  return true;
}

/// Reads an extension list from the left.
class extension_reader {
public:
  explicit extension_reader(std::string_view text) noexcept : left_(text) {}

  bool read_list() noexcept {
    do {
      if (!read_extension()) return false;
    } while (take(','));
    return left_.empty();
  }

private:
  bool read_extension() noexcept {
    if (!read_token()) return false;
    while (take(';')) {
      if (!read_token()) return false;
      if (take('=') && !read_value()) return false;
    }
    return true;
  }

  bool read_value() noexcept {
    if (!take('"')) return read_token();
    // Without its escapes it must be a token, which has no use for any.
    const auto end = left_.find('"');
    if (end == std::string_view::npos || !is_token(left_.substr(0, end))) return false;
    left_.remove_prefix(end + 1);
    return true;
  }

  bool read_token() noexcept {
    skip_blanks();
    std::size_t size = 0;
    while (size < left_.size() && is_in(left_[size], token_character)) ++size;
    left_.remove_prefix(size);
    return size != 0;
  }

  bool take(char wanted) noexcept {
    skip_blanks();
    if (left_.empty() || left_.front() != wanted) return false;
    left_.remove_prefix(1);
    return true;
  }

  void skip_blanks() noexcept {
    while (!left_.empty() && is_blank(left_.front())) left_.remove_prefix(1);
  }

  std::string_view left_;
};

} // namespace

bool asks_for_websocket(const request& asking) noexcept {
  return asking.has_upgrade && !asking.is_http_1_0 && asking.verb == method::get &&
         has_element(asking, "upgrade", "websocket") &&
         has_element(asking, "connection", "upgrade");
}

error check_websocket_handshake(const request& asking) noexcept {
  if (asking.has_body()) return {400, "a WebSocket handshake has no body"};
  const std::string_view version = find_only(asking, "sec-websocket-version");
  if (version.empty()) return {400, "missing or repeated Sec-WebSocket-Version"};
  if (version != "13") return {426, "unknown Sec-WebSocket-Version"};
  if (!is_key(find_only(asking, "sec-websocket-key"))) return {400, "invalid Sec-WebSocket-Key"};
  if (!are_subprotocols_valid(asking)) return {400, "invalid Sec-WebSocket-Protocol"};
  if (!are_extensions_valid(asking)) return {400, "invalid Sec-WebSocket-Extensions"};
  return {};
}

bool is_extension_list(std::string_view text) noexcept {
  return extension_reader{text}.read_list();
}

} // namespace fasterapi::http
