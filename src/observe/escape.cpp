#include "observe/escape.hpp"

#include <algorithm>
#include <cstddef>

namespace fasterapi::observe {

namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD"; // U+FFFD
constexpr std::string_view hex_digits = "0123456789abcdef";

unsigned char byte(char c) noexcept { return static_cast<unsigned char>(c); }

bool is_continuation(char c) noexcept { return (byte(c) & 0xC0) == 0x80; }

// Length of the well-formed sequence at the front (Unicode, table 3-7), or 0.
std::size_t utf8_length(std::string_view bytes) noexcept {
  const auto first = byte(bytes[0]);
  if (first < 0x80) return 1;
  const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || bytes.size() < length) return 0;
  if (!std::all_of(bytes.begin() + 1, bytes.begin() + static_cast<std::ptrdiff_t>(length),
                   is_continuation)) {
    return 0;
  }
  const auto second = byte(bytes[1]);
  const bool is_overlong = (first == 0xE0 && second < 0xA0) || (first == 0xF0 && second < 0x90);
  const bool is_surrogate = first == 0xED && second > 0x9F;
  const bool is_beyond = first == 0xF4 && second > 0x8F;
  return is_overlong || is_surrogate || is_beyond ? 0 : length;
}

void append_hex(std::string& to, std::string_view prefix, char c) {
  to += prefix;
  to += hex_digits[byte(c) >> 4];
  to += hex_digits[byte(c) & 15];
}

void append_json_ascii(std::string& to, char c) {
  switch (c) {
  case '"':
    to += "\\\"";
    break;
  case '\\':
    to += "\\\\";
    break;
  case '\n':
    to += "\\n";
    break;
  case '\r':
    to += "\\r";
    break;
  case '\t':
    to += "\\t";
    break;
  default:
    if (byte(c) < 0x20) {
      append_hex(to, "\\u00", c);
    } else {
      to += c;
    }
  }
}

// Appends runs that need nothing in one piece; `escape` gets the rest of the bytes at the first
// that does and returns how many it dealt with.
template <class IsPlain, class Escape>
void append_escaped(std::string& to, std::string_view bytes, IsPlain is_plain, Escape escape) {
  while (!bytes.empty()) {
    const auto run = std::find_if_not(bytes.begin(), bytes.end(), is_plain) - bytes.begin();
    to += bytes.substr(0, static_cast<std::size_t>(run));
    bytes.remove_prefix(static_cast<std::size_t>(run));
    if (!bytes.empty()) bytes.remove_prefix(escape(bytes));
  }
}

// A sequence beyond ASCII as it is, or its first byte replaced.
std::size_t append_sequence(std::string& to, std::string_view bytes) {
  const auto length = utf8_length(bytes);
  to += length == 0 ? replacement : bytes.substr(0, length);
  return length == 0 ? 1 : length;
}

bool is_printable_ascii(char c) noexcept { return byte(c) >= 0x20 && byte(c) < 0x7F; }

std::size_t append_message_special(std::string& to, std::string_view bytes) {
  const auto c = bytes[0];
  if (bytes.substr(0, 2) == "\r\n") return 1;
  if (c == '\n') {
    to += "\n    ";
    return 1;
  }
  if (byte(c) < 0x80) {
    append_hex(to, "\\x", c);
    return 1;
  }
  if (byte(c) == 0xC2 && bytes.size() > 1 && is_continuation(bytes[1]) && byte(bytes[1]) < 0xA0) {
    append_hex(to, "\\x", bytes[1]); // U+0080 to U+009F: control characters too (CSI is U+009B)
    return 2;
  }
  return append_sequence(to, bytes);
}

} // namespace

void append_json_escaped(std::string& to, std::string_view bytes) {
  append_escaped(
      to, bytes, [](char c) { return is_printable_ascii(c) && c != '"' && c != '\\'; },
      [&](std::string_view rest) -> std::size_t {
        if (byte(rest[0]) >= 0x80) return append_sequence(to, rest);
        append_json_ascii(to, rest[0]);
        return 1;
      });
}

void append_message(std::string& to, std::string_view bytes) {
  while (!bytes.empty() && (bytes.back() == '\n' || bytes.back() == '\r')) bytes.remove_suffix(1);
  append_escaped(
      to, bytes, [](char c) { return is_printable_ascii(c) || c == '\t'; },
      [&](std::string_view rest) { return append_message_special(to, rest); });
}

void append_quoted(std::string& to, std::string_view bytes) {
  append_escaped(
      to, bytes, [](char c) { return is_printable_ascii(c) && c != '"' && c != '\\'; },
      [&](std::string_view rest) -> std::size_t {
        append_hex(to, "\\x", rest[0]);
        return 1;
      });
}

} // namespace fasterapi::observe
