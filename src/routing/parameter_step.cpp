#include "routing/pattern.hpp"

#include <algorithm>

namespace fasterapi::routing {

namespace {

using kind = path_parameter::kind;

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

bool is_hex_digit(char c) noexcept {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

bool is_integer(std::string_view text) noexcept {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_digit);
}

// Digits, with a point between some, as Starlette's convertor has it: no sign, no exponent.
bool is_float(std::string_view text) noexcept {
  const auto point = text.find('.');
  if (point == std::string_view::npos) return is_integer(text);
  return is_integer(text.substr(0, point)) && is_integer(text.substr(point + 1));
}

// 8-4-4-4-12 hexadecimal digits, each hyphen optional, as Starlette's convertor has it.
bool is_uuid(std::string_view text) noexcept {
  for (const std::size_t digits : {8, 4, 4, 4, 12}) {
    if (text.size() < digits) return false;
    if (!std::all_of(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(digits),
                     is_hex_digit))
      return false;
    text.remove_prefix(digits);
    if (digits != 12 && !text.empty() && text[0] == '-') text.remove_prefix(1);
  }
  return text.empty();
}

} // namespace

bool accepts(kind what, std::string_view text) noexcept {
  switch (what) {
  case kind::integer:
    return is_integer(text);
  case kind::uuid:
    return is_uuid(text);
  case kind::floating:
    return is_float(text);
  case kind::segment:
    return !text.empty();
  case kind::rest:
    return true;
  }
  return false;
}

bool parameter_step::match(std::string_view segment, std::string_view* values) const noexcept {
  if (!segment.ends_with(suffix)) return false;
  segment.remove_suffix(suffix.size());
  if (!second) {
    values[0] = segment;
    return accepts(first, segment);
  }
  // From the right, so that the first parameter takes all it can.
  for (std::size_t at = segment.rfind(between); at != std::string_view::npos && at != 0;
       at = segment.rfind(between, at - 1)) {
    values[0] = segment.substr(0, at);
    values[1] = segment.substr(at + between.size());
    if (accepts(*second, values[1]) && accepts(first, values[0])) return true;
  }
  return false;
}

} // namespace fasterapi::routing
