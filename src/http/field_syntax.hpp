#pragma once

#include "http/characters.hpp"

#include <string_view>

namespace fasterapi::http {

/// A token (RFC 9110, section 5.1).
constexpr bool is_field_name(std::string_view text) noexcept {
  return !text.empty() && all_in(text, token_character);
}

/// No control character but the tab: what may stand in a field value (RFC 9110, section 5.5).
constexpr bool is_field_value(std::string_view text) noexcept {
  return all_in(text, text_character);
}

/// Without the white space around it.
constexpr std::string_view trim(std::string_view text) noexcept {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

/// Takes the text up to the next separator off the front, without white space around it.
constexpr std::string_view take_item(std::string_view& list, char separator) noexcept {
  const auto end = list.find(separator);
  const auto item = trim(list.substr(0, end));
  list = end == std::string_view::npos ? std::string_view{} : list.substr(end + 1);
  return item;
}

} // namespace fasterapi::http
