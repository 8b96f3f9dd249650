#include "python/departures.hpp"

#include <sys/epoll.h>

#include <new>
#include <utility>

namespace fasterapi::python {

void departures::open(int epoll_fd, PyObject* event_loop) noexcept {
  epoll_fd_ = epoll_fd;
  event_loop_ = py_ref::borrow(event_loop);
}

py_ref departures::await(dispatch::job& of) try {
  departure& found = watched_[of.client];
  const bool is_new = std::exchange(found.of, &of) != &of;
  if (is_new) found.waiting.wake(); // of a connection that had this number before
  if (is_new && !watch(of.client) && !of.cancelled.load()) {
    PyErr_SetFromErrno(PyExc_OSError);
    watched_.erase(of.client);
    return {};
  }
  py_ref future = found.waiting.add(event_loop_.get());
  if (future && of.has_client_left()) end(of); // a look behind watch(): later the epoll tells
  return future;
} catch (const std::bad_alloc&) {
  PyErr_NoMemory();
  return {};
}

bool departures::watch(int descriptor) const noexcept {
  epoll_event wanted{};
  wanted.events = EPOLLRDHUP | EPOLLET;
  wanted.data.fd = descriptor;
  return ::epoll_ctl(epoll_fd_, EPOLL_CTL_ADD, descriptor, &wanted) == 0;
}

void departures::end(const dispatch::job& of) noexcept {
  const auto found = watched_.find(of.client);
  if (found == watched_.end() || found->second.of != &of) return;
  // Otherwise the number may be another's already; what was closed stands in no epoll any more.
  if (!of.cancelled.load()) ::epoll_ctl(epoll_fd_, EPOLL_CTL_DEL, of.client, nullptr);
  waiting_futures waiting = std::move(found->second.waiting);
  watched_.erase(found);
  waiting.wake();
}

void departures::look_at(int descriptor) noexcept {
  const auto found = watched_.find(descriptor);
  if (found == watched_.end()) return;
  const dispatch::job& of = *found->second.of;
  if (of.has_client_left()) end(of);
}

} // namespace fasterapi::python
