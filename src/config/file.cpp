#include "config/file.hpp"

#include <cerrno>
#include <cstdio>
#include <memory>
#include <system_error>

namespace fasterapi::config {

std::string read_file(const std::string& path) {
  struct closer {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  const std::unique_ptr<std::FILE, closer> file{std::fopen(path.c_str(), "rbe")};
  if (!file) throw std::system_error{errno, std::generic_category(), path};

  std::string text;
  char part[16384];
  while (text.size() <= max_file_bytes) {
    const std::size_t count = std::fread(part, 1, sizeof part, file.get());
    if (count == 0) break;
    text.append(part, count);
  }
  if (std::ferror(file.get())) throw std::system_error{errno, std::generic_category(), path};
  return text;
}

} // namespace fasterapi::config
