#include "net/listener.hpp"

#include "net/reactor.hpp"
#include "observe/log.hpp"

#include <cerrno>
#include <cstring>
#include <exception>
#include <poll.h>
#include <string>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace fasterapi::net {

namespace {

constexpr int accepts_at_once = 64; // then others have their turn
constexpr int last_batches = 1024;  // what the longest backlog holds

/// Errors of the connection that was to be accepted, not of the listener (accept(2)).
bool concerns_only_the_peer(int error) {
  switch (error) {
  case ECONNABORTED:
  case EPROTO:
  case EPERM:
  case ENETDOWN:
  case ENETUNREACH:
  case EHOSTDOWN:
  case EHOSTUNREACH:
  case EINTR:
    return true;
  default:
    return false;
  }
}

} // namespace

listener::listener(reactor& home, int listening_fd)
    : home_(home), socket_(home.context(), listening_fd) {}

void listener::start() { wait(); }

void listener::wait() {
  socket_.async_wait(boost::asio::posix::descriptor_base::wait_read,
                     [this](const boost::system::error_code& error) {
                       if (!error) accept_some();
                     });
}

void listener::accept_some() {
  accept_batch();
  if (!is_paused_) wait();
}

/// True: there may be more.
bool listener::accept_batch() {
  auto& shared = home_.shared();
  for (int accepted = 0; accepted < accepts_at_once; ++accepted) {
    if (shared.connections.load(std::memory_order_relaxed) >= shared.settings.max_connections) {
      pause("as many connections as limits.max_connections allows");
      return false;
    }
    sockaddr_storage address{};
    socklen_t size = sizeof address;
    const int fd = ::accept4(socket_.native_handle(), reinterpret_cast<sockaddr*>(&address), &size,
                             SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd >= 0) {
      if (!open(fd, address)) return false;
    } else if (errno == EAGAIN) {
      return false;
    } else if (!concerns_only_the_peer(errno)) {
      // Without a descriptor to give it says so before it looks whether anybody waits.
      const char* const why = std::strerror(errno);
      pollfd waiting{socket_.native_handle(), POLLIN, 0};
      if (::poll(&waiting, 1, 0) > 0) pause(why);
      return false;
    }
  }
  return true;
}

/// False: there is no memory for it.
bool listener::open(int connected, const sockaddr_storage& address) {
  try {
    home_.open_session(connection{connected}, http::peer_address::from(address));
  } catch (const std::exception& failure) {
    pause(failure.what());
    return false;
  }
  if (std::exchange(has_told_pause_, false))
    observe::log(observe::level::info, "net", "accepting goes on");
  return true;
}

void listener::pause(const char* why) {
  is_paused_ = true;
  if (!std::exchange(has_told_pause_, true)) {
    observe::add(home_.count().accept_pauses);
    observe::log(observe::level::warning, "net", std::string{"accepting pauses: "} + why);
  }
}

void listener::on_tick() {
  auto& shared = home_.shared();
  if (!is_paused_ || !socket_.is_open()) return;
  if (shared.connections.load(std::memory_order_relaxed) >= shared.settings.max_connections) return;
  is_paused_ = false;
  wait();
}

void listener::close() {
  if (!socket_.is_open()) return;
  // Who is in the backlog has been connected, and would be reset.
  for (int batches = 0; !is_paused_ && batches < last_batches && accept_batch();) ++batches;
  is_paused_ = false;
  boost::system::error_code ignored;
  socket_.close(ignored);
}

} // namespace fasterapi::net
