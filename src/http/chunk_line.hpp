#pragma once

#include "http/body_limits.hpp"
#include "http/error.hpp"

#include <cstddef>
#include <cstdint>

namespace fasterapi::http {

/// The line before each chunk, byte by byte (RFC 9112, sections 7.1 and 7.1.1):
///   chunk-size [ chunk-ext ] CRLF
///   chunk-ext = *( BWS ";" BWS name [ BWS "=" BWS ( token / quoted-string ) ] )
/// Extensions are checked and dropped. White space may stand where BWS says so and nowhere else:
/// "5 ;a" is a size with an extension, "5 " is not a size.
class chunk_line {
public:
  error take(char c, const body_limits& limits);
  bool is_complete() const noexcept { return state_ == state::complete; }
  std::uint64_t size() const noexcept { return size_; }
  /// For the next line of the same message: its extensions add up.
  void next() noexcept;

private:
  enum class state : std::uint8_t {
    size_start,
    size,
    before_semicolon,
    before_name,
    name,
    after_name,
    before_value,
    value,
    quoted,
    quoted_pair,
    after_quoted,
    line_feed,
    complete,
  };

  bool may_end() const noexcept;
  error take_size(char c);
  state behind(char c) const noexcept;

  state state_ = state::size_start;
  std::uint64_t size_ = 0;
  std::size_t line_bytes_ = 0;      // without CRLF
  std::size_t extension_bytes_ = 0; // of the whole message
};

} // namespace fasterapi::http
