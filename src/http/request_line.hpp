#pragma once

#include "http/error.hpp"
#include "http/head_limits.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace fasterapi::http {

/// Finds the parts of `method SP request-target SP HTTP-version CRLF` (RFC 9112, section 3), byte
/// by byte and resumable, so that what cannot become a request (a TLS handshake, HTTP/2's preface,
/// an endless target) is refused at the first byte that shows it. A few empty lines may come before
/// it (section 2.2).
class request_line {
public:
  /// Goes on where it stopped; `bytes` are all bytes so far, from the same first one.
  error scan(std::string_view bytes, const head_limits& limits);
  bool is_complete() const noexcept { return stage_ == stage::complete; }
  bool has_started() const noexcept { return stage_ > stage::empty_line; }
  bool has_method() const noexcept { return stage_ > stage::method; }

  /// Once it has one, of the bytes scanned.
  std::string_view method(std::string_view bytes) const noexcept;
  // Likewise, once complete:
  std::string_view target(std::string_view bytes) const noexcept;
  std::size_t end() const noexcept { return at_; }
  /// 1.0, 1.1, or a later 1.x, which is served as 1.1 (RFC 9110, section 2.5).
  unsigned minor_version() const noexcept { return minor_; }

private:
  enum class stage : std::uint8_t { start, empty_line, method, target, version, complete };

  error scan_start(std::string_view bytes);
  error scan_method(std::string_view bytes);
  error scan_target(std::string_view bytes, const head_limits& limits);
  error scan_version(std::string_view bytes);

  std::size_t at_ = 0; // the next byte to look at
  std::size_t method_begin_ = 0;
  std::size_t target_begin_ = 0;
  std::size_t version_begin_ = 0;
  stage stage_ = stage::start;
  std::uint8_t minor_ = 1;
};

} // namespace fasterapi::http
