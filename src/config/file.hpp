#pragma once

#include <cstddef>
#include <string>

namespace fasterapi::config {

inline constexpr std::size_t max_file_bytes = 1024 * 1024;

/// The bytes of a file or pipe, at most one beyond max_file_bytes. Throws std::system_error.
std::string read_file(const std::string& path);

} // namespace fasterapi::config
