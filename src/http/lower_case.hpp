#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <type_traits>

namespace fasterapi::http {

/// Equality but for the case of ASCII letters, some bytes at a time. `lower` is made of lower-case
/// letters and dashes, four at least; `text` has no control characters, since a CR would pass for
/// a dash.
template <std::size_t Terminated>
bool equals_lower(std::string_view text, const char (&lower)[Terminated]) noexcept {
  constexpr std::size_t size = Terminated - 1;
  static_assert(size >= sizeof(std::uint32_t));
  using word = std::conditional_t<(size >= 8), std::uint64_t, std::uint32_t>;
  constexpr auto case_bits = static_cast<word>(0x2020202020202020);
  if (text.size() != size) return false;
  const auto differs = [&](std::size_t at) {
    word left, right;
    std::memcpy(&left, text.data() + at, sizeof left);
    std::memcpy(&right, lower + at, sizeof right);
    return (left | case_bits) ^ right;
  };
  word difference = differs(size - sizeof(word)); // the last ones; may overlap those before
  for (std::size_t at = 0; at + sizeof(word) < size; at += sizeof(word)) difference |= differs(at);
  return difference == 0;
}

} // namespace fasterapi::http
