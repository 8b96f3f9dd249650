#pragma once

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>

namespace fasterapi::test {

/// A file with the given text, for as long as the object lives.
class temporary_file {
public:
  explicit temporary_file(std::string_view text)
      : path_((std::filesystem::temp_directory_path() / "fasterapi-XXXXXX").string()) {
    const int fd = ::mkstemp(path_.data());
    if (fd < 0) throw std::runtime_error{"cannot make " + path_};
    ::close(fd);
    std::ofstream{path_} << text;
  }
  ~temporary_file() { std::filesystem::remove(path_); }
  temporary_file(const temporary_file&) = delete;
  temporary_file& operator=(const temporary_file&) = delete;

  const std::string& path() const { return path_; }

private:
  std::string path_;
};

} // namespace fasterapi::test
