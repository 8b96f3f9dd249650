#include "python/selector.hpp"

#include "python/as_method.hpp"
#include "python/collected_type.hpp"
#include "python/instance_dict.hpp"
#include "python/job_loop.hpp"
#include "python/module_state.hpp"
#include "python/thread_state.hpp"

#include <sys/epoll.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cmath>
#include <optional>

namespace fasterapi::python {

namespace {

using clock = std::chrono::steady_clock;

// Between two looks at asyncio's work: enough to keep sync handlers cheap, few enough to keep
// timers and callbacks on time.
constexpr std::size_t jobs_per_turn = 16;
constexpr int max_events = 64;
constexpr double longest_wait_seconds = 24 * 3600;

struct selector {
  struct references {
    py_ref fd_to_key;         // of the Python half
    py_ref loop, ready;       // the event loop, its deque of callbacks
    instance_dict attributes; // the loop's
    py_ref name_scheduled, name_events;

    int traverse(visitproc visit, void* arg) const {
      return visit_each(visit, arg, fd_to_key, loop, ready, attributes.dict());
    }
  };

  PyObject_HEAD int epoll_fd;
  module_state* state;
  references kept;
};

using kind = collected_type<selector>;

selector& self_of(PyObject* object) noexcept { return kind::self_of(object); }

// What asyncio has to do, and whether a handler added to it.
class asyncio_work {
public:
  bool start(selector& of) {
    ready_ = of.kept.ready.get();
    if (ready_ == nullptr) return true; // not attached yet: plain waiting
    scheduled_ = of.kept.attributes.get(of.kept.name_scheduled);
    if (!scheduled_) return false;
    first_ = first();
    return true;
  }
  bool is_there() const noexcept {
    return ready_ != nullptr && (PyObject_Size(ready_) > 0 || first() != first_);
  }

private:
  // Timers leave the heap only in _run_once, so another first one means an earlier one.
  PyObject* first() const noexcept {
    PyObject* heap = scheduled_.get();
    return PyList_GET_SIZE(heap) > 0 ? PyList_GET_ITEM(heap, 0) : nullptr;
  }

  PyObject* ready_ = nullptr;
  py_ref scheduled_;
  PyObject* first_ = nullptr;
};

// None: no deadline.
bool read_timeout(PyObject* timeout, std::optional<clock::time_point>& deadline) {
  if (timeout == Py_None) return true;
  const double seconds = PyFloat_AsDouble(timeout);
  if (seconds == -1.0 && PyErr_Occurred() != nullptr) return false;
  if (!(seconds > 0)) {
    deadline = clock::time_point::min();
  } else if (seconds < longest_wait_seconds) {
    deadline = clock::now() +
               std::chrono::duration_cast<clock::duration>(std::chrono::duration<double>(seconds));
  }
  return true;
}

// Rounded up, as the selectors module does: a timer must not be early.
int milliseconds_until(const std::optional<clock::time_point>& deadline) {
  if (!deadline) return -1;
  if (*deadline == clock::time_point::min()) return 0;
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(*deadline - clock::now());
  return left.count() > 0 ? static_cast<int>(left.count()) : 0;
}

class ready_events {
public:
  // Nothing but a look.
  bool poll(selector& of) {
    count_ = ::epoll_wait(of.epoll_fd, events_.data(), max_events, 0);
    return check();
  }

  // False: OSError set.
  bool wait(selector& of, job_loop* jobs, int milliseconds) {
    if (milliseconds == 0 || (jobs != nullptr && !jobs->port().prepare_sleep())) return poll(of);
    {
      const detach_guard waiting;
      count_ = ::epoll_wait(of.epoll_fd, events_.data(), max_events, milliseconds);
      error_ = errno;
      if (jobs != nullptr) jobs->port().begin_return();
    }
    if (jobs != nullptr) {
      jobs->port().end_return();
      jobs->port().awake();
    }
    errno = error_;
    return check();
  }

