#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

#include <sys/socket.h>

namespace fasterapi::net {

class reactor;

/// Accepts connections of one listening socket into its reactor, many at a time. It pauses while
/// the process has all the connections it may have, or no file descriptor left, and tries again at
/// each tick; what waits meanwhile waits in the socket's backlog. The reactor's thread only.
class listener {
public:
  listener(reactor& home, int listening_fd);

  void start();
  void on_tick();
  bool is_paused() const noexcept { return is_paused_; }
  /// Accepts what has arrived already, then stops listening.
  void close();

private:
  void wait();
  void accept_some();
  bool accept_batch();
  bool open(int connected, const sockaddr_storage& address);
  void pause(const char* why);

  reactor& home_;
  boost::asio::posix::basic_stream_descriptor<boost::asio::io_context::executor_type> socket_;
  bool is_paused_ = false;
  bool has_told_pause_ = false; // and nothing was accepted since
};

} // namespace fasterapi::net
