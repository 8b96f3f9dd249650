#include "store/mailbox.hpp"

#include <cerrno>
#include <sys/eventfd.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace fasterapi::store {

mailbox::mailbox() : fd_{::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)} {
  if (fd_ < 0) throw std::system_error{errno, std::generic_category(), "eventfd"};
}

mailbox::~mailbox() { ::close(fd_); }

/// One write for any number of subscriptions, until they are taken.
void mailbox::add(std::uint64_t ready) {
  const std::lock_guard lock{mutex_};
  ready_.push_back(ready);
  if (ready_.size() != 1) return;
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = ::write(fd_, &one, sizeof one);
}

std::vector<std::uint64_t> mailbox::take_ready() {
  const std::lock_guard lock{mutex_};
  std::uint64_t count = 0;
  if (!ready_.empty()) [[maybe_unused]]
    const auto read = ::read(fd_, &count, sizeof count);
  return std::exchange(ready_, {});
}

} // namespace fasterapi::store
