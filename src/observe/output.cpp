#include "observe/output.hpp"

#include <algorithm>
#include <cerrno>
#include <climits>
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace fasterapi::observe {

namespace {

constexpr std::chrono::milliseconds look_again{200}; // whether we have to hurry
constexpr std::chrono::seconds last_patience{1};

// A part that a writable pipe takes without blocking and without another process's bytes in between
// (pipe(7), PIPE_BUF), ending with a line where one ends.
std::string_view first_part(std::string_view lines) noexcept {
  if (lines.size() <= PIPE_BUF) return lines;
  const auto part = lines.substr(0, PIPE_BUF);
  const auto line_end = part.rfind('\n');
  return line_end == std::string_view::npos ? part : part.substr(0, line_end + 1);
}

} // namespace

output::output() noexcept : fd_{STDERR_FILENO}, is_owner_{false} { look_at_kind(); }

output::output(const std::string& path)
    : fd_{::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0640)}, is_owner_{true} {
  if (fd_ < 0) throw std::system_error(errno, std::generic_category(), "log file " + path);
  look_at_kind();
}

output::~output() {
  if (is_owner_) ::close(fd_);
}

void output::look_at_kind() noexcept {
  struct stat about {};
  is_regular_ = ::fstat(fd_, &about) == 0 && S_ISREG(about.st_mode);
  is_terminal_ = ::isatty(fd_) == 1;
}

void output::write(std::string_view lines) noexcept {
  while (!lines.empty()) {
    if (!is_regular_ && !wait_writable()) return;
    const auto part = is_regular_ ? lines : first_part(lines);
    const auto written = ::write(fd_, part.data(), part.size());
    if (written >= 0) {
      lines.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno != EINTR && errno != EAGAIN) {
      return;
    }
  }
}

void output::hurry() noexcept {
  deadline_.store((clock::now() + last_patience).time_since_epoch().count());
}

bool output::wait_writable() noexcept {
  pollfd waited{fd_, POLLOUT, 0};
  for (;;) {
    const auto left = patience_left();
    if (::poll(&waited, 1, left) > 0) return true; // or broken: the write says how
    if (left == 0) return false;
  }
}

int output::patience_left() const noexcept {
  const clock::time_point deadline{clock::duration{deadline_.load()}};
  const auto now = clock::now();
  if (now >= deadline) return 0;
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(
      std::min<clock::duration>(deadline - now, look_again));
  return static_cast<int>(left.count());
}

} // namespace fasterapi::observe
