#pragma once

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

namespace fasterapi::test {

/// An empty folder, for as long as the object lives.
class temporary_folder {
public:
  temporary_folder() {
    std::string path = (std::filesystem::temp_directory_path() / "fasterapi-XXXXXX").string();
    if (::mkdtemp(path.data()) == nullptr) throw std::runtime_error{"cannot make " + path};
    path_ = path;
  }
  ~temporary_folder() { std::filesystem::remove_all(path_); }
  temporary_folder(const temporary_folder&) = delete;
  temporary_folder& operator=(const temporary_folder&) = delete;

  const std::filesystem::path& path() const { return path_; }
  /// Of what is in it, sorted.
  std::vector<std::string> names() const {
    std::vector<std::string> found;
    for (const auto& each : std::filesystem::directory_iterator{path_})
      found.push_back(each.path().filename().string());
    std::sort(found.begin(), found.end());
    return found;
  }

private:
  std::filesystem::path path_;
};

} // namespace fasterapi::test
