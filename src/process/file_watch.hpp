#pragma once

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace fasterapi::process {

/// Tells of changes of source files (inotify): Python files in a folder and those below it, and
/// files elsewhere that are named. Folders are watched rather than files, because editors save by
/// renaming a new file over the old one. Hidden folders, virtual environments and caches are left
/// out. One thread.
class file_watch {
public:
  file_watch(); // throws std::system_error
  ~file_watch();
  file_watch(const file_watch&) = delete;
  file_watch& operator=(const file_watch&) = delete;

  void add_tree(const std::filesystem::path& root);
  void add_file(const std::filesystem::path& file);

  int fd() const noexcept { return fd_; } // readable: something happened
  /// The files that changed since the last call. Does not block.
  std::set<std::string> take_changes();
  std::size_t folder_count() const noexcept { return folders_.size(); }

private:
  struct folder {
    std::filesystem::path path;
    bool is_tree = false;
  };

  void add_folder(const std::filesystem::path& path, bool is_tree);
  void add_below(const std::filesystem::path& root, std::set<std::string>* found);
  void note(int watch, unsigned mask, const std::string& name, std::set<std::string>& changes);

  int fd_ = -1;
  bool is_full_ = false; // as many folders as we watch
  std::map<int, folder> folders_;
  std::set<std::string> files_;
};

} // namespace fasterapi::process
