#pragma once

#include "dispatch/job.hpp"
#include "python/collected_type.hpp"
#include "python/handler.hpp"
#include "python/py_ref.hpp"

#include <Python.h>

#include <cstddef>

namespace fasterapi::python {

class job_loop;

/// A job whose handler has not ended: it waits for a task, or it streams. A Python object, since it
/// is the task's done callback (no closure per request), and for a stream what
/// fasterapi._worker.drive_stream writes to. Kept and used again by its job_loop.
struct suspended_job {
  struct references {
    py_ref task;
    py_ref returned; // asyncio.Future that waits for the connection to take a part
    call_objects made;

    int traverse(visitproc visit, void* arg) const {
      return visit_each(visit, arg, task, returned, made.request, made.response);
    }
  };

  PyObject_HEAD job_loop* loop; // null once the loop is gone
  dispatch::job* of;            // null once it was handed back for good
  std::size_t place;            // in the loop's list
  references kept;
  bool is_stream;
  bool is_away;          // a part is with the reactor: hands off the job
  bool is_flush_planned; // by loop.call_soon
  bool is_cancelled;     // its task was told
  bool is_over;          // its task ended while the job was away
  bool is_broken;        // ... by an exception

  PyObject* object() noexcept { return reinterpret_cast<PyObject*>(this); }
  bool plan_flush();     // false: with a Python exception set
  void reset() noexcept; // for the next job
};

/// The type _fasterapi.SuspendedJob, for one module.
py_ref make_suspended_type(PyObject* module);
/// A new one; null with a Python exception set.
py_ref make_suspended_job(PyObject* type, job_loop& loop);

} // namespace fasterapi::python