  // [(key, events), ...]: the port's bell and clients that are waited for have no key.
  py_ref to_list(selector& of) const {
    py_ref list = py_ref::steal(PyList_New(0));
    for (int i = 0; list && i < count_; ++i) {
      if (!append(of, events_[static_cast<std::size_t>(i)], list.get())) return {};
    }
    return list;
  }

private:
  bool check() {
    if (count_ >= 0) return true;
    count_ = 0;
    if (errno == EINTR) return true;
    PyErr_SetFromErrno(PyExc_OSError);
    return false;
  }

  static bool append(selector& of, const epoll_event& event, PyObject* list) {
    const py_ref fd = py_ref::steal(PyLong_FromLong(event.data.fd));
    if (!fd) return false;
    PyObject* key = PyDict_GetItemWithError(of.kept.fd_to_key.get(), fd.get());
    if (key == nullptr && PyErr_Occurred() != nullptr) return false;
    if (key == nullptr) {
      if (of.state->loop != nullptr) of.state->loop->departures().look(event.data.fd);
      return true;
    }
    const py_ref wanted = py_ref::steal(PyObject_GetAttr(key, of.kept.name_events.get()));
    if (!wanted) return false;
    // As selectors.EpollSelector: errors and hang-ups wake readers and writers.
    long mask = 0;
    if ((event.events & ~static_cast<std::uint32_t>(EPOLLIN)) != 0) mask |= 2;  // EVENT_WRITE
    if ((event.events & ~static_cast<std::uint32_t>(EPOLLOUT)) != 0) mask |= 1; // EVENT_READ
    mask &= PyLong_AsLong(wanted.get());
    const py_ref pair = py_ref::steal(Py_BuildValue("(Ol)", key, mask));
    return pair && PyList_Append(list, pair.get()) == 0;
  }

