#include "config/load.hpp"

#include <cstddef>
#include <cstdint>

namespace config = fasterapi::config;

/// A configuration file of any bytes is loaded and printable, or refused with a config_error.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  config::loaded into;
  const auto get = [](const std::string& name) -> std::optional<std::string> {
    return name.size() % 2 ? std::optional{name} : std::nullopt;
  };
  try {
    config::apply_json({reinterpret_cast<const char*>(data), size}, "fuzz.json", into, get);
  } catch (const config::config_error&) {
    return 0;
  }
  if (config::print(into).empty()) __builtin_trap();
  return 0;
}
