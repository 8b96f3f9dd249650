#pragma once

#include <Python.h>

#include <utility>

namespace fasterapi::python {

/// An owned reference. The only place that counts references: no bare Py_DECREF elsewhere.
/// Every verb needs the object's own interpreter attached.
class py_ref {
public:
  py_ref() = default;
  /// Takes over a new reference; null (with a Python error set) stays null.
  static py_ref steal(PyObject* object) noexcept { return py_ref{object}; }
  /// Adds a reference to a borrowed one.
  static py_ref borrow(PyObject* object) noexcept { return py_ref{Py_XNewRef(object)}; }

  py_ref(py_ref&& other) noexcept : object_(std::exchange(other.object_, nullptr)) {}
  py_ref(const py_ref& other) noexcept : object_(Py_XNewRef(other.object_)) {}
  py_ref& operator=(py_ref other) noexcept {
    std::swap(object_, other.object_);
    return *this;
  }
  ~py_ref() { Py_XDECREF(object_); }

  PyObject* get() const noexcept { return object_; }
  PyObject* release() noexcept { return std::exchange(object_, nullptr); }
  void reset() noexcept { Py_CLEAR(object_); }
  explicit operator bool() const noexcept { return object_ != nullptr; }

private:
  explicit py_ref(PyObject* object) noexcept : object_(object) {}
  PyObject* object_ = nullptr;
};

} // namespace fasterapi::python
