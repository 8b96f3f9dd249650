#pragma once

#include <cstddef>
#include <cstdint>
#include <sys/types.h>
#include <utility>

namespace fasterapi::http {

/// Bytes of an open regular file, from the next one to send to the last; it owns the descriptor.
class file_part {
public:
  file_part() noexcept = default; // none
  file_part(int fd, std::uint64_t begin, std::uint64_t end) noexcept
      : fd_{fd}, next_{begin}, end_{end} {}
  file_part(file_part&& from) noexcept
      : fd_{std::exchange(from.fd_, -1)}, next_{std::exchange(from.next_, 0)}, end_{std::exchange(
                                                                                   from.end_, 0)} {}
  file_part& operator=(file_part&& from) noexcept {
    std::swap(fd_, from.fd_);
    std::swap(next_, from.next_);
    std::swap(end_, from.end_);
    return *this;
  }
  ~file_part() { close(); }

  std::uint64_t size() const noexcept { return end_ - next_; }
  bool empty() const noexcept { return next_ == end_; }

  /// Sends up to `at_most` of them by sendfile(2), with what that returns: -1 with errno set, or 0
  /// where the file has ended before its time. SIGPIPE must be ignored: no flag keeps it away.
  ssize_t send_to(int socket, std::size_t at_most) noexcept;
  /// It is empty then.
  void close() noexcept {
    if (fd_ >= 0) close_file();
  }

private:
  void close_file() noexcept;

  int fd_ = -1;
  std::uint64_t next_ = 0;
  std::uint64_t end_ = 0;
};

} // namespace fasterapi::http
