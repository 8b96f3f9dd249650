#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace fasterapi::config::test {

/// A file of the repository, by its path in there.
inline std::filesystem::path committed(const std::string& path) {
  return std::filesystem::path{FASTERAPI_SOURCE_DIR} / path;
}

inline std::string read_committed(const std::string& path) {
  std::ifstream file{committed(path)};
  return {std::istreambuf_iterator<char>{file}, {}};
}

/// With FASTERAPI_TEST_WRITE=1 generated files are written rather than compared.
inline bool writes_committed() { return std::getenv("FASTERAPI_TEST_WRITE") != nullptr; }

inline void write_committed(const std::string& path, const std::string& text) {
  std::ofstream{committed(path)} << text;
}

} // namespace fasterapi::config::test
