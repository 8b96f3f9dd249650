#include "http/utf8.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <stdexcept>

namespace fasterapi::http {

namespace {

struct sequence {
  std::size_t length; // that its first byte asks for; 0: none begins so
  std::size_t valid;  // bytes that are as they have to be
};

/// The sequence at the front (the table of RFC 3629, section 4: only the second byte's range
/// depends on the first).
sequence sequence_at(const unsigned char* first, std::size_t available) noexcept {
  const unsigned char lead = first[0];
  if (lead < 0x80) return {1, 1};
  if (lead < 0xc2 || lead > 0xf4) return {0, 1};
  const std::size_t length = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  unsigned char low = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
  unsigned char high = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
  std::size_t valid = 1;
  for (; valid < std::min(length, available); ++valid) {
    if (first[valid] < low || first[valid] > high) break;
    low = 0x80;
    high = 0xbf;
  }
  return {length, valid};
}

const unsigned char* bytes_of(std::string_view text) noexcept {
  return reinterpret_cast<const unsigned char*>(text.data());
}

} // namespace

bool is_utf8(std::string_view text) noexcept {
  for (std::size_t at = 0; at < text.size();) {
    const auto [length, valid] = sequence_at(bytes_of(text) + at, text.size() - at);
    if (length != valid) return false;
    at += length;
  }
  return true;
}

void append_replaced(std::string& into, std::string_view text) {
  while (!text.empty()) {
    const auto [length, valid] = sequence_at(bytes_of(text), text.size());
    into += length == valid ? text.substr(0, valid) : std::string_view{"\xEF\xBF\xBD"};
    text.remove_prefix(valid);
  }
}

void append_latin_as_utf8(std::string& into, std::string_view text) {
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80) {
      into += c;
    } else {
      into += static_cast<char>(0xC0 | byte >> 6);
      into += static_cast<char>(0x80 | (byte & 0x3F));
    }
  }
}

void append_utf8_as_latin(std::string& into, std::string_view text) {
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto lead = static_cast<unsigned char>(text[at]);
    if (lead < 0x80) {
      into += text[at];
    } else if (lead <= 0xC3 && at + 1 < text.size()) {
      into += static_cast<char>(lead << 6 | (static_cast<unsigned char>(text[++at]) & 0x3F));
    } else {
      throw std::invalid_argument{"text is not ISO 8859-1"};
    }
  }
}

} // namespace fasterapi::http
