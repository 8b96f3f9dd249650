#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

#include <sys/epoll.h>

#include <array>
#include <cstddef>
#include <cstdint>

namespace fasterapi::net {

/// What the kernel said of a connection since the last time.
struct readiness {
  bool has_bytes = false;  // or its end
  bool has_room = false;   // for bytes to send, after there was none
  bool has_ended = false;  // the peer has closed its half, or all of it
  bool has_urgent = false; // a byte, at which a receive stops though there is more behind it
};

/// Which connections of a reactor are ready: an epoll of its own, beside Asio's, which waits for it
/// as for any descriptor. Each connection stands in it once, edge-triggered, for all its life: what
/// is said of it is said once, and holds until it was received or sent to would_block.
///
/// So a request costs one receive: a short one has emptied the socket, unless the peer has ended
/// its half, which is said too (EPOLLRDHUP; epoll(7), "Do I need to continuously read/write"), or
/// has sent urgent data (EPOLLPRI). Asio receives once in vain before it waits. The reactor's
/// thread only.
class ready_set {
public:
  explicit ready_set(boost::asio::io_context& context); // std::system_error: no descriptor
  ready_set(const ready_set&) = delete;
  ready_set& operator=(const ready_set&) = delete;

  /// `owner` is told until remove(). std::system_error: no memory, or over the kernel's limit.
  void add(int fd, void* owner);
  /// Before it is closed: a process that was forked from this one may keep it open.
  void remove(int fd) noexcept;

  /// For each that is ready, `tell(owner, readiness)`, which must not remove one. A look: it never
  /// waits.
  template <class Tell>
  void look(Tell tell) {
    const std::size_t count = poll();
    for (std::size_t i = 0; i < count; ++i)
      tell(events_[i].data.ptr, to_readiness(events_[i].events));
  }

  /// Asio's run is over as soon as one is ready.
  void arm();

private:
  static constexpr std::size_t most_at_once = 256;

  std::size_t poll() noexcept;
  static readiness to_readiness(std::uint32_t events) noexcept {
    const bool has_ended = (events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0;
    return {.has_bytes = has_ended || (events & EPOLLIN) != 0,
            .has_room = (events & (EPOLLOUT | EPOLLHUP | EPOLLERR)) != 0,
            .has_ended = has_ended,
            .has_urgent = (events & EPOLLPRI) != 0};
  }

  boost::asio::posix::basic_stream_descriptor<boost::asio::io_context::executor_type> epoll_;
  bool is_armed_ = false;
  std::array<epoll_event, most_at_once> events_;
};

} // namespace fasterapi::net
