#include "dispatch/event_fd.hpp"

#include <cerrno>
#include <sys/eventfd.h>
#include <system_error>
#include <unistd.h>

namespace fasterapi::dispatch {

event_fd::event_fd() : fd_{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)} {
  if (fd_ < 0) throw std::system_error(errno, std::generic_category(), "eventfd");
}

event_fd::~event_fd() { ::close(fd_); }

void event_fd::notify() noexcept {
  const std::uint64_t one = 1;
  // The counter cannot overflow (2^64 - 2 unread notifications), so only a signal can be in the
  // way.
  while (::write(fd_, &one, sizeof one) < 0 && errno == EINTR) {
  }
}

std::uint64_t event_fd::drain() noexcept {
  std::uint64_t count = 0;
  while (::read(fd_, &count, sizeof count) < 0) {
    if (errno != EINTR) return 0;
  }
  return count;
}

} // namespace fasterapi::dispatch
