#include "python/json_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace fasterapi::python {

namespace {

constexpr std::size_t least_step = 1024; // asked of the buffer at once
constexpr std::size_t longest_escape = 6;
constexpr std::size_t longest_number = 32;

// 0: as it is; 'u': \u00XX; others: behind a backslash. As json.encoder.ESCAPE_DCT.
constexpr auto escapes = [] {
  std::array<char, 128> table{};
  for (std::size_t c = 0; c < 0x20; ++c) table[c] = 'u';
  table['"'] = '"';
  table['\\'] = '\\';
  table['\b'] = 'b';
  table['\f'] = 'f';
  table['\n'] = 'n';
  table['\r'] = 'r';
  table['\t'] = 't';
  return table;
}();

char* put_ascii(unsigned char c, char* at) noexcept {
  const char escape = escapes[c];
  if (escape == 0) {
    *at = static_cast<char>(c);
    return at + 1;
  }
  *at++ = '\\';
  *at++ = escape;
  if (escape != 'u') return at;
  constexpr char digits[] = "0123456789abcdef";
  *at++ = '0';
  *at++ = '0';
  *at++ = digits[c >> 4];
  *at++ = digits[c & 15];
  return at;
}

// UTF-8 (RFC 3629) of a code point that is neither ASCII nor a surrogate.
char* put_utf8(std::uint32_t c, char* at) noexcept {
  if (c < 0x800) {
    *at++ = static_cast<char>(0xC0 | c >> 6);
  } else {
    if (c < 0x10000) {
      *at++ = static_cast<char>(0xE0 | c >> 12);
    } else {
      *at++ = static_cast<char>(0xF0 | c >> 18);
      *at++ = static_cast<char>(0x80 | (c >> 12 & 0x3F));
    }
    *at++ = static_cast<char>(0x80 | (c >> 6 & 0x3F));
  }
  *at++ = static_cast<char>(0x80 | (c & 0x3F));
  return at;
}

char* put_byte(unsigned char c, char* at) noexcept {
  return c < 0x80 ? put_ascii(c, at) : put_utf8(c, at);
}

constexpr std::uint64_t each_byte(std::uint64_t value) { return value * 0x0101010101010101U; }

std::uint64_t load_8(const unsigned char* text) noexcept {
  std::uint64_t bytes = 0;
  std::memcpy(&bytes, text, 8);
  return bytes;
}

// Four to eight bytes; those in the middle may be there twice.
std::uint64_t load_4_to_8(const unsigned char* text, std::size_t size) noexcept {
  std::uint32_t first = 0;
  std::uint32_t last = 0;
  std::memcpy(&first, text, 4);
  std::memcpy(&last, text + size - 4, 4);
  return std::uint64_t{last} << 32 | first;
}

// Whether one of eight bytes needs an escape or is not ASCII ("Bit Twiddling Hacks", Sean Anderson:
// a byte of x below n <= 128, or zero, shows in its high bit).
bool is_special_8(std::uint64_t bytes) noexcept {
  const std::uint64_t quote = bytes ^ each_byte('"');
  const std::uint64_t backslash = bytes ^ each_byte('\\');
  return ((bytes | (bytes - each_byte(0x20)) | (quote - each_byte(1)) |
           (backslash - each_byte(1))) &
          each_byte(0x80)) != 0;
}

bool is_special_16(const unsigned char* text) noexcept {
#ifdef __SSE2__
  const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text));
  // Compared as signed, what is not ASCII is below the space too.
  const __m128i special = _mm_or_si128(_mm_cmplt_epi8(bytes, _mm_set1_epi8(0x20)),
                                       _mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('"')),
                                                    _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\'))));
  return _mm_movemask_epi8(special) != 0;
#else
  return is_special_8(load_8(text)) || is_special_8(load_8(text + 8));
#endif
}

} // namespace

void json_text::grow(std::size_t size) {
  flush();
  const std::size_t step = std::max(size, least_step);
  begin_ = at_ = into_.body_tail(step);
  end_ = begin_ + step;
}

void json_text::put(long long value) {
  reserve(longest_number);
  at_ = std::to_chars(at_, end_, value).ptr;
}

void json_text::put(double value) {
  reserve(longest_number);
  at_ = write_float(value, at_);
}

namespace {

// Less than 16 bytes.
char* put_short(const unsigned char* text, std::size_t size, char* at) noexcept {
  if (size >= 8 && !is_special_8(load_8(text)) && !is_special_8(load_8(text + size - 8))) {
    std::memcpy(at, text, 8);
    std::memcpy(at + size - 8, text + size - 8, 8);
    return at + size;
  }
  if (size >= 4 && size < 8 && !is_special_8(load_4_to_8(text, size))) {
    std::memcpy(at, text, 4);
    std::memcpy(at + size - 4, text + size - 4, 4);
    return at + size;
  }
  for (; size != 0; --size) at = put_byte(*text++, at);
  return at;
}

} // namespace

// The cursor is a local in the loops: as a member it would be stored anew behind each byte.
void json_text::put_latin(const unsigned char* text, std::size_t size) {
  // Room for a block of escapes beyond one byte for each that is left, and for the quotes: so
  // blocks copy unchecked.
  constexpr std::size_t block = 16;
  constexpr std::size_t slack = block * longest_escape + 2;
  char* at = reserve(size + slack);
  *at++ = '"';
  for (; size >= block; text += block, size -= block) {
    if (!is_special_16(text)) {
      std::memcpy(at, text, block);
      at += block;
      continue;
    }
    for (std::size_t i = 0; i < block; ++i) at = put_byte(text[i], at);
    at_ = at;
    at = reserve(size - block + slack);
  }
  at = put_short(text, size, at);
  *at++ = '"';
  at_ = at;
}

template <class Unit>
bool json_text::put_wide(const Unit* text, std::size_t size) {
  constexpr std::size_t block = 64;
  put('"');
  while (size != 0) {
    const std::size_t count = std::min(size, block);
    char* at = reserve(block * longest_escape);
    for (std::size_t i = 0; i < count; ++i) {
      const std::uint32_t c = text[i];
      if (c < 0x80)
        at = put_ascii(static_cast<unsigned char>(c), at);
      else if (c >= 0xD800 && c <= 0xDFFF)
        return false;
      else
        at = put_utf8(c, at);
    }
    at_ = at;
    text += count;
    size -= count;
  }
  put('"');
  return true;
}

bool json_text::put_string(PyObject* text) {
  const auto size = static_cast<std::size_t>(PyUnicode_GET_LENGTH(text));
  switch (PyUnicode_KIND(text)) {
  case PyUnicode_1BYTE_KIND:
    put_latin(PyUnicode_1BYTE_DATA(text), size);
    return true;
  case PyUnicode_2BYTE_KIND:
    return put_wide(PyUnicode_2BYTE_DATA(text), size);
  default:
    return put_wide(PyUnicode_4BYTE_DATA(text), size);
  }
}

char* write_float(double value, char* into) noexcept {
  const double magnitude = std::fabs(value);
  // Where float.__repr__ turns to an exponent. Both give the shortest digits that read back.
  const bool is_fixed = magnitude == 0 || (magnitude >= 1e-4 && magnitude < 1e16);
  const auto format = is_fixed ? std::chars_format::fixed : std::chars_format::scientific;
  char* end = std::to_chars(into, into + 32, value, format).ptr;
  if (!is_fixed || std::memchr(into, '.', static_cast<std::size_t>(end - into)) != nullptr)
    return end;
  *end++ = '.';
  *end++ = '0';
  return end;
}

} // namespace fasterapi::python
