#include "http/chunk_line.hpp"

#include "http/characters.hpp"

namespace fasterapi::http {

namespace {

constexpr std::size_t max_size_digits = 16; // what 64 bits hold

} // namespace

error chunk_line::take(char c, const body_limits& limits) {
  if (state_ == state::line_feed) {
    if (c != '\n') return {400, "bare CR"};
    state_ = state::complete;
    return {};
  }
  if (c == '\r' && may_end()) {
    state_ = state::line_feed;
    return {};
  }
  if (++line_bytes_ > limits.max_chunk_line_bytes) return {400, "chunk line too long"};
  if (state_ <= state::size && hex_value(c) >= 0) return take_size(c);
  if (state_ == state::size_start) return {400, "invalid chunk size"};
  if (++extension_bytes_ > limits.max_chunk_extension_bytes) {
    return {400, "chunk extensions too long"};
  }
  const state next = behind(c);
  if (next == state::size_start) return {400, "invalid chunk extension"};
  state_ = next;
  return {};
}

bool chunk_line::may_end() const noexcept {
  return state_ == state::size || state_ == state::name || state_ == state::value ||
         state_ == state::after_quoted;
}

error chunk_line::take_size(char c) {
  if (line_bytes_ > max_size_digits) return {400, "chunk size too long"};
  size_ = size_ * 16 + static_cast<std::uint64_t>(hex_value(c));
  state_ = state::size;
  return {};
}

/// The state that an extension's byte leads to; size_start where the grammar has no such byte.
chunk_line::state chunk_line::behind(char c) const noexcept {
  constexpr state none = state::size_start;
  switch (state_) {
  case state::size:
  case state::before_semicolon:
  case state::after_quoted:
    return c == ';' ? state::before_name : is_blank(c) ? state::before_semicolon : none;
  case state::before_name:
    return is_in(c, token_character) ? state::name : is_blank(c) ? state::before_name : none;
  case state::name:
    if (is_in(c, token_character)) return state::name;
    [[fallthrough]];
  case state::after_name:
    if (c == ';') return state::before_name;
    return c == '=' ? state::before_value : is_blank(c) ? state::after_name : none;
  case state::before_value:
    if (is_in(c, token_character)) return state::value;
    return c == '"' ? state::quoted : is_blank(c) ? state::before_value : none;
  case state::value:
    if (is_in(c, token_character)) return state::value;
    return c == ';' ? state::before_name : is_blank(c) ? state::before_semicolon : none;
  case state::quoted:
    if (is_in(c, quoted_character)) return state::quoted;
    return c == '"' ? state::after_quoted : c == '\\' ? state::quoted_pair : none;
  case state::quoted_pair:
    return is_in(c, text_character) ? state::quoted : none;
  default:
    return none;
  }
}

void chunk_line::next() noexcept {
  state_ = state::size_start;
  size_ = 0;
  line_bytes_ = 0;
}

} // namespace fasterapi::http
