#include "net/connection.hpp"

#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <utility>

namespace fasterapi::net {

namespace {

template <class Call>
ssize_t uninterrupted(Call call) noexcept {
  ssize_t result = call();
  while (result < 0 && errno == EINTR) result = call();
  return result;
}

boost::system::error_code last_error() noexcept {
  return {errno, boost::system::system_category()};
}

} // namespace

int connection::release() noexcept { return std::exchange(fd_, -1); }

ssize_t connection::receive(char* into, std::size_t at_most) noexcept {
  return uninterrupted([&] { return ::recv(fd_, into, at_most, 0); });
}

bool connection::has_unread() const noexcept {
  char next = 0;
  return ::recv(fd_, &next, 1, MSG_PEEK | MSG_DONTWAIT) > 0;
}

std::size_t connection::send(std::string_view bytes, int flags,
                             boost::system::error_code& error) noexcept {
  std::size_t sent = 0;
  while (sent < bytes.size()) {
    const ssize_t now = uninterrupted([&] {
      return ::send(fd_, bytes.data() + sent, bytes.size() - sent, flags | MSG_NOSIGNAL);
    });
    if (now < 0) {
      error = last_error();
      break;
    }
    sent += static_cast<std::size_t>(now);
  }
  return sent;
}

std::size_t connection::send(std::string_view first, std::string_view second,
                             boost::system::error_code& error) noexcept {
  std::size_t sent = 0;
  while (sent < first.size()) {
    std::array pieces{iovec{const_cast<char*>(first.data()) + sent, first.size() - sent},
                      iovec{const_cast<char*>(second.data()), second.size()}};
    msghdr message{};
    message.msg_iov = pieces.data();
    message.msg_iovlen = pieces.size();
    const ssize_t now = uninterrupted([&] { return ::sendmsg(fd_, &message, MSG_NOSIGNAL); });
    if (now < 0) {
      error = last_error();
      return sent;
    }
    sent += static_cast<std::size_t>(now);
  }
  return sent + send(second.substr(sent - first.size()), 0, error);
}

void connection::end_sending() noexcept { ::shutdown(fd_, SHUT_WR); }

void connection::close() noexcept {
  if (fd_ >= 0) ::close(std::exchange(fd_, -1));
}

} // namespace fasterapi::net
