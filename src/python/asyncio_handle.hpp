#pragma once

#include "python/py_ref.hpp"

#include <Python.h>

namespace fasterapi::python {

/// asyncio.Handle objects, made and read through the places of their __slots__.
class asyncio_handles {
public:
  /// False with a Python exception set: asyncio is another than that of 3.13.
  bool find(PyObject* handle_type, PyObject* timer_type);
  /// Of `loop`; null context: a copy of the current one.
  py_ref make(PyObject* loop, PyObject* const* call, Py_ssize_t count, PyObject* context) const;

  /// A Handle or TimerHandle, no subclass of the user's.
  bool is_one(PyObject* object) const noexcept {
    return Py_IS_TYPE(object, type(handle_)) || Py_IS_TYPE(object, type(timer_));
  }
  /// Of either kind, or of a subclass, which is asked. -1: with a Python exception set.
  int says_cancelled(PyObject* handle) const;
  /// Calls it in its context. Null: with its exception set.
  py_ref run(PyObject* handle) const;

  int traverse(visitproc visit, void* arg) const;

private:
  static PyTypeObject* type(const py_ref& of) noexcept {
    return reinterpret_cast<PyTypeObject*>(of.get());
  }
  static PyObject*& slot(PyObject* handle, Py_ssize_t offset) noexcept {
    return *reinterpret_cast<PyObject**>(reinterpret_cast<char*>(handle) + offset);
  }
  bool find_slot(const char* name, Py_ssize_t& into);

  py_ref handle_, timer_, name_cancelled_;
  Py_ssize_t callback_ = 0, args_ = 0, cancelled_ = 0, loop_ = 0, repr_ = 0, traceback_ = 0,
             context_ = 0;
};

} // namespace fasterapi::python
