#pragma once

#include <cstddef>
#include <cstdint>

namespace fasterapi::http {

/// Limits of a request body; the configuration sets them (see config/schema.json).
struct body_limits {
  std::uint64_t max_body_bytes = 16 * 1024 * 1024; // 413
  std::size_t max_chunk_line_bytes = 4096;         // size and extensions of one chunk: 400
  std::size_t max_chunk_extension_bytes = 16384;   // all extensions of a message together: 400
  std::size_t max_trailer_bytes = 8192;            // field lines with their CRLF: 431
};

} // namespace fasterapi::http