  std::array<epoll_event, max_events> events_;
  int count_ = 0;
  int error_ = 0;
};

// When a wait of so many milliseconds ends; -1: never.
clock::time_point end_of_wait(int milliseconds) {
  if (milliseconds == 0) return clock::time_point::min();
  if (milliseconds < 0) return clock::time_point::max();
  return clock::now() + std::chrono::milliseconds{milliseconds};
}

// True: some of the interpreter's own descriptors may be ready.
bool run_reactor(dispatch::worker_port& port, int milliseconds) noexcept {
  const auto until = end_of_wait(milliseconds);
  bool is_guest_ready = false;
  {
    const detach_guard outside; // ends after the worker left the reactor: it may wait for the GIL
    is_guest_ready = port.run_reactor(until);
    port.begin_return();
  }
  port.end_return();
  return is_guest_ready;
}

// The lane is closed and everything answered: what the loop still runs is the app's shutdown.
bool stop(selector& of, job_loop& jobs) {
  jobs.close();
  ::epoll_ctl(of.epoll_fd, EPOLL_CTL_DEL, jobs.port().fd(), nullptr);
  const py_ref stopped = py_ref::steal(PyObject_CallMethod(of.kept.loop.get(), "stop", nullptr));
  return static_cast<bool>(stopped);
}

PyObject* select(PyObject* object, PyObject* const* arguments, Py_ssize_t count) {
  selector& self = self_of(object);
  std::optional<clock::time_point> deadline;
  if (count > 0 && !read_timeout(arguments[0], deadline)) return nullptr;
  job_loop* jobs = self.state->loop;
  if (jobs != nullptr && !jobs->is_open()) jobs = nullptr;
  asyncio_work work;
  if (!work.start(self)) return nullptr;
  ready_events events;
  for (;;) {
    bool has_more = false;
    bool is_over = false;
    if (jobs != nullptr) {
      has_more = jobs->run(jobs_per_turn) == jobs_per_turn;
      is_over = work.is_there();
      if (!has_more && jobs->must_stop()) {
        if (!stop(self, *jobs)) return nullptr;
        is_over = true;
      }
    }
    int milliseconds = is_over || has_more ? 0 : milliseconds_until(deadline);
    if (jobs != nullptr) milliseconds = jobs->shorten_wait(milliseconds);
    if (jobs != nullptr && jobs->port().leader().accept(self.epoll_fd)) {
      if (run_reactor(jobs->port(), milliseconds) && !events.poll(self)) return nullptr;
    } else {
      if (jobs != nullptr && milliseconds != 0) jobs->port().want_loan();
      if (!events.wait(self, jobs, milliseconds)) return nullptr;
      if (jobs != nullptr) jobs->port().want_no_loan();
    }
    py_ref list = events.to_list(self);
    if (!list || is_over || PyList_GET_SIZE(list.get()) > 0) return list.release();
    if (deadline && clock::now() >= *deadline) return list.release();
  }
}

// attach(loop): from now on the loop's own work ends a select() early.
PyObject* attach(PyObject* object, PyObject* loop) {
  selector& self = self_of(object);
  py_ref ready = py_ref::steal(PyObject_GetAttrString(loop, "_ready"));
  const py_ref scheduled = py_ref::steal(PyObject_GetAttrString(loop, "_scheduled"));
  if (!ready || !scheduled) return nullptr;
  if (!PyList_Check(scheduled.get()) || PyObject_Size(ready.get()) < 0) {
    PyErr_SetString(PyExc_TypeError, "this event loop is no asyncio.BaseEventLoop as of 3.12");
    return nullptr;
  }
  if (!self.kept.attributes.attach(loop)) return nullptr;
  self.kept.loop = py_ref::borrow(loop);
  self.kept.ready = std::move(ready);
  Py_RETURN_NONE;
}

// open(): the app is ready, jobs are taken from now on.
PyObject* open(PyObject* object, PyObject*) {
  selector& self = self_of(object);
  job_loop* jobs = self.state->loop;
  if (jobs == nullptr || !self.kept.loop) {
    PyErr_SetString(PyExc_RuntimeError, "no worker runs in this interpreter");
    return nullptr;
  }
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.fd = jobs->port().fd();
  if (::epoll_ctl(self.epoll_fd, EPOLL_CTL_ADD, jobs->port().fd(), &event) != 0) {
    return PyErr_SetFromErrno(PyExc_OSError);
  }
  if (!jobs->open(self.kept.loop.get(), self.epoll_fd)) return nullptr;
  Py_RETURN_NONE;
}

// is_open(): jobs are taken; from open() until the lane is closed and everything answered.
PyObject* is_open(PyObject* object, PyObject*) {
  const job_loop* const jobs = self_of(object).state->loop;
  return PyBool_FromLong(jobs != nullptr && jobs->is_open() ? 1 : 0);
}

int initialize(PyObject* object, PyObject* args, PyObject*) {
  selector& self = self_of(object);
  PyObject* fd_to_key = nullptr;
  if (!PyArg_ParseTuple(args, "iO!", &self.epoll_fd, &PyDict_Type, &fd_to_key)) return -1;
  self.state = static_cast<module_state*>(PyType_GetModuleState(Py_TYPE(object)));
  self.kept.fd_to_key = py_ref::borrow(fd_to_key);
  self.kept.name_scheduled = py_ref::steal(PyUnicode_InternFromString("_scheduled"));
  self.kept.name_events = py_ref::steal(PyUnicode_InternFromString("events"));
  return self.state != nullptr && self.kept.name_scheduled && self.kept.name_events ? 0 : -1;
}

PyMethodDef methods[] = {
    {"select", as_method(select), METH_FASTCALL,
     "Takes jobs until descriptors are ready, the timeout is over, or asyncio has work."},
    {"attach", attach, METH_O, "Names the event loop."},
    {"open", open, METH_NOARGS, "Starts to take jobs."},
    {"is_open", is_open, METH_NOARGS, "Whether jobs are taken."},
    {nullptr, nullptr, 0, nullptr},
};

} // namespace

py_ref make_selector_type(PyObject* module) {
  return kind::make(module, "_fasterapi.Selector", 0,
                    {{Py_tp_new, reinterpret_cast<void*>(kind::make_new)},
                     {Py_tp_init, reinterpret_cast<void*>(initialize)},
                     {Py_tp_methods, methods}});
}

} // namespace fasterapi::python
