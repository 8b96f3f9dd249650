#pragma once

#include "http/characters.hpp"

#include <bit>
#include <cstddef>
#include <string_view>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace fasterapi::http {

/// Control characters, the tab among them: what ends a field value or must not be in it.
struct control_bytes {
  static constexpr bool contains(char c) noexcept {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
  }
#ifdef __SSE2__
  static unsigned mask(__m128i bytes) noexcept {
    const auto low = _mm_cmpeq_epi8(_mm_min_epu8(bytes, _mm_set1_epi8(0x1f)), bytes);
    return static_cast<unsigned>(
        _mm_movemask_epi8(_mm_or_si128(low, _mm_cmpeq_epi8(bytes, _mm_set1_epi8(0x7f)))));
  }
#endif
};

/// All but letters and dashes: where the name of most fields ends.
struct no_letter_bytes {
  static constexpr bool contains(char c) noexcept {
    return c != '-' && (to_lower(c) < 'a' || to_lower(c) > 'z');
  }
#ifdef __SSE2__
  static unsigned mask(__m128i bytes) noexcept {
    const auto place = // in the alphabet, in either case
        _mm_sub_epi8(_mm_or_si128(bytes, _mm_set1_epi8(0x20)), _mm_set1_epi8('a'));
    const auto letter = _mm_cmpeq_epi8(_mm_min_epu8(place, _mm_set1_epi8(25)), place);
    const auto dash = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('-'));
    return static_cast<unsigned>(_mm_movemask_epi8(_mm_or_si128(letter, dash))) ^ 0xffff;
  }
#endif
};

/// What no request target has: all but target_character.
struct no_target_bytes {
  static constexpr bool contains(char c) noexcept { return !is_in(c, target_character); }
#ifdef __SSE2__
  static unsigned mask(__m128i bytes) noexcept {
    const auto low = _mm_cmplt_epi8(bytes, _mm_set1_epi8(0x21)); // signed: from 0x80 on as well
    const auto hash = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('#'));
    const auto del = _mm_cmpeq_epi8(bytes, _mm_set1_epi8(0x7f));
    return static_cast<unsigned>(_mm_movemask_epi8(_mm_or_si128(low, _mm_or_si128(hash, del))));
  }
#endif
};

/// Place of the first byte of that class, at `from` or behind it; bytes.size() if there is none.
/// Sixteen at a time where the processor has SSE2, as x86-64 always does. Reads no byte outside.
template <class Class>
std::size_t find_byte(std::string_view bytes, std::size_t from) noexcept {
#ifdef __SSE2__
  constexpr std::size_t block = sizeof(__m128i);
  const auto mask_at = [&](std::size_t at) {
    return Class::mask(_mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes.data() + at)));
  };
  for (; bytes.size() - from >= block; from += block) {
    if (const unsigned found = mask_at(from)) return from + std::countr_zero(found);
  }
  const std::size_t left = bytes.size() - from;
  if (left == 0) return from;
  if (bytes.size() >= block) { // the last block, without the bytes that were seen
    const unsigned found = mask_at(bytes.size() - block) >> (block - left);
    return found != 0 ? from + std::countr_zero(found) : bytes.size();
  }
#endif
  while (from < bytes.size() && !Class::contains(bytes[from])) ++from;
  return from;
}

} // namespace fasterapi::http
