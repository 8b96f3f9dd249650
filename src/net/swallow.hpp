#pragma once

#include <boost/asio/error.hpp>

#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstddef>

namespace fasterapi::net {

/// Receives and drops what a client still sends: until `error` says that there is no more now
/// (would_block) or ever, or until it is more than `at_most`. How much it was.
inline std::size_t swallow(int socket, std::size_t at_most, boost::system::error_code& error) {
  std::array<char, 64 * 1024> scratch;
  std::size_t swallowed = 0;
  while (!error && swallowed <= at_most) {
    const ssize_t now = ::recv(socket, scratch.data(), scratch.size(), MSG_DONTWAIT);
    if (now > 0)
      swallowed += static_cast<std::size_t>(now);
    else if (now == 0)
      error = boost::asio::error::eof;
    else if (errno != EINTR)
      error = {errno, boost::system::system_category()};
  }
  return swallowed;
}

} // namespace fasterapi::net
