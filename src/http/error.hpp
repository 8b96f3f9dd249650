#pragma once

#include <cstdint>
#include <string_view>

namespace fasterapi::http {

/// A request that cannot be served, as the parser or a limit says it. The reason is a string
/// literal for the log and the answer's `detail`: short, and without internals.
struct error {
  std::uint16_t status = 0; // 0: no error
  std::string_view reason;

  explicit operator bool() const noexcept { return status != 0; }
};

} // namespace fasterapi::http
