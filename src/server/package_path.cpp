#include "server/package_path.hpp"

#include <array>
#include <filesystem>
#include <stdexcept>

namespace fasterapi::server {

std::string package_path() {
  const auto binary = std::filesystem::read_symlink("/proc/self/exe");
  const std::array<std::filesystem::path, 2> places{
      binary.parent_path().parent_path() / "share" / "fasterapi" / "python",
      FASTERAPI_SOURCE_PACKAGES,
  };
  for (const auto& place : places) {
    if (std::filesystem::is_directory(place / "fasterapi")) return place.string();
  }
  throw std::runtime_error("the Python package fasterapi is neither in " + places[0].string() +
                           " nor in " + places[1].string() + ": reinstall the server");
}

} // namespace fasterapi::server
