#include "process/file_watch.hpp"

#include "observe/log.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <sys/inotify.h>
#include <system_error>
#include <unistd.h>

namespace fasterapi::process {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_folders = 2000;
constexpr unsigned wanted = IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | IN_CREATE;

bool is_left_out(const fs::path& folder) {
  const std::string name = folder.filename().string();
  std::error_code ignored;
  return name.empty() || name.front() == '.' || name == "__pycache__" || name == "node_modules" ||
         name == "site-packages" || fs::exists(folder / "pyvenv.cfg", ignored);
}

bool is_source(const std::string& name) {
  return name.size() > 3 && name.front() != '.' && name.compare(name.size() - 3, 3, ".py") == 0;
}

} // namespace

file_watch::file_watch() : fd_(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC)) {
  if (fd_ < 0) throw std::system_error{errno, std::generic_category(), "inotify_init1"};
}

file_watch::~file_watch() { ::close(fd_); }

void file_watch::add_tree(const fs::path& root) {
  add_folder(root, true);
  add_below(root, nullptr);
}

void file_watch::add_file(const fs::path& file) {
  if (files_.insert(file.string()).second) add_folder(file.parent_path(), false);
}

void file_watch::add_folder(const fs::path& path, bool is_tree) {
  if (is_full_) return;
  const int watch = ::inotify_add_watch(fd_, path.c_str(), wanted | IN_ONLYDIR);
  if (watch < 0 && errno == ENOENT) return; // gone by now
  if (watch < 0 || folders_.size() == most_folders) {
    is_full_ = true;
    observe::log(observe::level::warning, "dev",
                 "not every folder is watched: " +
                     (watch < 0 ? path.string() + ": " + std::strerror(errno)
                                : "there are more than " + std::to_string(most_folders)));
    return;
  }
  folder& found = folders_[watch];
  found.path = path;
  found.is_tree |= is_tree;
}

/// The folders below; their Python files into `found`.
void file_watch::add_below(const fs::path& root, std::set<std::string>* found) {
  std::error_code error;
  for (fs::recursive_directory_iterator each{root, error}, end; !error && each != end;
       each.increment(error)) {
    if (each->is_directory(error) && !each->is_symlink(error)) {
      if (is_left_out(each->path()))
        each.disable_recursion_pending();
      else
        add_folder(each->path(), true);
    } else if (found && is_source(each->path().filename().string())) {
      found->insert(each->path().string());
    }
  }
}

std::set<std::string> file_watch::take_changes() {
  std::set<std::string> changes;
  alignas(inotify_event) std::array<char, 16384> buffer;
  for (;;) {
    const auto size = ::read(fd_, buffer.data(), buffer.size());
    if (size <= 0) return changes;
    for (const char* at = buffer.data(); at < buffer.data() + size;) {
      const auto* event = reinterpret_cast<const inotify_event*>(at);
      note(event->wd, event->mask, event->len == 0 ? "" : event->name, changes);
      at += sizeof *event + event->len;
    }
  }
}

void file_watch::note(int watch, unsigned mask, const std::string& name,
                      std::set<std::string>& changes) {
  if ((mask & IN_Q_OVERFLOW) != 0) {
    changes.insert("more files than can be told");
    return;
  }
  const auto found = folders_.find(watch);
  if (found == folders_.end()) return;
  if ((mask & IN_IGNORED) != 0) {
    folders_.erase(found);
    return;
  }
  const folder at = found->second; // adding may move it
  const fs::path path = at.path / name;
  if ((mask & IN_ISDIR) != 0) {
    if (!at.is_tree || (mask & (IN_CREATE | IN_MOVED_TO)) == 0 || is_left_out(path)) return;
    add_folder(path, true);
    add_below(path, &changes);
  } else if ((mask & IN_CREATE) == 0 || fs::is_symlink(path)) { // what is created is written next
    if (files_.count(path.string()) != 0 || (at.is_tree && is_source(name)))
      changes.insert(path.string());
  }
}

} // namespace fasterapi::process
