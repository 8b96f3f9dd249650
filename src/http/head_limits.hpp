#pragma once

#include <cstddef>

namespace fasterapi::http {

/// Limits of a request head; the configuration sets them (see config/schema.json).
struct head_limits {
  std::size_t max_target_bytes = 8192; // 414
  std::size_t max_head_bytes = 32768;  // all of it, leading empty lines included: 431
  std::size_t max_fields = 100;        // 431
};

} // namespace fasterapi::http
