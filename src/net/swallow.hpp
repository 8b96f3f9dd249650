#pragma once

#include "net/socket.hpp"

#include <boost/asio/buffer.hpp>

#include <array>
#include <cstddef>

namespace fasterapi::net {

/// Receives and drops what a client still sends: until `error` says that there is no more now
/// (would_block) or ever, or until it is more than `at_most`. How much it was.
inline std::size_t swallow(stream_socket& from, std::size_t at_most,
                           boost::system::error_code& error) {
  std::array<char, 64 * 1024> scratch;
  std::size_t swallowed = 0;
  while (!error && swallowed <= at_most)
    swallowed += from.read_some(boost::asio::buffer(scratch), error);
  return swallowed;
}

} // namespace fasterapi::net
