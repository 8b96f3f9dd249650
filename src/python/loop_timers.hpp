#pragma once

#include "python/asyncio_handle.hpp"
#include "python/instance_dict.hpp"
#include "python/py_ref.hpp"

#include <Python.h>

#include <optional>

namespace fasterapi::python {

/// The timers of an asyncio event loop: the heap `_scheduled`, as a turn of the loop looks at it.
/// Verbs give null or false with a Python exception set.
class loop_timers {
public:
  bool attach(PyObject* loop, const instance_dict& attributes);
  /// The heap as it is now, without cancelled timers at its head: once a turn, before the others.
  bool begin_turn(const asyncio_handles& handles);
  /// Seconds to the first of them, or None.
  py_ref wait() const;
  /// Those that are due, to a method that takes a handle.
  bool move_due(PyObject* append);

  int traverse(visitproc visit, void* arg) const;

private:
  bool read_heap();
  bool move_first(PyObject* append);
  std::optional<double> now() const;
  std::optional<double> when(PyObject* timer) const;
  PyObject* first() const noexcept {
    return PyList_GET_SIZE(heap_.get()) > 0 ? PyList_GET_ITEM(heap_.get(), 0) : nullptr;
  }

  instance_dict attributes_;
  py_ref loop_, heap_, heappop_;
  py_ref name_scheduled_, name_when_, name_time_, name_resolution_, name_drop_cancelled_;
};

} // namespace fasterapi::python
