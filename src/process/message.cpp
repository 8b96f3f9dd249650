#include "process/message.hpp"

#include <cerrno>
#include <cstring>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace fasterapi::process {

namespace {

constexpr std::size_t head_bytes = 5;

} // namespace

channel::channel(channel&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)), received_(std::move(other.received_)) {}

channel& channel::operator=(channel&& other) noexcept {
  if (this == &other) return *this;
  close();
  fd_ = std::exchange(other.fd_, -1);
  received_ = std::move(other.received_);
  return *this;
}

void channel::close() noexcept {
  if (fd_ >= 0) ::close(std::exchange(fd_, -1));
}

bool channel::send(message::kind what, std::string_view text) {
  const auto size = static_cast<std::uint32_t>(text.size());
  std::string bytes(head_bytes, static_cast<char>(what));
  std::memcpy(bytes.data() + 1, &size, sizeof size);
  bytes += text;
  for (std::string_view left = bytes; !left.empty();) {
    const auto sent = ::send(fd_, left.data(), left.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno != EINTR) return false;
    if (sent > 0) left.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

bool channel::receive() { return receive_some(MSG_DONTWAIT); }

bool channel::receive_some(int flags) {
  char bytes[16384];
  for (;;) {
    const auto count = ::recv(fd_, bytes, sizeof bytes, flags);
    if (count > 0) {
      received_.append(bytes, static_cast<std::size_t>(count));
      if (flags == 0) return true;
    } else if (count == 0 || (errno != EINTR && errno != EAGAIN)) {
      return false;
    } else if (errno == EAGAIN) {
      return true;
    }
  }
}

std::optional<message> channel::take() {
  std::uint32_t size = 0;
  if (received_.size() < head_bytes) return std::nullopt;
  std::memcpy(&size, received_.data() + 1, sizeof size);
  if (received_.size() - head_bytes < size) return std::nullopt;
  message made{static_cast<message::kind>(received_.front()), received_.substr(head_bytes, size)};
  received_.erase(0, head_bytes + size);
  return made;
}

std::optional<message> channel::wait() {
  for (;;) {
    if (auto next = take()) return next;
    if (!receive_some(0)) return std::nullopt;
  }
}

} // namespace fasterapi::process
