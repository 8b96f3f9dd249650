#pragma once

#include "dispatch/body_channel.hpp"
#include "python/collected_type.hpp"
#include "python/py_ref.hpp"
#include "python/waiting_futures.hpp"

#include <Python.h>

#include <memory>

namespace fasterapi::python {

class job_loop;

/// The worker's end of a body_channel, from when a handler asks for the body to the end of its
/// request. A Python object, which fasterapi._incoming takes the pieces from. The worker's thread
/// only.
struct body_link {
  struct references {
    waiting_futures waiting;                         // done at the next word
    std::shared_ptr<dispatch::body_channel> channel; // null: the request is over

    int traverse(visitproc visit, void* arg) const { return waiting.traverse(visit, arg); }
    void clear() noexcept { waiting.clear(); }
  };

  PyObject_HEAD job_loop* loop; // of the worker
  references kept;
  bool is_reading; // waits for a piece, or was told meanwhile that there is none

  PyObject* object() noexcept { return reinterpret_cast<PyObject*>(this); }
  /// Word has come: who waits looks again.
  void wake() noexcept { kept.waiting.wake(); }
  /// The request is over.
  void leave() noexcept;
};

/// The type _fasterapi.BodyLink, for one module.
py_ref make_body_link_type(PyObject* module);
/// A new one, for a job that has a body; null with a Python exception set.
py_ref make_body_link(PyObject* type, job_loop& loop, dispatch::job& of);

} // namespace fasterapi::python
