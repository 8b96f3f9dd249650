#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace fasterapi::http {

/// Classes of bytes that the grammars of RFC 9110, 9112 and 3986 are made of; one byte may be in
/// several. Bytes from 0x80 on are obs-text (RFC 9110, section 5.5).
enum character_class : std::uint8_t {
  token_character = 1,       // RFC 9110, section 5.6.2
  path_character = 2,        // pchar, '/' and the '%' of an escape (RFC 3986, section 3.3)
  host_character = 4,        // of a reg-name, without '%' (RFC 3986, section 3.2.2)
  target_character = 8,      // visible ASCII but '#': what browsers send in a query, unescaped
  quoted_character = 16,     // qdtext (RFC 9110, section 5.6.4)
  text_character = 32,       // field-vchar, SP and HTAB
  plain_path_character = 64, // path_character but '%' and '.', which need a closer look
};

inline constexpr std::array<std::uint8_t, 256> character_classes = [] {
  std::array<std::uint8_t, 256> table{};
  const auto add = [&table](std::string_view characters, int classes) {
    for (const char c : characters) table[static_cast<unsigned char>(c)] |= classes & 0xff;
  };
  for (int c = 0x21; c <= 0x7e; ++c) {
    table[c] = text_character;
    if (c != '#') table[c] |= target_character;
    if (c != '"' && c != '\\') table[c] |= quoted_character;
  }
  for (int c = 0x80; c <= 0xff; ++c) table[c] = quoted_character | text_character;
  add("\t ", quoted_character | text_character);
  add("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~",
      token_character | path_character | host_character);
  add("!$&'*+", token_character | path_character | host_character);
  add("(),;=", path_character | host_character);
  add("#%^`|", token_character);
  add("/:@%", path_character);
  for (auto& classes : table) {
    if (classes & path_character) classes |= plain_path_character;
  }
  table['%'] &= ~plain_path_character;
  table['.'] &= ~plain_path_character;
  return table;
}();

constexpr bool is_in(char c, character_class group) noexcept {
  return (character_classes[static_cast<unsigned char>(c)] & group) != 0;
}
constexpr bool all_in(std::string_view text, character_class group) noexcept {
  for (const char c : text) {
    if (!is_in(c, group)) return false;
  }
  return true;
}
constexpr bool is_token(std::string_view text) noexcept {
  return !text.empty() && all_in(text, token_character);
}

constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
constexpr bool is_blank(char c) noexcept { return c == ' ' || c == '\t'; }
/// ASCII letters to lower case, other bytes as they are.
constexpr char to_lower(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
}
/// Value of a hexadecimal digit, -1 for any other byte.
constexpr int hex_value(char c) noexcept {
  if (is_digit(c)) return c - '0';
  const char lower = to_lower(c);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

} // namespace fasterapi::http
