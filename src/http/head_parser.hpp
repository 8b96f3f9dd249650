#pragma once

#include "http/error.hpp"
#include "http/head_limits.hpp"
#include "http/request.hpp"
#include "http/request_line.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace fasterapi::http {

/// Parses request line and header fields (RFC 9112, sections 2 to 6; RFC 9110, section 5).
///
/// It yields views into the bytes that it was given. `parse` is called with all bytes received so
/// far of the request (starting at the first); it may be called again with more of the same bytes
/// behind and then resumes its scan. The bytes must stay put while `into` is in use; between two
/// calls that ask for more they may move. Bytes behind the head are not looked at.
///
/// `into` is filled with done and failed only; with failed it holds what was understood (its views
/// are good). After either, reset() comes before the next request. Refused, with the status to
/// answer before the connection ends: see docs/http.md. Not thread-safe.
class head_parser {
public:
  enum class outcome : std::uint8_t { need_more, done, failed };
  struct result {
    outcome state = outcome::need_more;
    std::size_t consumed = 0; // with done: bytes of the head, leading empty lines included
    http::error error;        // with failed
  };

  explicit head_parser(const head_limits& limits) noexcept : limits_(&limits) {}

  result parse(std::string_view bytes, request& into);
  /// Forgets a half-scanned head; the next parse starts anew.
  void reset() noexcept { *this = head_parser(*limits_); }
  /// The first byte of a request line has come: empty lines before it do not count.
  bool has_started() const noexcept { return line_.has_started(); }
  /// Of a head that is incomplete or was refused; unknown where its method has not ended.
  method verb(std::string_view bytes) const noexcept;

private:
  error scan_fields(std::string_view bytes);
  error read(std::string_view bytes, request& into);

  const head_limits* limits_;
  request_line line_;
  std::size_t scanned_ = 0;     // bytes known not to end the head, or its end if complete
  std::size_t field_begin_ = 0; // of the field line that scanned_ is in
  std::size_t field_count_ = 0;
  bool is_complete_ = false;
};

} // namespace fasterapi::http
