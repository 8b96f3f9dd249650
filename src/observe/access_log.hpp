#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace fasterapi::observe {

enum class access_format : std::uint8_t { off, text, json };

struct access_record {
  std::string_view client; // "127.0.0.1:50312" or "unix"
  std::string_view method;
  std::string_view target; // as received; quotes, control and non-ASCII bytes are escaped
  unsigned minor_version = 1;
  unsigned status = 0;
  std::uint64_t body_bytes = 0;
  std::chrono::nanoseconds
      duration{}; // from the first byte of the request to the last of the answer
  std::uint64_t request_id = 0;
};

/// One line per answer, through the asynchronous log, whatever the log's threshold: it has its own
/// switch. See docs/logging.md for the fields. Any thread.
void log_access(access_format format, const access_record& record);

/// "3f2a9c1b-00000000002a": a random number of this process and `id` in hexadecimal; unique in the
/// process, and most likely among processes.
std::string format_request_id(std::uint64_t id);
using request_id_text = std::array<char, 25>;
std::string_view format_request_id(std::uint64_t id, request_id_text& into) noexcept;

} // namespace fasterapi::observe
