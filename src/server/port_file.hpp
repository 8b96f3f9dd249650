#pragma once

#include <cstdint>
#include <string>

namespace fasterapi::server {

/// Writes the port as text, in one step: who sees the file sees the whole number. Throws
/// std::runtime_error.
void write_port_file(const std::string& path, std::uint16_t port);

} // namespace fasterapi::server
