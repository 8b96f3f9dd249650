#pragma once

#include <boost/system/error_code.hpp>

#include <sys/types.h>

#include <cstddef>
#include <string_view>

namespace fasterapi::net {

/// A connected, non-blocking socket, TCP or Unix: nothing but its system calls. It is none of
/// Asio's because sessions wait in their reactor's ready_set. Owns the descriptor.
class connection {
public:
  explicit connection(int connected) noexcept : fd_(connected) {}
  connection(connection&& from) noexcept : fd_(from.release()) {}
  connection& operator=(connection&&) = delete;
  ~connection() { close(); }

  int fd() const noexcept { return fd_; } // -1: closed
  int release() noexcept;                 // the caller closes it

  /// As recv(2), but never interrupted: -1 and errno, EAGAIN where there is nothing now.
  ssize_t receive(char* into, std::size_t at_most) noexcept;
  bool has_unread() const noexcept;

  // How much was sent; `error` where that is not all of it, would_block where the socket is full.

  std::size_t send(std::string_view bytes, int flags, boost::system::error_code& error) noexcept;
  /// Both, one behind the other, of which the second may not be empty.
  std::size_t send(std::string_view first, std::string_view second,
                   boost::system::error_code& error) noexcept;
  void end_sending() noexcept;
  void close() noexcept;

private:
  int fd_;
};

} // namespace fasterapi::net
