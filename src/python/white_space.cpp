#include "python/scalar.hpp"

#include <array>
#include <cstddef>

namespace fasterapi::python {

namespace {

// White_Space beyond ASCII, in UTF-8.
constexpr std::array<std::string_view, 19> wide_spaces{
    "\u0085", "\u00a0", "\u1680", "\u2000", "\u2001", "\u2002", "\u2003",
    "\u2004", "\u2005", "\u2006", "\u2007", "\u2008", "\u2009", "\u200a",
    "\u2028", "\u2029", "\u202f", "\u205f", "\u3000"};

bool is_space(char c) noexcept { return c == ' ' || (c >= '\t' && c <= '\r'); }
bool is_ascii(char c) noexcept { return static_cast<unsigned char>(c) < 0x80; }

std::size_t space_at_front(std::string_view text) noexcept {
  if (is_ascii(text.front())) return is_space(text.front()) ? 1 : 0;
  for (const auto space : wide_spaces)
    if (text.starts_with(space)) return space.size();
  return 0;
}

std::size_t space_at_back(std::string_view text) noexcept {
  if (is_ascii(text.back())) return is_space(text.back()) ? 1 : 0;
  for (const auto space : wide_spaces)
    if (text.ends_with(space)) return space.size();
  return 0;
}

} // namespace

std::string_view trim_unicode(std::string_view text) noexcept {
  while (!text.empty()) {
    const std::size_t size = space_at_front(text);
    if (size == 0) break;
    text.remove_prefix(size);
  }
  while (!text.empty()) {
    const std::size_t size = space_at_back(text);
    if (size == 0) break;
    text.remove_suffix(size);
  }
  return text;
}

} // namespace fasterapi::python
