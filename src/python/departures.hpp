#pragma once

#include "dispatch/job.hpp"
#include "python/py_ref.hpp"
#include "python/waiting_futures.hpp"

#include <unordered_map>

namespace fasterapi::python {

/// Handlers that wait for their clients to leave. The connection tells the worker without its
/// reactor: it stands in the epoll of the worker's selector, for its end alone, from when a handler
/// asks until that request is over. The reactor may close it meanwhile, and another connection get
/// its number: only once it has set the job's `cancelled`.
///
/// Every verb needs the interpreter attached, on the worker's thread.
class departures {
public:
  void open(int epoll_fd, PyObject* event_loop) noexcept;

  /// A future, done once the client of a job has left, or has ended its half, or the request is
  /// over. Null with a Python exception set.
  py_ref await(dispatch::job& of);
  /// The request is over, or its client gone.
  void end(const dispatch::job& of) noexcept;
  /// The selector's epoll shows something of a descriptor, which may be one of these.
  void look(int descriptor) noexcept {
    if (!watched_.empty()) look_at(descriptor);
  }

private:
  struct departure {
    const dispatch::job* of = nullptr;
    waiting_futures waiting;
  };

  bool watch(int descriptor) const noexcept;
  void look_at(int descriptor) noexcept;

  int epoll_fd_ = -1;
  py_ref event_loop_;
  std::unordered_map<int, departure> watched_; // by descriptors
};

} // namespace fasterapi::python
