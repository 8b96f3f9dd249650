#pragma once

#include "observe/log.hpp"
#include "support/temporary_file.hpp"

#include <fcntl.h>
#include <fstream>
#include <stdexcept>
#include <string>
#include <unistd.h>
#include <vector>

namespace fasterapi::observe::test {

inline std::vector<std::string> lines_of(const std::string& path) {
  std::ifstream file{path};
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  return lines;
}

inline std::size_t count_with(const std::vector<std::string>& lines, std::string_view part) {
  std::size_t count = 0;
  for (const auto& each : lines) count += each.find(part) != std::string::npos ? 1U : 0U;
  return count;
}

/// The process's log, started on a file of its own; stopped at the end.
class captured_log {
public:
  explicit captured_log(log_settings settings = {}) {
    settings.file = file_.path();
    start_log(settings);
  }
  ~captured_log() { stop_log(); }

  std::vector<std::string> lines() const {
    flush_log();
    return lines_of(file_.path());
  }
  const std::string& path() const { return file_.path(); }

private:
  fasterapi::test::temporary_file file_{""};
};

/// A pipe that takes what fits and no more until somebody reads.
class small_pipe {
public:
  small_pipe() {
    if (::pipe2(ends_, O_CLOEXEC) != 0) throw std::runtime_error{"pipe"};
    ::fcntl(ends_[1], F_SETPIPE_SZ, 4096);
  }
  ~small_pipe() {
    ::close(ends_[0]);
    close_writer();
  }
  std::string path() const { return "/proc/self/fd/" + std::to_string(ends_[1]); }
  void close_writer() {
    if (ends_[1] >= 0) ::close(ends_[1]);
    ends_[1] = -1;
  }
  /// Everything until the last writer is gone.
  std::string read_all() {
    std::string all;
    char part[4096];
    for (ssize_t got = 0; (got = ::read(ends_[0], part, sizeof part)) > 0;) {
      all.append(part, static_cast<std::size_t>(got));
    }
    return all;
  }

private:
  int ends_[2] = {-1, -1};
};

} // namespace fasterapi::observe::test
