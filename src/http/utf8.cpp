#include "http/utf8.hpp"

#include <cstddef>
#include <cstdint>

namespace fasterapi::http {

namespace {

/// Length of the well-formed sequence that starts at `first`, 0 if there is none (the table of
/// RFC 3629, section 4: only the second byte's range depends on the first).
std::size_t sequence_length(const unsigned char* first, std::size_t available) noexcept {
  const unsigned char lead = first[0];
  if (lead < 0x80) return 1;
  if (lead < 0xc2 || lead > 0xf4) return 0;
  const std::size_t length = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  if (available < length) return 0;
  const unsigned char low = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
  const unsigned char high = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
  if (first[1] < low || first[1] > high) return 0;
  for (std::size_t i = 2; i < length; ++i) {
    if ((first[i] & 0xc0) != 0x80) return 0;
  }
  return length;
}

} // namespace

bool is_utf8(std::string_view text) noexcept {
  const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = sequence_length(bytes + at, text.size() - at);
    if (length == 0) return false;
    at += length;
  }
  return true;
}

} // namespace fasterapi::http
